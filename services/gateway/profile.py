"""What makes a gateway the MAH's or the CMO's: a few lines of data, no logic."""

from dataclasses import dataclass

from events.encoding.identifiers import Role


@dataclass(frozen=True, slots=True)
class Profile:
    """The differences between the two gateways."""

    role: Role
    name: str  # of the program, in logs and messages
    title_zh: str
    title_en: str
    default_port: int
