"""What is wrong with a bundle: in which file, at which position, by which stable code."""

from dataclasses import dataclass

from events.errors import EvidenceError


@dataclass(frozen=True, slots=True)
class Fault:
    """The first thing in a part of a bundle that does not hold.

    `file` is its name within the bundle, empty for the archive itself; `position` is that of the entry in its journal,
    in files of other lines the number of the line, from 0; None where the fault is of no one line. A root covers a
    whole page: then `until` is the page's last position.
    """

    code: str
    file: str
    detail: str
    position: int | None = None
    until: int | None = None


class BundleError(EvidenceError):
    """A bundle does not hold: `archive.*`, `bag.*`, `bundle.*`, `journal.*`, `receipt.*`, `scope.*` and others."""

    def __init__(
        self, code: str, file: str, detail: str, *, position: int | None = None, until: int | None = None
    ) -> None:
        super().__init__(code, f"{file}: {detail}" if file else detail)
        self.fault = Fault(code, file, detail, position, until)
