"""Why a caller is turned away, or a token is not made."""


class AccessError(Exception):
    """A token is not accepted or cannot be made. Neither code nor text ever holds a secret."""

    code: str = "access"
    slug: str = "unauthenticated"

    def __init__(self, detail: str = "") -> None:
        super().__init__(f"{self.code}: {detail}" if detail else self.code)
        self.detail = detail


class TokenMissingError(AccessError):
    """There is no bearer token where one is needed."""

    code = "token.missing"


class TokenRefusedError(AccessError):
    """Nobody holds this token: it is unknown, revoked or past its expiry. Which of them is not said to a stranger."""

    code = "token.refused"


class TokenRoleError(AccessError):
    """The role of the token does not let it do this."""

    code = "token.role"
    slug = "not-permitted"


class TokenBoundError(AccessError):
    """The token is bound to one relationship, and this is about another, or about all."""

    code = "token.bound"
    slug = "not-permitted"


class TokenUnknownError(AccessError):
    """There is no token with this id."""

    code = "token.unknown"
    slug = "not-found"


class TokenRequestError(AccessError):
    """A token cannot be made from what was asked for; the detail names the field."""

    code = "token.request"
    slug = "validation"

    def __init__(self, field: str, detail: str) -> None:
        super().__init__(detail)
        self.field = field
