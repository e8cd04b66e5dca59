"""An activation in doubt: a disputed one, or one of what both signed before another agreement replaced it.

It brings no laxer agreement in, and no laxer one back.
"""

import pytest

from domain.agreement.in_force import agreement_in_force, agreements_in, closure_approval_classes, policies_at
from domain.drafts import Draft
from events.encoding.identifiers import Role
from tests.domain.agreement.test_agreement import ACTIVATED, SYSTEM, agreed
from tests.domain.communication_list.test_list import AGREED, KIND, rows
from tests.domain.language import Step, Story, Written, cmo, given, mah
from tests.domain.steps import activated, agreement_drafted, list_drafted, refused, settled, signed

CMO, MAH = Role.CMO, Role.MAH
OTHER_ID = "0193572e-0000-7000-8000-0000000000aa"
LAX = {"suspension_lift": "cmo"}


def of_another(step: Step) -> Step:
    """The same of another document."""

    def of_it(story: Story, role: Role) -> Draft:
        draft = step(story, role)
        return Draft(draft.type, f"{draft.subject.partition('/')[0]}/{OTHER_ID}", draft.body)

    return of_it


def ready(story: Story, role: Role, step: Step) -> Step:
    """A step that names what the story has now, taken later."""
    draft = step(story, role)
    return lambda _story, _role: draft


LAX_SIGNED = (cmo(agreement_drafted(policies=LAX)), cmo(signed()), mah(signed()))
ANOTHER = (
    mah(of_another(agreement_drafted())),
    mah(of_another(signed(draft=0, owner=MAH))),
    cmo(of_another(signed(draft=0, owner=MAH))),
    mah(of_another(activated())),
)


@pytest.mark.parametrize("lax", [0, 1])
def test_a_disputed_activation_brings_no_laxer_policy_back_and_none_in(lax: int) -> None:
    laxer = {"deviation_closure_approval": [], "suspension_lift": "cmo", "suspension_blocks_release": False}
    of_each: list[dict[str, object]] = [{"policies": {"partner_max_silence_hours": 12}}]
    of_each.insert(lax, {"policies": laxer})
    story = agreed(*of_each).and_then(mah(refused(ACTIVATED), actor=SYSTEM))

    for role in Role:
        policies = policies_at(agreements_in(story.context(role)), story.now)
        assert policies.deviation_closure_approval == ["major"]
        assert (policies.suspension_lift, policies.suspension_blocks_release) == ("both", True)
        assert policies.partner_max_silence_hours == 12


def test_what_either_party_alone_would_lift_both_lift_while_it_is_disputed() -> None:
    story = agreed({"policies": {"suspension_lift": "cmo"}}, {"policies": {"suspension_lift": "mah"}})
    story.and_then(mah(refused(ACTIVATED), actor=SYSTEM))

    assert policies_at(agreements_in(story.context(CMO)), story.now).suspension_lift == "both"


def test_an_agreement_that_is_activated_anew_ends_what_a_dispute_left_open() -> None:
    story = agreed({"policies": {"deviation_closure_approval": ["minor"]}}).and_then(
        mah(refused(ACTIVATED), actor=SYSTEM)
    )
    story.and_then(cmo(agreement_drafted(2)), cmo(signed()), mah(signed()), cmo(activated()))

    assert closure_approval_classes(agreements_in(story.context(CMO)), story.now) == {"major"}


@pytest.mark.parametrize(("stands", "classes"), [(True, {"minor"}), (False, {"major"})])
def test_a_dispute_that_both_settled_leaves_nothing_open(stands: bool, classes: set[str]) -> None:  # noqa: FBT001 - a table
    story = agreed({"policies": {"deviation_closure_approval": ["minor"]}}).and_then(
        mah(refused(ACTIVATED), actor=SYSTEM)
    )
    assert closure_approval_classes(agreements_in(story.context(CMO)), story.now) == {"major", "minor"}
    story.and_then(*(Written(role, settled(ACTIVATED, stands=stands)) for role in Role))

    assert closure_approval_classes(agreements_in(story.context(CMO)), story.now) == classes


def test_what_was_signed_before_another_agreement_was_activated_is_signed_anew() -> None:
    story = given(*LAX_SIGNED)
    late = ready(story, CMO, activated())
    story.and_then(*ANOTHER)

    told = story.receives(cmo(late)).then_refused("gate.agreement", "document.incomplete")
    assert "the holder's signature since another one was activated; draft it anew" in told.detail
    story.and_then(cmo(agreement_drafted(2, policies=LAX)), cmo(signed()), mah(signed()))
    story.receives(cmo(activated())).then(ACTIVATED)
    assert policies_at(agreements_in(story.context(MAH)), story.now).suspension_lift == "cmo"


def test_both_signatures_come_after_the_other_activation() -> None:
    story = given(*LAX_SIGNED[:2], *ANOTHER)
    story.write(mah(signed()))

    told = story.receives(cmo(activated())).then_refused("gate.agreement", "document.incomplete")
    assert "the manufacturer's signature since" in told.detail
    assert "the holder's signature since" not in told.detail


def test_an_activation_that_crossed_another_one_brings_no_laxer_policy_in() -> None:
    story = given(*LAX_SIGNED)
    late, seen = ready(story, CMO, activated()), story.sizes[MAH]
    story.and_then(*ANOTHER)

    crossed = story.write(Written(CMO, late, seen=seen + 2))
    assert crossed.code is None
    for role in Role:
        in_force = agreement_in_force(story.context(role), story.now)
        assert in_force is not None
        assert in_force.activation.role is MAH
        assert policies_at(agreements_in(story.context(role)), story.now).suspension_lift == "both"


def test_an_agreement_of_another_kind_replaces_no_signature() -> None:
    story = given(*LAX_SIGNED)
    late = ready(story, CMO, activated())
    manufacturing = agreement_drafted(agreement_kind="contract_manufacturing")
    story.and_then(mah(of_another(manufacturing)), *ANOTHER[1:])

    story.receives(cmo(late)).then(ACTIVATED)


def test_an_abandoned_list_does_not_come_back_either() -> None:
    story = given(*AGREED, cmo(list_drafted(rows())), cmo(signed(KIND)), mah(signed(KIND)))
    late = ready(story, CMO, activated(KIND))
    story.and_then(mah(of_another(list_drafted(rows()))))
    story.and_then(mah(of_another(signed(KIND, draft=0, owner=MAH))), cmo(of_another(signed(KIND, draft=0, owner=MAH))))
    story.and_then(mah(of_another(activated(KIND))))

    story.receives(cmo(late)).then_refused("gate.agreement", "document.incomplete")
