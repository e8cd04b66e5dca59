"""The numbers of drug batches as they are read: what is written in another way touches the same batch."""

import sqlalchemy as sa
from alembic import op

from domain.as_read import as_read

revision = "0011"
down_revision: str | None = "0010"

_NAMES = ("relationship", "role", "number", "subject")
_TABLE = sa.table("batch_subject", *map(sa.column, _NAMES))


def upgrade() -> None:
    """Put each number in the form in which it is read."""
    connection = op.get_bind()
    written = {(row.relationship, row.role, row.number, row.subject) for row in connection.execute(sa.select(_TABLE))}
    read = {(relationship, role, as_read(number), subject) for relationship, role, number, subject in written}
    named = sa.and_(*(_TABLE.c[name] == sa.bindparam(f"the_{name}") for name in _NAMES))
    for key in sorted(written - read):
        connection.execute(
            _TABLE.delete().where(named), {f"the_{name}": value for name, value in zip(_NAMES, key, strict=True)}
        )
    for key in sorted(read - written):
        connection.execute(_TABLE.insert(), dict(zip(_NAMES, key, strict=True)))
