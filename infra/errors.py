"""What the world outside did to us: try again, or call somebody."""


class InfraError(Exception):
    """Something outside failed; nothing was decided. `code` is stable, the text says what happened."""

    code: str = "infra"

    def __init__(self, detail: str = "") -> None:
        super().__init__(f"{self.code}: {detail}" if detail else self.code)
        self.detail = detail
