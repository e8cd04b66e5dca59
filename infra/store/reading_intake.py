"""Questions about commands and who may give them."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Connection, select

from events.stored.access import StoredToken
from events.stored.intake import ExternalNumber, RememberedAnswer
from infra.store.columns import among_texts
from infra.store.tables import ANSWER, EXTERNAL_NUMBER, TOKEN

_ANSWER_COLUMNS = tuple(ANSWER.c[name] for name in RememberedAnswer.__dataclass_fields__)
_NUMBER_COLUMNS = tuple(EXTERNAL_NUMBER.c[name] for name in ExternalNumber.__dataclass_fields__)
_TOKEN_COLUMNS = tuple(TOKEN.c[name] for name in StoredToken.__dataclass_fields__)


class IntakeQuestions:
    """What a view and a transaction can tell of commands and callers (port `IntakeReading`)."""

    _connection: Connection

    def remembered(self, caller: str, key: str) -> RememberedAnswer | None:
        """Return the answer once given under this key."""
        asked = select(*_ANSWER_COLUMNS).where(ANSWER.c.caller == caller, ANSWER.c.key == key)
        row = self._connection.execute(asked).first()
        return None if row is None else RememberedAnswer(*row)

    def external_numbers(
        self, relationship: int, source: str, numbers: Collection[str]
    ) -> Mapping[str, ExternalNumber]:
        """Return which of these external numbers already have an entry."""
        if not numbers:
            return {}
        asked = select(*_NUMBER_COLUMNS).where(
            EXTERNAL_NUMBER.c.relationship == relationship,
            EXTERNAL_NUMBER.c.source == source,
            among_texts(EXTERNAL_NUMBER.c.number, "numbers"),
        )
        found = self._connection.execute(asked, {"numbers": list(numbers)})
        return {number.number: number for number in (ExternalNumber(*row) for row in found)}

    def token(self, digest: bytes) -> StoredToken | None:
        """Return the token with this digest."""
        row = self._connection.execute(select(*_TOKEN_COLUMNS).where(TOKEN.c.digest == digest)).first()
        return None if row is None else StoredToken(*row)

    def tokens(self) -> Sequence[StoredToken]:
        """Return all tokens, oldest first."""
        asked = select(*_TOKEN_COLUMNS).order_by(TOKEN.c.created_at, TOKEN.c.id)
        return [StoredToken(*row) for row in self._connection.execute(asked)]
