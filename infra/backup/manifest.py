"""What a backup says it holds: every file with its SHA-256, of which store and when."""

import json
import re
from dataclasses import asdict, dataclass
from typing import Any, Self

import orjson

from infra.backup.errors import BackupDamagedError

FORMAT = "counterfoil/backup/v1"
MANIFEST = "manifest.json"
SQLITE, POSTGRESQL = "sqlite", "postgresql"
SQLITE_FILE = "store/store.sqlite"

_NAME = re.compile(r"party\.json|keys/[A-Za-z0-9-]+/[A-Za-z0-9.]+|store/[a-z_.]+")
_COLUMN = re.compile(r"[a-z_]+")
_FIELDS = {"format", "made_at", "store", "schema_version", "tables", "files"}


@dataclass(frozen=True, slots=True)
class BackedUp:
    """One file of a backup: size in bytes, SHA-256 in hexadecimal."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """The content of a backup. `tables` are those of PostgreSQL with their columns, in the order they are restored."""

    made_at: str
    store: str
    schema_version: str
    tables: dict[str, list[str]]
    files: dict[str, BackedUp]

    def dump(self) -> bytes:
        """Return the manifest as JSON."""
        return orjson.dumps({"format": FORMAT, **asdict(self)}, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)

    @classmethod
    def parse(cls, raw: bytes) -> Self:
        """Read a manifest, believing no name in it that could lead elsewhere.

        Raises:
            BackupDamagedError: it has another form.
        """
        try:
            fields = json.loads(raw)
            _check(fields)
            files = {name: BackedUp(int(each["size"]), str(each["sha256"])) for name, each in fields["files"].items()}
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as failure:
            raise BackupDamagedError(f"its manifest is not readable ({failure}); try: another backup") from failure
        tables = {str(table): [str(column) for column in columns] for table, columns in fields["tables"].items()}
        return cls(fields["made_at"], fields["store"], fields["schema_version"], tables, files)


def _check(fields: Any) -> None:  # noqa: ANN401 - any JSON
    if fields.keys() != _FIELDS or fields["format"] != FORMAT:
        raise ValueError(f"not {FORMAT}")
    if fields["store"] not in (SQLITE, POSTGRESQL):
        raise ValueError("an unknown kind of store")
    for name in fields["files"]:
        if _NAME.fullmatch(name) is None or ".." in name:
            raise ValueError(f"an unexpected file {name!r:.80}")
    for table, columns in fields["tables"].items():
        if not all(_COLUMN.fullmatch(name) for name in (table, *columns)):
            raise ValueError(f"an unexpected table {table!r:.80}")
