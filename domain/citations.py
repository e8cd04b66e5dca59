"""Where a rule comes from: document, clause and short wording, so that a refusal can name its source."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Citation:
    """A place in a document of law: `document` such as `NMPA 134/2025`, `clause` such as `(V)`, its short wording."""

    document: str
    clause: str
    wording: str

    def __str__(self) -> str:
        return f"{self.document} {self.clause}"
