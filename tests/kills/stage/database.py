"""What a test does to a gateway's database behind its back, and reads from it."""

from typing import Any

from sqlalchemy import create_engine, text


def ask(store: str, statement: str, **values: Any) -> Any:
    """Run one statement in a store and return its first value, None when there is none."""
    engine = create_engine(store)
    try:
        with engine.begin() as connection:
            done = connection.execute(text(statement), values)
            return done.scalar() if done.returns_rows else None
    finally:
        engine.dispose()


def set_place(store: str, offset: int) -> None:
    """Have a reader believe that it stands elsewhere in its partner's topic."""
    ask(store, 'UPDATE wire_cursor SET "offset" = :offset', offset=offset)


def epoch_of(store: str) -> int:
    """Return how often the store was taken over."""
    return int(ask(store, "SELECT epoch FROM gateway_lock"))


def is_in(store: str, mark: str) -> bool:
    """Tell whether a text stands in an entry of a store."""
    engine = create_engine(store)
    try:
        with engine.connect() as connection:
            bodies = connection.execute(text("SELECT body FROM entry WHERE body IS NOT NULL")).scalars()
            return any(mark.encode() in bytes(body) for body in bodies)
    finally:
        engine.dispose()
