"""What a token of a role may do at this gateway.

Recording follows the domain's own table of rights: a token may record an event type if its role has the right to. The
person behind the token is asked again, of the journal, whenever something is recorded; so a token never gives more than
its person has. What records nothing is in the table here.
"""

from enum import StrEnum

from domain.rights import roles_with


class Permission(StrEnum):
    """What a caller may be let do beside recording."""

    READ = "read"  # records, evidence, vocabulary
    IMPORT = "import"  # in bulk, from source systems
    PAIR = "pair"  # invite, accept and confirm a partner
    OPERATE = "operate"  # quarantine, alarms and how the exchange stands
    PEOPLE = "people"  # see who is authorised for what
    TOKENS = "tokens"  # make, list and revoke tokens


_READ, _IMPORT = frozenset({Permission.READ}), frozenset({Permission.READ, Permission.IMPORT})

PERMISSIONS: dict[str, frozenset[Permission]] = {
    "qa_staff": _IMPORT,
    "qa_manager": _IMPORT | {Permission.OPERATE, Permission.PEOPLE},
    "qualified_person": _READ,
    "auditor": _READ,
    "integrator": _IMPORT,
    "operator": _READ | {Permission.OPERATE, Permission.PAIR},
    "inspector": _READ,
    "admin": frozenset({Permission.OPERATE, Permission.PAIR, Permission.PEOPLE, Permission.TOKENS}),
}
"""For each role of `domain/vocabulary/roles.json` what its tokens may do (interfaces.md 12)."""


def may(role: str, permission: Permission) -> bool:
    """Tell whether a token of a role may do this; one of a role that is no longer known may nothing."""
    return permission in PERMISSIONS.get(role, frozenset())


def may_record(role: str, *types: str) -> bool:
    """Tell whether a token of a role may record one of these event types."""
    return any(role in roles_with(name) for name in types)
