import pytest

from tests.events.golden.cast import RELATIONSHIP
from tests.services.api.pairing import confirm, invite_each_other
from tests.services.api.stepped import Pair, Person

PATH = f"/v1/partners/{RELATIONSHIP.mah}/{RELATIONSHIP.cmo}"


def operator(pair: Pair) -> Person:
    return pair.cmo.as_("operator", "person/op")


def test_both_sides_are_shown_the_same_fingerprint_and_are_paired_once_both_confirmed(strangers: Pair) -> None:
    shown = [answer.json()["fingerprint"] for answer in invite_each_other(strangers)]
    (fingerprint,) = set(shown)

    answers = [confirm(desk, fingerprint) for desk in strangers.desks]
    strangers.settle()

    status = operator(strangers).get(PATH).json()
    assert [answer.status_code for answer in answers] == [201, 201]
    assert (status["paired"], status["confirmed"], status["fingerprint"]) == (True, True, fingerprint)
    assert status["held"] >= 2
    assert status["heard"]["held"] == status["own_size"]


def test_an_invitation_asked_for_again_is_the_same_file(strangers: Pair) -> None:
    wanted = {"partner_uscc": RELATIONSHIP.mah}

    first, again = (operator(strangers).post("/v1/partners/invitations", wanted) for _ in range(2))

    assert first.content == again.content == operator(strangers).get(f"{PATH}/invitation").content


def test_another_fingerprint_than_the_one_of_both_parties_keys_is_refused(strangers: Pair) -> None:
    invite_each_other(strangers)

    answer = confirm(strangers.cmo, "0000 " * 11 + "0000")

    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/fingerprint-mismatch")
    assert operator(strangers).get(PATH).json()["own_size"] == 0


def test_a_fingerprint_is_confirmed_by_a_named_person(strangers: Pair) -> None:
    told = invite_each_other(strangers)[0].json()

    answer = strangers.mah.as_("operator", "system/robot").post(
        f"{PATH}/confirmation", {"fingerprint": told["fingerprint"]}
    )

    assert answer.status_code == 403


def test_before_the_pairing_nothing_else_is_written_and_it_says_so(strangers: Pair) -> None:
    opening = {"title": "x", "detected_at": "2026-11-22"}
    alone = strangers.cmo.as_("qa_manager").post("/v1/deviations", opening)
    invite_each_other(strangers)

    halfway = strangers.cmo.as_("qa_manager").post("/v1/deviations", opening)

    assert {alone.json()["type"], halfway.json()["type"]} == {"/problems/not-paired"}
    assert operator(strangers).get(f"{PATH}/fingerprint").json()["confirmed"] is False


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"role": "cmo"}, "role"),
        ({"role": "king"}, "role"),
        ({"party": "91310115MA1H7XY230"}, "party"),
        ({"keys": []}, "keys"),
        ({"keys": ["a+b+c"] * 5}, "keys"),
        ({"topic": "elsewhere"}, "topic"),
        ({"label_key": "x25519+AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}, "label_key"),
        ({"format": "counterfoil/invitation/v2"}, "format"),
        ({"colour": "red"}, "colour"),
        ({"name": "a\u0007b"}, "name"),
    ],
)
def test_an_invitation_file_that_cannot_be_used_is_refused_with_the_field(
    strangers: Pair, change: dict[str, object], field: str
) -> None:
    mah = strangers.mah.as_("operator", "person/op")
    good = mah.does("/v1/partners/invitations", {"partner_uscc": RELATIONSHIP.cmo})

    answer = operator(strangers).post("/v1/partners", {**good, **change})

    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/validation")
    assert field in answer.json()["detail"]
    assert operator(strangers).get("/v1/partners").json()["data"] == []


@pytest.mark.parametrize("code", ["91310115MA1H7XY230", RELATIONSHIP.cmo])
def test_nobody_is_invited_under_a_wrong_code_or_ones_own(strangers: Pair, code: str) -> None:
    answer = operator(strangers).post("/v1/partners/invitations", {"partner_uscc": code})

    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/validation")


def test_a_relationship_that_is_not_here_is_not_found(pair: Pair) -> None:
    other = f"/v1/partners/{RELATIONSHIP.cmo}/{RELATIONSHIP.mah}"

    answers = [operator(pair).get(f"{other}{part}") for part in ("", "/fingerprint", "/invitation")]

    assert {answer.status_code for answer in answers} == {404}
