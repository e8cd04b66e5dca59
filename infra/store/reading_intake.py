"""Questions about commands and who may give them."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Connection, bindparam, select

from events.stored.access import StoredSigningSecret, StoredToken
from events.stored.intake import ExternalNumber, RefusedCommand, RememberedAnswer
from infra.store.columns import among_texts
from infra.store.tables import ANSWER, EXTERNAL_NUMBER, REFUSED_COMMAND, SIGNING_SECRET, TOKEN

_ANSWER_COLUMNS = tuple(ANSWER.c[name] for name in RememberedAnswer.__dataclass_fields__)
_NUMBER_COLUMNS = tuple(EXTERNAL_NUMBER.c[name] for name in ExternalNumber.__dataclass_fields__)
_REFUSED_COLUMNS = tuple(REFUSED_COMMAND.c[name] for name in RefusedCommand.__dataclass_fields__)
_SECRET_COLUMNS = tuple(SIGNING_SECRET.c[name] for name in StoredSigningSecret.__dataclass_fields__)
_TOKEN_COLUMNS = tuple(TOKEN.c[name] for name in StoredToken.__dataclass_fields__)

_ANSWERS = select(*_ANSWER_COLUMNS).where(ANSWER.c.caller == bindparam("caller"), among_texts(ANSWER.c.key, "keys"))


class IntakeQuestions:
    """What a view and a transaction can tell of commands and callers (port `IntakeReading`)."""

    _connection: Connection

    def remembered(self, keys: Collection[tuple[str, str]]) -> Mapping[tuple[str, str], RememberedAnswer]:
        """Return the answers once given under these keys, each (caller, key)."""
        by_caller: dict[str, list[str]] = {}
        for caller, key in keys:
            by_caller.setdefault(caller, []).append(key)
        found: dict[tuple[str, str], RememberedAnswer] = {}
        for caller, of_caller in by_caller.items():
            rows = self._connection.execute(_ANSWERS, {"caller": caller, "keys": of_caller})
            found |= {(answer.caller, answer.key): answer for answer in (RememberedAnswer(*row) for row in rows)}
        return found

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

    def refused_commands(self, relationship: int, *, after: int = 0, limit: int = 100) -> Sequence[RefusedCommand]:
        """Return the refused commands that are kept, behind a number, oldest first."""
        asked = (
            select(*_REFUSED_COLUMNS)
            .where(REFUSED_COMMAND.c.relationship == relationship, REFUSED_COMMAND.c.number > after)
            .order_by(REFUSED_COMMAND.c.number)
            .limit(limit)
        )
        return [RefusedCommand(*row) for row in self._connection.execute(asked)]

    def token(self, digest: bytes) -> StoredToken | None:
        """Return the token with this digest."""
        row = self._connection.execute(select(*_TOKEN_COLUMNS).where(TOKEN.c.digest == digest)).first()
        return None if row is None else StoredToken(*row)

    def tokens(self) -> Sequence[StoredToken]:
        """Return all tokens, oldest first."""
        asked = select(*_TOKEN_COLUMNS).order_by(TOKEN.c.created_at, TOKEN.c.id)
        return [StoredToken(*row) for row in self._connection.execute(asked)]

    def signing_secret(self, person: str) -> StoredSigningSecret | None:
        """Return what confirms a person's signatures, None before there is something."""
        asked = select(*_SECRET_COLUMNS).where(SIGNING_SECRET.c.person == person)
        row = self._connection.execute(asked).first()
        return None if row is None else StoredSigningSecret(*row)
