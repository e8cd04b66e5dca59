"""The matrix is whole: every rule that names a clause has a test that made it run; nobody cites what is not there."""

import json

import pytest

from domain.citations import Citation
from events.catalogue.registry import all_event_types
from tests.compliance.__main__ import FAILED, HELD, main, tell
from tests.compliance.citing import citations_of, cites
from tests.compliance.matrix.collected import compliance_tests
from tests.compliance.matrix.endpoints import endpoints_of
from tests.compliance.matrix.events import EVERY, SHOWN, event_types_of
from tests.compliance.matrix.faults import faults, faults_of_rule
from tests.compliance.matrix.gaps import Gap
from tests.compliance.matrix.law import DOCUMENT, law
from tests.compliance.matrix.ran import RAN, did
from tests.compliance.matrix.sources import Source, parse
from tests.compliance.matrix.table import Matrix

PROMPTLY = Citation(DOCUMENT, "(V)", "Any deviation shall be promptly recorded, handled")
OPENED = "domain.deviation.rules.check_opened"


@pytest.fixture(autouse=True)
def deeds() -> None:
    """Note nothing: what these tests do shows no clause."""


def all_that_ran() -> Matrix:
    """The matrix by what the tests did, if all of them ran before; of a part of them, by what they cite."""
    return Matrix(RAN if {test.shown for test in compliance_tests()} <= RAN.keys() else None)


def test_every_rule_of_law_has_a_test_that_made_it_run_and_every_citation_is_in_the_announcement() -> None:
    assert faults(all_that_ran()) == []


def test_every_clause_of_the_announcement_stands_in_the_matrix_with_what_is_not_yet_built() -> None:
    lines = Matrix().lines()

    assert list(law().clauses) == list(dict.fromkeys(line.clause for line in lines if line.clause in law().clauses))
    assert len(law().clauses) == 28
    assert all(line.tests == () for line in lines if line.not_yet_built is not None)


def test_every_compliance_test_stands_in_the_matrix_whether_or_not_a_rule_answers_for_it() -> None:
    ran_nothing = Matrix({})

    for matrix in (all_that_ran(), ran_nothing):
        shown = {test for line in matrix.lines() for test in line.tests}
        assert {test.shown for test in compliance_tests()} == shown
    assert {line.rule for line in ran_nothing.lines() if line.tests and line.event_types != (EVERY,)} == set()


@pytest.mark.parametrize(
    "wording",
    ["any deviation shall be promptly recorded", "Any deviation ... the MAHs shall be promptly notified"],
)
def test_a_wording_is_found_in_either_case_and_with_words_left_out(wording: str) -> None:
    assert law().knows(Citation(DOCUMENT, "(V)", wording))


@pytest.mark.parametrize(
    ("document", "clause", "wording"),
    [
        (DOCUMENT, "(V)", "Any deviation shall be promptly reported"),
        (DOCUMENT, "(VI)", "Any deviation shall be promptly recorded"),
        (DOCUMENT, "(XXIX)", "Any deviation"),
        (DOCUMENT, "(V)", "notified ... Any deviation"),
        (DOCUMENT, "(V)", "..."),
        (DOCUMENT, "(V)", ""),
        ("NMPA 132/2023", "(V)", "Any deviation"),
    ],
)
def test_what_the_announcement_does_not_say_is_not_known(document: str, clause: str, wording: str) -> None:
    assert not law().knows(Citation(document, clause, wording))


def test_a_source_is_read_with_every_clause_and_wording_of_its_document() -> None:
    line = f'{DOCUMENT} (V), "a; b", "c"; (IX) "d"; policy `change.unclassified`; domain.md 2.2 G11, "e".'

    source = parse("rule", line)

    assert [(cited.clause, cited.wording) for cited in source.citations] == [
        ("(V)", "a; b"),
        ("(V)", "c"),
        ("(IX)", "d"),
    ]
    assert (len(source.practice), source.malformed) == (2, ())


@pytest.mark.parametrize(
    "line", [f"{DOCUMENT} (V)", '(V), "a"', "as `check_signature`", f'{DOCUMENT} (V), "a"; (XXII)']
)
def test_a_clause_without_its_wording_or_document_is_malformed(line: str) -> None:
    assert parse("rule", line).malformed != ()


def test_a_rule_that_no_test_cites_is_a_fault() -> None:
    untested = Citation(DOCUMENT, "(XIX)", "MAHs shall apply to the provincial drug regulatory authority")

    found = list(faults_of_rule(Source(OPENED, (untested,), (), ()), Matrix()))

    assert found == [f'{OPENED}: no compliance test for {DOCUMENT} (XIX), "{untested.wording}"']


def test_a_test_that_cites_a_rules_words_but_never_made_it_run_does_not_count() -> None:
    source = Source(OPENED, (PROMPTLY,), (), ())
    idle = dict.fromkeys((test.shown for test in compliance_tests()), frozenset({"liaison.designated.v1"}))
    first = next(test.shown for test in compliance_tests() if PROMPTLY in test.citations)
    busy = idle | {first: frozenset({"deviation.opened.v1"})}

    assert list(faults_of_rule(source, Matrix(idle))) == [
        f'{OPENED}: no compliance test for {DOCUMENT} (V), "{PROMPTLY.wording}"'
    ]
    assert Matrix(busy).tests_of(source, PROMPTLY) == (first,)


def test_a_wording_that_nobody_wrote_and_a_source_that_cannot_be_read_are_faults() -> None:
    invented = Citation(DOCUMENT, "(V)", "deviations are a matter of taste")

    found = list(faults_of_rule(Source(OPENED, (invented,), (), ("(XIII)",)), Matrix()))

    assert found == [
        f"{OPENED}: not a source that can be read: (XIII)",
        f'{OPENED}: {DOCUMENT} (V) does not say "{invented.wording}"',
    ]


def test_a_gap_that_the_catalogue_has_filled_is_seen() -> None:
    assert Gap(PROMPTLY, "deviations", frozenset({"deviation", "audit"})).built == {"deviation"}


def test_the_events_of_a_rule_are_read_from_the_table_and_from_what_its_rules_call() -> None:
    assert event_types_of(OPENED) == ("deviation.opened.v1",)
    assert "batch.authorised.v1" in event_types_of("domain.suspension.blocks.check_not_suspended")
    assert "deviation.opened.v1" not in event_types_of("domain.suspension.blocks.check_not_suspended")
    assert event_types_of("domain.lot.rules.check_not_elsewhere") == ("lot.allocated.v1",)
    assert event_types_of("domain.rights.check_right") == (EVERY,)
    assert event_types_of("domain.items.clocks.is_historical") == (SHOWN,)


def test_every_event_of_a_matter_has_a_call_that_asks_for_it() -> None:
    asked = [type_ for type_ in all_event_types() if type_.subject_kind not in ("journal", "relationship")]

    assert [type_.name for type_ in asked if not endpoints_of(type_.name)] == []
    assert endpoints_of("change_review.approved.v1") == ("POST /v1/changes/{item}/approval",)
    assert endpoints_of("agreement_review.signed.v1") == ("POST /v1/agreements/{document}/signatures",)


def test_a_call_is_known_by_its_form() -> None:
    deeds = frozenset({"GET /v1/agreements/7", "deviation.opened.v1"})

    assert did(deeds, "GET /v1/agreements/{document}")
    assert did(deeds, "deviation.opened.v1")
    assert not did(deeds, "GET /v1/agreements")
    assert not did(deeds, "GET /v1/agreements/{document}/versions")


def test_citations_of_a_test_add_up() -> None:
    @cites("(V)", "a")
    @cites("(VI)", "b", "c")
    def test() -> None:
        """One that shows two clauses."""

    assert [(cited.clause, cited.wording) for cited in citations_of(test)] == [
        ("(V)", "a"),
        ("(VI)", "b"),
        ("(VI)", "c"),
    ]


def test_the_matrix_is_printed_one_line_for_each_clause_and_rule(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["--cited"])

    lines = capsys.readouterr().out.splitlines()
    opened = [line for line in lines if line.startswith("(V) -> deviation.rules.check_opened -> ")]
    assert code == HELD
    assert len(opened) == 1
    assert opened[0].split(" -> ")[2:4] == ["deviation.opened.v1", "POST /v1/deviations"]
    assert any(line.startswith("(III) -> not yet built: ") for line in lines)


def test_what_is_wrong_is_told_and_fails(capsys: pytest.CaptureFixture[str]) -> None:
    lines = Matrix().lines()[:3]

    codes = [tell(lines, []), tell(lines, ["x"])]
    said = capsys.readouterr().err
    codes.append(tell(lines, ["x"], as_json=True))

    document = json.loads(capsys.readouterr().out)
    assert codes == [HELD, FAILED, FAILED]
    assert said == "error: x\n"
    assert (document["ok"], document["faults"], len(document["lines"])) == (False, ["x"], 3)
