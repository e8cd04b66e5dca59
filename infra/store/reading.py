"""A consistent view of the store."""

from sqlalchemy import Connection

from infra.store.reading_exchange import ExchangeQuestions
from infra.store.reading_intake import IntakeQuestions
from infra.store.reading_journal import JournalQuestions


class SqlReading(JournalQuestions, ExchangeQuestions, IntakeQuestions):
    """Everything that can be asked of one connection; it fits the port `Reading`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
