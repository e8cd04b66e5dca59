"""Column types and the conditions that the two databases spell differently."""

from collections.abc import Sequence
from typing import Any, Self

import orjson
from sqlalchemy import ARRAY, BigInteger, Boolean, Dialect, Integer, LargeBinary, SmallInteger, Text, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.operators import OperatorType
from sqlalchemy.types import TypeDecorator, TypeEngine

from events.encoding.identifiers import Role

POSTGRESQL = "postgresql"

WORDS: TypeEngine[str] = Text().with_variant(Text(collation="C"), POSTGRESQL)
"""Text that is compared byte by byte, so that both databases sort alike."""

NUMBER: TypeEngine[int] = BigInteger().with_variant(Integer(), "sqlite")
"""A whole number of 64 bits; SQLite takes only INTEGER as the key of its row order."""

ROLE_NUMBERS = {Role.MAH: 0, Role.CMO: 1}
_ROLES = (Role.MAH, Role.CMO)


class RoleNumber(TypeDecorator[Role]):
    """A role, kept as a small number."""

    impl = SmallInteger
    cache_ok = True

    def process_bind_param(self, value: Role | None, dialect: Dialect) -> int | None:  # noqa: ARG002 - a hook's signature
        """Turn a role into its number."""
        return None if value is None else ROLE_NUMBERS[value]

    def process_result_value(self, value: int | None, dialect: Dialect) -> Role | None:  # noqa: ARG002 - as above
        """Turn a number back into the role."""
        return None if value is None else _ROLES[value]


class ValueList(TypeDecorator[Sequence[Any]]):
    """Many values as one parameter: an array for PostgreSQL, a JSON list for SQLite."""

    impl = Text
    cache_ok = True

    def __init__(self, element: type[Text] | type[BigInteger]) -> None:
        super().__init__()
        self.element = element

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return how a database takes the list."""
        if dialect.name == POSTGRESQL:
            return dialect.type_descriptor(ARRAY(self.element()))
        return dialect.type_descriptor(Text())

    def process_bind_param(self, value: Sequence[Any] | None, dialect: Dialect) -> Any:  # noqa: ANN401 - as the database takes it
        """Hand the list over."""
        values = list(value or ())
        return values if dialect.name == POSTGRESQL else orjson.dumps(values).decode()


class Condition(FunctionElement[bool]):
    """A condition of our own. It stands as it is: behind the `= 1` that SQLite would get, no index is of use."""

    type = Boolean()
    inherit_cache = True

    def self_group(self, against: OperatorType | None = None) -> Self:  # noqa: ARG002 - SQLAlchemy's signature
        """Return the condition itself, whatever it stands beside."""
        return self


class Among(Condition):
    """A column's value is one of a list given as one parameter: the statement is the same for every length."""

    inherit_cache = True


def among_texts(column: ColumnElement[Any], parameter: str) -> ColumnElement[bool]:
    """Return the condition that a text is one of the list handed in under the parameter's name."""
    return Among(column, bindparam(parameter, type_=ValueList(Text)))


def among_numbers(column: ColumnElement[Any], parameter: str) -> ColumnElement[bool]:
    """Return the condition that a number is one of the list handed in under the parameter's name."""
    return Among(column, bindparam(parameter, type_=ValueList(BigInteger)))


@compiles(Among, POSTGRESQL)
def _among_array(element: Among, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401 - a hook's signature
    column, values = element.clauses
    return f"{compiler.process(column, **options)} = ANY({compiler.process(values, **options)})"


@compiles(Among, "sqlite")
def _among_json(element: Among, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401 - a hook's signature
    column, values = element.clauses
    chosen = f"SELECT value FROM json_each({compiler.process(values, **options)})"  # noqa: S608 - a compiled parameter
    return f"{compiler.process(column, **options)} IN ({chosen})"


class Holds(Condition):
    """Bytes hold other bytes somewhere within them."""

    inherit_cache = True


def holds_bytes(column: ColumnElement[Any], parameter: str) -> ColumnElement[bool]:
    """Return the condition that a column of bytes holds those handed in under the parameter's name."""
    return Holds(column, bindparam(parameter, type_=LargeBinary))


@compiles(Holds, POSTGRESQL)
def _holds_position(element: Holds, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401 - a hook's signature
    column, sought = element.clauses
    return f"position({compiler.process(sought, **options)} in {compiler.process(column, **options)}) > 0"


@compiles(Holds, "sqlite")
def _holds_instr(element: Holds, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401 - a hook's signature
    column, sought = element.clauses
    return f"instr({compiler.process(column, **options)}, {compiler.process(sought, **options)}) > 0"
