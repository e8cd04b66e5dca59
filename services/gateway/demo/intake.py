"""A file's rows into the manufacturer's journal, and the wait until the holder shows every one of them."""

import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from services.gateway.cli.output import Output
from services.gateway.cli.remote.importing import Tally, mapping_path, record
from services.gateway.demo.agreeing import items_at, wait_until_agreed
from services.gateway.demo.pair import Pair
from services.gateway.importing.mapping import Mapping, load_mapping
from services.gateway.importing.rows import ImportFile


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a file. `seconds` are without set-up; `mah_items` counts the file's items alone."""

    rows: int
    imported: int
    unchanged: int
    rejected: int
    cmo_entries: int
    mah_held: int
    mah_items: int
    checkpoints_equal: bool
    seconds: float

    @property
    def is_complete(self) -> bool:
        """Tell whether the holder holds and shows all that the manufacturer recorded."""
        recorded = self.imported + self.unchanged
        return self.checkpoints_equal and self.mah_held == self.cmo_entries and self.mah_items == recorded

    def told(self) -> dict[str, Any]:
        """Return it as JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Intake:
    """A file that can be read, with the mapping that says what its columns mean."""

    file: ImportFile
    mapping: Mapping

    def run(self, pair: Pair, output: Output) -> Result:
        """Record the rows, wait until both gateways agree, and count.

        Raises:
            UnreachableError: a gateway did not come back, or they do not come to agree.
        """
        began = time.monotonic()
        source = self.mapping.source
        with output.progress("rows") as advance:
            tally: Tally = record(
                pair.cmo.manager,
                self.file,
                source,
                advance=advance,
                again=pair.again,
                after_portion=pair.attend,
            )
        agreed = wait_until_agreed(pair)
        shown = items_at(pair.mah.manager, source, tally.items)
        return Result(
            rows=tally.rows,
            imported=tally.imported,
            unchanged=tally.unchanged,
            rejected=tally.rejected,
            cmo_entries=agreed.cmo_entries,
            mah_held=agreed.mah_held,
            mah_items=shown,
            checkpoints_equal=agreed.checkpoints_equal,
            seconds=round(time.monotonic() - began, 2),
        )


def begin_intake(file: Path, mapping: Path) -> Intake:
    """Open a file before anything is started, so that a wrong one is said at once.

    Raises:
        ImportingError: the mapping or the columns are not right. SpreadsheetError: the file cannot be read.
    """
    known = load_mapping(mapping_path(mapping))
    return Intake(ImportFile(file, known), known)
