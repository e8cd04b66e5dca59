"""Who may write what, role by role, as a person would write it down from the catalogue and the trade."""

from domain.parties.people import AUTHORISED, NAMED, WITHDRAWN, PersonRole

MAY = {
    PersonRole.QA_STAFF: {
        "deviation.opened.v1",
        "deviation.classified.v1",
        "deviation.investigated.v1",
        "deviation.answered.v1",
        "deviation.corrected.v1",
        "deviation.batch_linked.v1",
        "deviation_review.acknowledged.v1",
        "deviation_review.asked.v1",
        "deviation_review.corrected.v1",
    },
    PersonRole.QUALIFIED_PERSON: {
        "deviation.closed.v1",
        "deviation_review.closure_approved.v1",
        "deviation_review.closure_rejected.v1",
        "agreement.signed.v1",
        "agreement_review.signed.v1",
        "communication_list.signed.v1",
        "communication_list_review.signed.v1",
    },
    PersonRole.INTEGRATOR: {"deviation.opened.v1", "deviation.classified.v1", "deviation.batch_linked.v1"},
    PersonRole.OPERATOR: {
        "relationship.opened.v1",
        "gateway.announced.v1",
        "calendar.published.v1",
        "key.rotated.v1",
        "journal.taken.v1",
        "entry.refused.v1",
    },
    PersonRole.AUDITOR: set(),
    PersonRole.INSPECTOR: set(),
}
"""The table again, role by role, as a person would write it down."""

MAY[PersonRole.ADMIN] = MAY[PersonRole.OPERATOR] | {AUTHORISED, WITHDRAWN, NAMED, "body.erased.v1"}
MAY[PersonRole.QA_MANAGER] = (
    MAY[PersonRole.QA_STAFF]
    | MAY[PersonRole.QUALIFIED_PERSON]
    | {
        "agreement.drafted.v1",
        "agreement.activated.v1",
        "communication_list.drafted.v1",
        "communication_list.activated.v1",
        "calendar.published.v1",
        "refusal.disputed.v1",
        "dispute.settled.v1",
    }
)


REGISTERS = ("process_version", "standard_version", "obligation", "capability_profile")
QUALITY_CORE = ("risk", "suspension", "regulatory_measure", "change", "oos", "capa", *REGISTERS, "lot", "batch")
_OF_BOTH = ("category_opinion_given", "regulatory_step_recorded", "risk_raised", "risk_eliminated")

_RECORDED = {
    "risk.raised.v1",
    "change.proposed.v1",
    "change.found_implemented.v1",
    "change_review.found_implemented.v1",
    "oos.suspected.v1",
    "capa.opened.v1",
    *(f"{kind}.batch_linked.v1" for kind in QUALITY_CORE if kind != "batch"),
    "lot.used.v1",
    "lot.breach_found.v1",
    *(
        f"batch.{name}.v1"
        for name in ("started", "manufactured", "tested", "split", "joined", "reworked", "dispatched")
    ),
    "batch_review.dispatched.v1",
}
_STATED = {
    "risk.classified.v1",
    "risk_review.classified.v1",
    "risk.measure_taken.v1",
    "risk_review.measure_taken.v1",
    "change.studied.v1",
    "change.withdrawn.v1",
    *(f"{place}.{name}.v1" for place in ("change", "change_review") for name in _OF_BOTH),
    "oos.phase_completed.v1",
    "oos.retest_planned.v1",
    "oos.confirmed.v1",
    "capa.action_completed.v1",
    "capa.effectiveness_checked.v1",
    "obligation.registered.v1",
    "obligation.superseded.v1",
    "obligation.fulfilled.v1",
    "capability_profile.published.v1",
    "capability_profile.changed.v1",
    "key_person.registered.v1",
    "key_person.delegated.v1",
    "key_person.withdrawn.v1",
    *(f"{kind}.{name}.v1" for kind in QUALITY_CORE for name in ("answered", "corrected")),
    *(f"{kind}_review.{name}.v1" for kind in QUALITY_CORE for name in ("acknowledged", "asked", "corrected")),
}
_STOPPED = {
    "suspension.demanded.v1",
    "suspension.started.v1",
    "suspension_review.started.v1",
    "suspension.batch_disposed.v1",
    "suspension_review.batch_disposed.v1",
    "regulatory_measure.recorded.v1",
    "process_version.withdrawn.v1",
    "standard_version.withdrawn.v1",
    "lot.allocated.v1",
    "batch.rejected.v1",
    "release_package.submitted.v1",
    *(f"batch_review.{name}.v1" for name in ("item_concluded", "full_review_requested", "held", "rejected")),
    "batch_review.release_withdrawn.v1",
}
_SIGNED = {
    "risk.measures_signed.v1",
    "risk_review.measures_signed.v1",
    "risk.closed.v1",
    "suspension.lift_signed.v1",
    "suspension_review.lift_signed.v1",
    "regulatory_measure.ended.v1",
    "change.category_determined.v1",
    "change.approved.v1",
    "change_review.approved.v1",
    "change_review.rejected.v1",
    "change.implemented.v1",
    "change_review.implemented.v1",
    "oos.invalidated.v1",
    "oos_review.decided.v1",
    "capa.closed.v1",
    "process_version.approved.v1",
    "standard_version.approved.v1",
    "liaison.designated.v1",
    "batch.authorised.v1",
    "batch_review.hold_lifted.v1",
    "batch_review.dispatch_permitted.v1",
}
_RELEASED = {"batch.factory_released.v1", "batch_review.marketing_released.v1"}
"""By the qualified person alone."""

MAY[PersonRole.INTEGRATOR] |= _RECORDED
MAY[PersonRole.QA_STAFF] |= _RECORDED | _STATED | _STOPPED
MAY[PersonRole.QUALIFIED_PERSON] |= _STOPPED | _SIGNED | _RELEASED
MAY[PersonRole.QA_MANAGER] |= _RECORDED | _STATED | _STOPPED | _SIGNED
