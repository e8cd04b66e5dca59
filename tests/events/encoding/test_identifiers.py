"""Names of parties, relationships, journals and events have one form each."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.encoding.identifiers import (
    ACTOR,
    EVENT_TYPE,
    SUBJECT,
    USCC_ALPHABET,
    Relationship,
    Role,
    check_uscc,
    is_relationship,
    is_uscc,
    is_uuid,
    is_uuid7,
    parse_origin,
    uscc_check_character,
    uuid7,
)
from tests.events.golden.cast import RELATIONSHIP

GENUINE = ("91350100M000100Y43", "91110108551385082Q", "914403001922038216")
USCCS = st.text(USCC_ALPHABET, min_size=17, max_size=17).map(lambda code: code + uscc_check_character(code))


@pytest.mark.parametrize("code", GENUINE)
def test_codes_of_registered_firms_are_right(code: str) -> None:
    assert check_uscc(code) == code


@given(USCCS, st.integers(0, 17), st.sampled_from(USCC_ALPHABET))
def test_one_wrong_character_is_noticed(code: str, place: int, character: str) -> None:
    changed = code[:place] + character + code[place + 1 :]
    assert is_uscc(changed) == (changed == code)


@pytest.mark.parametrize(
    "code", ["", "91350100M000100Y4", "91350100M000100Y432", "91350100m000100Y43", "9135010OM000100Y43"]
)
def test_a_code_of_another_form_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match="unified social credit code"):
        check_uscc(code)


def test_a_wrong_check_character_is_refused() -> None:
    with pytest.raises(ValueError, match="check character"):
        check_uscc("91350100M000100Y44")


@given(st.sampled_from(Role), st.integers(1, 99999))
def test_an_origin_is_read_back(role: Role, generation: int) -> None:
    assert parse_origin(RELATIONSHIP.origin(role, generation)) == (RELATIONSHIP, role, generation)


def test_origins_and_topics_are_written_as_specified() -> None:
    mah, cmo = RELATIONSHIP.mah, RELATIONSHIP.cmo
    assert RELATIONSHIP.origin(Role.MAH) == f"counterfoil/{mah}/{cmo}/mah"
    assert RELATIONSHIP.origin(Role.CMO, 2) == f"counterfoil/{mah}/{cmo}/cmo/2"
    assert RELATIONSHIP.topic(Role.MAH) == f"counterfoil.{mah}.{cmo}.mah"
    assert RELATIONSHIP.topic(Role.CMO, 3) == f"counterfoil.{mah}.{cmo}.cmo.3"


@pytest.mark.parametrize("end", ["/mah/1", "/mah/02", "/mah/", "/qa", "/MAH", "/mah/2/", "/mah\n"])
def test_an_origin_of_another_form_is_refused(end: str) -> None:
    with pytest.raises(ValueError, match="an origin is written"):
        parse_origin(f"counterfoil/{RELATIONSHIP}{end}")


def test_a_relationship_knows_its_parties_and_their_roles() -> None:
    assert RELATIONSHIP.party(Role.MAH) == RELATIONSHIP.mah
    assert RELATIONSHIP.role_of(RELATIONSHIP.cmo) is Role.CMO
    assert RELATIONSHIP.role_of(RELATIONSHIP.mah).other is Role.CMO
    with pytest.raises(ValueError, match="no party of"):
        RELATIONSHIP.role_of(GENUINE[0])


def test_a_relationship_is_between_two_firms() -> None:
    assert Relationship.parse(str(RELATIONSHIP)) == RELATIONSHIP
    with pytest.raises(ValueError, match="two firms"):
        Relationship.parse(f"{GENUINE[0]}/{GENUINE[0]}")
    assert not is_relationship(GENUINE[0])
    assert not is_relationship(f"{GENUINE[0]}/{GENUINE[1]}/")


@given(st.integers(0, 2**48 - 1), st.binary(min_size=10, max_size=10))
def test_a_uuid7_is_of_its_version_and_ordered_by_time(milliseconds: int, random: bytes) -> None:
    made = uuid7(milliseconds, random)
    assert is_uuid7(made)
    assert is_uuid(made)
    assert int(made.replace("-", "")[:12], 16) == milliseconds


def test_a_uuid7_is_that_of_rfc_9562_appendix_a() -> None:
    assert uuid7(0x017F22E279B0, bytes.fromhex("0CC3 98C4DC0C0C07398F")) == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"


@pytest.mark.parametrize(("milliseconds", "random"), [(-1, bytes(10)), (2**48, bytes(10)), (0, bytes(9))])
def test_a_uuid7_needs_48_bits_of_time_and_ten_random_bytes(milliseconds: int, random: bytes) -> None:
    with pytest.raises(ValueError, match="UUIDv7"):
        uuid7(milliseconds, random)


@pytest.mark.parametrize("text", ["deviation.opened.v1", "change_review.approved.v12", "a.b.c.v3"])
def test_event_types_have_a_version(text: str) -> None:
    assert EVENT_TYPE.fullmatch(text)


@pytest.mark.parametrize(
    "text", ["deviation.opened", "deviation.opened.v0", "Deviation.opened.v1", "v1", "a..b.v1", "os.system"]
)
def test_other_event_types_have_no_form(text: str) -> None:
    assert not EVENT_TYPE.fullmatch(text)


def test_subjects_and_actors_have_one_form() -> None:
    number = "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"
    assert SUBJECT.fullmatch(f"deviation/{number}")
    assert not SUBJECT.fullmatch(f"deviation/{number.upper()}")
    assert not SUBJECT.fullmatch(f"/{number}")
    assert ACTOR.fullmatch("person/张伟")
    assert ACTOR.fullmatch("system/mes-adapter")
    for text in ("person/", "robot/1", "person/a b", "person/a/b", "person/a\n", "li.na"):
        assert not ACTOR.fullmatch(text)
