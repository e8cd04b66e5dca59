"""Who plays in the demo: two invented firms and their people, all marked 示例."""

from dataclasses import dataclass

from events.encoding.identifiers import Role, uscc_check_character


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who acts for a firm, in these roles."""

    id: str
    name: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Firm:
    """One of the two parties."""

    role: Role
    name: str
    place: str  # the first eight characters of its code: authority and administrative division
    manager: Person
    staff: Person
    qualified_person: Person

    @property
    def people(self) -> tuple[Person, ...]:
        """Everybody, the manager first: as administrator the manager authorises the others."""
        return (self.manager, self.staff, self.qualified_person)

    def holder_of(self, role: str) -> Person:
        """Return who has a role."""
        return next(person for person in self.people if role in person.roles)

    def uscc(self, serial: str) -> str:
        """Return the firm's code; demos that share a broker differ in the serial, four hexadecimal digits."""
        body = f"{self.place}MA5EX{serial.upper().rjust(4, '0')}"
        return body + uscc_check_character(body)


HOLDER = Firm(
    Role.MAH,
    "启明泽生物(示例)",
    "91330100",
    Person("lin-zhiyuan", "林志远(示例)", ("admin", "qa_manager")),
    Person("qiao-an", "乔安(示例)", ("qa_staff",)),
    Person("shen-ruo", "沈若(示例)", ("qualified_person",)),
)

MANUFACTURER = Firm(
    Role.CMO,
    "江北康德制药(示例)",
    "91320100",
    Person("zhou-heng", "周衡(示例)", ("admin", "qa_manager")),
    Person("he-yi", "何怡(示例)", ("qa_staff",)),
    Person("xu-man", "许曼(示例)", ("qualified_person",)),
)

FIRMS = {firm.role: firm for firm in (HOLDER, MANUFACTURER)}
"""Both, by their role."""
