"""Why an import cannot begin, or why one row has no part in it."""


class ImportingError(Exception):
    """File or mapping are not usable; nothing was imported. `code` is stable, the text says what would be right."""

    code = "import.unusable"

    def __init__(self, detail: str) -> None:
        super().__init__(f"{self.code}: {detail}")
        self.detail = detail


class MappingError(ImportingError):
    """The mapping file is not right; the text names the place in it."""

    code = "import.mapping"


class HeaderError(ImportingError):
    """The file does not have the columns that the mapping names."""

    code = "import.header"


class RowError(Exception):
    """One row does not fit; the text is the reason."""
