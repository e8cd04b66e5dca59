"""Who stands for what on both sides, and what the manufacturer has to make the product with: (II), (VI), (XXII)."""

from tests.compliance.citing import cites
from tests.compliance.contract import reference
from tests.compliance.test_deviations_and_risks import DEVIATION, INVESTIGATION
from tests.services.api.quality.making import SIGNED
from tests.services.api.registers.test_registers import LINE, PROFILE
from tests.services.api.stepped import Pair, Person

LIAISON = {"person": "li.na", "name": "李娜", "deputy": "zhao.min", "deputy_name": "赵敏", "responsibilities": "衔接"}
KEY_PERSON = {"person": "wang.wei", "name": "王伟", "qualification": "执业药师", "from": "2026-01-01"}


@cites("(II)", "organizational structures, personnel, premises, and equipment matching the products")
def test_the_manufacturers_capability_is_published_and_shown_to_the_holder(
    pair: Pair, clerk: Person, holder: Person
) -> None:
    clerk.does("/v1/capability-profiles", PROFILE)
    pair.settle()

    shown = holder.get("/v1/capability-profiles").json()["data"]
    assert [(each["kind"], each["name"]) for each in shown[0]["elements"]] == [("line", LINE["name"])]
    assert holder.post("/v1/capability-profiles", PROFILE).json()["code"] == "entry.wrong_author"


@cites("(II)", "ensure that the manufacturing process continuously complies with laws and regulations")
def test_a_change_of_the_capability_is_told_to_the_holder_as_an_item_of_the_list(
    pair: Pair, clerk: Person, holder: Person
) -> None:
    profile = clerk.does("/v1/capability-profiles", PROFILE)
    told = {"title": "停用冻干机", "changes": [{"change": "removed", "element": LINE}], "reason": "设备老化"}
    changed = clerk.does(
        "/v1/capability-profiles/changes", {**told, "effective_from": "2026-12-15", "profile": reference(profile)}
    )
    pair.settle()

    row = holder.get(f"/v1/communications/{changed['item']}").json()
    assert (row["category"], row["state"], row["title"]) == ("capability_profiles", "changed", "停用冻干机")


@cites(
    "(VI)",
    "Contract manufacturers shall designate a person responsible for connecting with the quality management system of "
    "MAHs and clarify their responsibilities",
)
def test_the_manufacturer_designates_who_connects_both_quality_systems_with_deputy_and_responsibilities(
    pair: Pair, clerk: Person, holder: Person
) -> None:
    without = clerk.post(
        "/v1/liaisons",
        {name: value for name, value in LIAISON.items() if name != "responsibilities"} | {"from": "2026-11-01"},
    )
    clerk.does("/v1/liaisons", {**LIAISON, "from": "2026-11-01"})
    pair.settle()

    shown = holder.get("/v1/liaisons").json()["data"]
    assert without.status_code == 422
    assert [(row["person"], row["deputy"]) for row in shown if row["in_office"]] == [("li.na", "zhao.min")]
    assert holder.post("/v1/liaisons", {**LIAISON, "from": "2026-11-01"}).json()["code"] == "entry.wrong_author"


@cites("(XVII)", "the head of production, head of quality, and qualified person of the contract manufacturer")
@cites("(XXII)", "key personnel of both drug contract enterprises")
def test_both_parties_register_their_key_persons_each_with_post_and_qualification(
    pair: Pair, clerk: Person, holder: Person
) -> None:
    for post in ("head_of_production", "head_of_quality", "qualified_person"):
        clerk.does("/v1/key-persons", {**KEY_PERSON, "post": post})
    holder.does("/v1/key-persons", {**KEY_PERSON, "post": "qualified_person"})
    pair.settle()

    shown = [person.get("/v1/key-persons", on="2026-11-22").json()["data"] for person in (clerk, holder)]
    assert shown[0] == shown[1]
    assert {(row["party"], row["post"], row["qualification"]) for row in shown[0]} >= {
        ("cmo", "head_of_production", "执业药师"),
        ("cmo", "head_of_quality", "执业药师"),
        ("cmo", "qualified_person", "执业药师"),
        ("mah", "qualified_person", "执业药师"),
    }


@cites("(XXII)", "key personnel of both drug contract enterprises")
def test_a_key_person_is_deputised_for_a_time_that_is_stated(pair: Pair, clerk: Person, holder: Person) -> None:
    key = clerk.does("/v1/key-persons", {**KEY_PERSON, "person": "sun.li", "post": "head_of_enterprise"})["item"]
    deputy = {"deputy": "chen.gang", "deputy_name": "陈刚", "qualification": "执业药师", "reason": "休假"}
    at = f"/v1/key-persons/{key}/delegations"
    backwards = clerk.post(at, {**deputy, "from": "2026-12-14", "to": "2026-12-01"}, dry_run="true")
    clerk.does(at, {**deputy, "from": "2026-12-01", "to": "2026-12-14"})
    pair.settle()

    def on(day: str) -> set[str]:
        rows = holder.get("/v1/key-persons", on=day, post="head_of_enterprise").json()["data"]
        return {row["person"] for row in rows}

    assert backwards.json()["events"][0]["violates"] is True
    assert (on("2026-12-10"), on("2026-12-20")) == ({"sun.li", "chen.gang"}, {"sun.li"})


@cites("(XXII)", "If the key personnel are found to have inadequate job performance capabilities")
def test_a_key_person_who_is_withdrawn_holds_the_post_no_longer(pair: Pair, clerk: Person, holder: Person) -> None:
    post = "head_of_pharmacovigilance"
    key = clerk.does("/v1/key-persons", {**KEY_PERSON, "post": post})["item"]
    clerk.does(f"/v1/key-persons/{key}/withdrawal", {"reason": "履职能力不足", "from": "2026-12-01"})
    pair.settle()

    found = [
        len(holder.get("/v1/key-persons", on=day, post=post).json()["data"]) for day in ("2026-11-30", "2026-12-01")
    ]
    assert found == [1, 0]


@cites("(VII)", "clarify the communication personnel and responsibilities")
def test_nobody_writes_into_the_record_whom_its_own_party_gave_no_right(pair: Pair) -> None:
    stranger = pair.cmo.as_("qa_manager", "person/stranger")

    answer = stranger.post("/v1/deviations", {"title": "x", "detected_at": "2026-11-22"})

    assert (answer.status_code, answer.json()["code"]) == (403, "right.missing")


@cites("(XXII)", "key personnel of both drug contract enterprises")
def test_beside_a_signature_both_parties_see_the_post_and_the_qualification_of_whoever_signed(
    pair: Pair, clerk: Person, colleague: Person, holder: Person
) -> None:
    clerk.does("/v1/key-persons", {**KEY_PERSON, "person": "li.na", "post": "head_of_quality"})
    deviation = clerk.does("/v1/deviations", DEVIATION)["item"]
    clerk.does(f"/v1/deviations/{deviation}/classification", {"class": "minor", "rationale": "轻微"})
    colleague.does(f"/v1/deviations/{deviation}/investigation", INVESTIGATION)
    clerk.does(f"/v1/deviations/{deviation}/closure", {"signature": SIGNED})
    pair.settle()

    for person in (clerk, holder):
        *_, closed = person.get(f"/v1/communications/{deviation}/timeline").json()["data"]
        assert [(post["post"], post["qualification"]) for post in closed["posts"]] == [("head_of_quality", "执业药师")]
