from domain.parties.people import PersonRole
from domain.rights import RIGHTS
from services.gateway.access.roles import PERMISSIONS, Permission, may, may_record
from services.gateway.api.vocabulary import vocabularies


def test_the_table_has_a_row_for_each_role_of_the_vocabulary() -> None:
    assert set(PERMISSIONS) == {term["code"] for term in vocabularies()["roles"]} == {str(role) for role in PersonRole}


def test_a_token_records_what_its_role_has_the_right_to_and_nothing_else() -> None:
    for right in RIGHTS:
        for name in right.types:
            allowed = {role for role in PERMISSIONS if may_record(role, name)}
            assert allowed == {str(role) for role in right.roles}


def test_an_administrator_has_no_right_on_quality_data() -> None:
    assert not may("admin", Permission.READ)
    assert not may_record("admin", "deviation.opened.v1", "deviation.closed.v1")


def test_an_inspector_only_reads() -> None:
    assert PERMISSIONS["inspector"] == {Permission.READ}


def test_a_role_that_is_no_longer_known_may_nothing() -> None:
    assert not any(may("king", permission) for permission in Permission)
    assert not may_record("king", "deviation.opened.v1")
