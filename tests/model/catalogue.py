"""The model's catalogue: catalogue.md's tables and the bodies of formats.md 10, written out anew.

    "What opens, permits, lifts or closes is an act; what reports, or stops, holds and withdraws, is a fact. Acts need a
    person/ actor and a signature {statement, meaning, reason, person, at} in the body. O = the party whose subject it
    is, X = the other party, who writes in its own subject <matter>_review. ... Any body may hold attachments."

Who has which right, and the forms of single fields, stand in neither text (interfaces.md 12 only names the roles):
these follow what the product documents.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from tests.model.entries import EVENT_TYPE, Check, Json, counts_from, is_hash, is_time, is_uscc, matches

Fields = dict[str, Check]


@dataclass(frozen=True)
class Type:
    """`author`: mah, cmo, or empty: either. `opens`: it may be the first of its subject. `is_free_at_first`: it needs
    no right before there is an administrator."""  # fmt: skip

    is_act: bool
    subject: str
    roles: frozenset[str]
    has_schema: Check
    author: str = ""
    opens: bool = False
    is_erasable: bool = False
    is_free_at_first: bool = False


# Forms


def shape(fields: Fields) -> Check:
    """An object with these fields and no other; a name that ends in `?` may be absent."""
    known = {name.rstrip("?"): check for name, check in fields.items()}
    needed = {name for name in fields if not name.endswith("?")}

    def check(value: Any) -> bool:
        is_complete = isinstance(value, dict) and needed <= value.keys() <= known.keys()
        return is_complete and all(known[name](each) for name, each in value.items())

    return check


def text(longest: int = 60_000) -> Check:
    return lambda value: isinstance(value, str) and len(value) <= longest and bool(value.strip(" \t\r\n\u3000"))


def null_or(check: Check) -> Check:
    return lambda value: value is None or check(value)


def many(check: Check, least: int = 0, most: int = 10_000) -> Check:
    return lambda value: isinstance(value, list) and least <= len(value) <= most and all(map(check, value))


def word(words: str) -> Check:
    return lambda value: isinstance(value, str) and value in words.split()


def is_stated(value: Any) -> bool:
    """`occurred_at` and the like: "with offset, or a date alone"."""
    try:
        return bool(date.fromisoformat(value) if len(value) == 10 else datetime.fromisoformat(value).tzinfo)
    except (TypeError, ValueError):
        return False


def is_opening(body: Json) -> bool:
    """[8] "SHA-256 over all vkeys and label keys of both parties, sorted, each followed by a line feed; the first 24
    bytes as twelve groups of four hexadecimal digits"."""  # fmt: skip
    keys = sorted(key for role in ("mah", "cmo") for key in (*body[role]["keys"], body[role]["label_key"]))
    digits = sha256("".join(key + "\n" for key in keys).encode()).hexdigest()
    is_first = body["generation"] == 1 and body["previous"] is None
    return is_first and body["fingerprint"] == " ".join(digits[n : n + 4] for n in range(0, 48, 4))


CODE, NAME, TITLE, TEXT, REMARK = text(200), text(400), text(32_767), text(), lambda value: isinstance(value, str)
COUNT, NUMBER, HASH, BOOL = counts_from(0), counts_from(1), is_hash, lambda value: isinstance(value, bool)
SALT, DAY = matches(r"[0-9a-f]{32}"), matches(r"\d{4}-\d\d-\d\d")
PERSON = matches(r"[^\s/\x00-\x1f\x7f]{1,128}")
ROLE = word("qa_staff qa_manager qualified_person auditor integrator operator inspector admin")
CLASS = word("major moderate minor")
CLOCK = word("detected recorded received acknowledged asked answered investigated decided closed")
LEAF_REF: Fields = {"position": COUNT, "leaf": HASH}
REF = shape({"journal": matches(r"(mah|cmo)(\.([2-9]|[1-9]\d{1,5}))?"), **LEAF_REF})
MEANING = word("drafted reviewed approved released noted")
SIGNATURE = shape({"statement": TEXT, "meaning": MEANING, "reason": TEXT, "person": PERSON, "at": is_stated})
ATTACHMENT = shape({"sha256": matches("[0-9a-f]{64}"), "name": NAME, "size": COUNT})
PRODUCT, BATCH = shape({"name": TITLE, "code?": null_or(CODE)}), shape({"number": CODE})
PARTY = shape({"uscc": is_uscc, "name": NAME, "keys": many(TEXT, 5), "label_key": matches(r"x25519\+.+")})
PATH = matches(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+){0,7}")
CHANGED = shape({"field": PATH, "before?": null_or(TEXT), "after?": null_or(TEXT)})
LIMIT = shape(
    {
        "name": TEXT,
        "class?": null_or(CLASS),
        "start": CLOCK,
        "stop": CLOCK,
        "party": word("mah cmo"),
        "value": NUMBER,
        "unit": word("hours calendar_days working_days"),
        "calendar?": null_or(REF),
    }
)
ROW = shape(
    {
        "category": TEXT,
        "direction": word("cmo_to_mah mah_to_cmo both"),
        "limits?": null_or(many(LIMIT)),
        "senders?": many(NAME),
        "receivers?": many(NAME),
        "deputies?": many(NAME),
        "responsibilities?": REMARK,
        "method?": REMARK,
    }
)

TYPES: dict[str, Type] = {}


def facts(names: str, subject: str, roles: str, fields: Fields, **marks: Any) -> None:
    has_schema = shape({"salt": SALT, "attachments?": many(ATTACHMENT), **fields})
    for name in names.split():
        TYPES[f"{name}.v1"] = Type(False, subject, frozenset(roles.split()), has_schema, **marks)


def acts(names: str, subject: str, roles: str, fields: Fields, **marks: Any) -> None:
    signed = fields if "signature?" in fields else {**fields, "signature": SIGNATURE}
    has_schema = shape({"salt": SALT, "attachments?": many(ATTACHMENT), **signed})
    for name in names.split():
        TYPES[f"{name}.v1"] = Type(True, subject, frozenset(roles.split()), has_schema, **marks)


# The exchange (formats.md 10). A signature does not stand in the bodies of its acts there, and may be in them.

RUNNERS = "admin operator"
BEGINS = {"opens": True, "is_free_at_first": True}
OPENED: Fields = {"generation": NUMBER, "previous": null_or(shape({"checkpoint": TEXT, "proof": TEXT}))}
OPENED |= {"mah": PARTY, "cmo": PARTY, "fingerprint": TEXT}
ANNOUNCED: Fields = {"rule_set": NUMBER, "events": many(matches(EVENT_TYPE)), "software": NAME}
CALENDAR: Fields = {"calendar": CODE, "version": NUMBER, "year": NUMBER, "provisional": BOOL}
CALENDAR |= {"days_off": many(DAY), "make_up_workdays": many(DAY)}
PERIOD: Fields = {"person": PERSON, "roles": many(ROLE, 1), "from": is_time, "to": null_or(is_time)}
CODE_OF_REFUSAL = matches(r"(entry|gate)\.[a-z][a-z0-9_]*")
ONE_REFUSED = shape({**LEAF_REF, "code": CODE_OF_REFUSAL, "detail": REMARK})
DISPUTED: Fields = {"refusal": shape(LEAF_REF), "entry": shape(LEAF_REF), "reason": TEXT}
SETTLED: Fields = {"entry": shape(LEAF_REF), "stands": BOOL, "reason": TEXT, "signature?": null_or(SIGNATURE)}
ERASED: Fields = {**LEAF_REF, "reason": TEXT, "legal_basis": TEXT, "signature?": null_or(SIGNATURE)}

facts("relationship.opened", "relationship", RUNNERS, OPENED, **BEGINS)
facts("gateway.announced", "relationship", RUNNERS, ANNOUNCED, **BEGINS)
facts("calendar.published", "journal", f"qa_manager {RUNNERS}", CALENDAR, **BEGINS)
facts("person.authorised person.withdrawn", "journal", "admin", PERIOD, **BEGINS)
NAMED: Fields = {"person": PERSON, "name": NAME, "contact?": null_or(REMARK)}
facts("person.named", "journal", "admin", NAMED, is_erasable=True, **BEGINS)
facts("journal.taken", "journal", RUNNERS, {"size": COUNT}, **BEGINS)
facts("entry.refused", "journal", RUNNERS, {"refused": many(ONE_REFUSED, 1, 256)}, **BEGINS)
facts("refusal.disputed", "journal", "qa_manager", DISPUTED, **BEGINS)
facts("key.rotated", "journal", RUNNERS, {"keys": many(TEXT, 1), "mirror_from": COUNT}, **BEGINS)
acts("dispute.settled", "journal", "qa_manager", SETTLED, opens=True)
acts("body.erased", "journal", "admin", ERASED, opens=True)

# Agreement and communication list

SIGNERS = "qa_manager qualified_person"
POLICIES = shape({"deviation_closure_approval?": many(CLASS), "partner_max_silence_hours?": NUMBER})
AGREED: Fields = {"version": NUMBER, "agreement_kind": word("quality contract_manufacturing"), "policies?": POLICIES}
AGREED |= {"products?": many(PRODUCT), "terms?": many(shape({"clause": CODE, "text": TEXT}))}
AGREED |= {"consult_right": BOOL, "inspect_right": BOOL}
LISTED: Fields = {"version": NUMBER, "agreement": REF, "rows": many(ROW)}

facts("agreement.drafted", "agreement", "qa_manager", AGREED, opens=True)
facts("communication_list.drafted", "communication_list", "qa_manager", LISTED, opens=True)
for matter in ("agreement", "communication_list"):
    acts(f"{matter}.signed", matter, SIGNERS, {"draft": REF})
    acts(f"{matter}_review.signed", f"{matter}_review", SIGNERS, {"draft": REF}, opens=True)
    acts(f"{matter}.activated", matter, "qa_manager", {"signatures": many(REF), "effective_from": DAY})

# Deviations

STAFF, RECORDERS = "qa_staff qa_manager", "qa_staff qa_manager integrator"
FOUND: Fields = {"number": CODE, "source": NAME, "external_number?": null_or(CODE), "title": TITLE}
FOUND |= {"description?": null_or(TEXT), "detected_at": is_stated, "occurred_at?": null_or(is_stated)}
FOUND |= {"product?": null_or(PRODUCT), "batches?": many(BATCH), "line?": null_or(CODE), "site?": null_or(CODE)}
CORRECTED: Fields = {"entry": REF, "changes": many(CHANGED, 1), "reason": TEXT}

facts("deviation.opened", "deviation", RECORDERS, FOUND, author="cmo", opens=True)
facts("deviation.classified", "deviation", RECORDERS, {"class": CLASS, "rationale": TEXT})
facts("deviation.investigated", "deviation", STAFF, {"cause": TEXT, "impact": TEXT, "conclusion": TEXT})
facts("deviation.answered", "deviation", STAFF, {"question": REF, "text": TEXT})
facts("deviation.corrected", "deviation", STAFF, CORRECTED)
facts("deviation.batch_linked", "deviation", RECORDERS, {"batch": BATCH})
acts("deviation.closed", "deviation", SIGNERS, {"investigation": REF, "approval?": null_or(REF)})

REVIEW = "deviation_review"
facts(f"{REVIEW}.acknowledged", REVIEW, STAFF, {"entry": REF, "text?": null_or(TEXT)}, opens=True)
facts(f"{REVIEW}.asked", REVIEW, STAFF, {"text": TEXT, "entry?": null_or(REF)}, opens=True)
facts(f"{REVIEW}.corrected", REVIEW, STAFF, CORRECTED, opens=True)
facts(f"{REVIEW}.closure_rejected", REVIEW, SIGNERS, {"investigation": REF, "reason": TEXT}, opens=True)
acts(f"{REVIEW}.closure_approved", REVIEW, SIGNERS, {"investigation": REF}, opens=True)


def has_schema(name: str, body: Json) -> bool:
    return TYPES[name].has_schema(body) and (name != "relationship.opened.v1" or is_opening(body))


# Labels


def labels_of(name: str, body: Json) -> set[str]:
    """[2] "The catalogue says which fields of a body are labels": b batch, p product code, l line, s site."""
    match name.removesuffix(".v1"):
        case "deviation.opened":
            products = [body.get("product") or {}]
            places = {f"{place}/{body[place]}" for place in ("line", "site") if body.get(place) is not None}
            return places | _batches(each["number"] for each in body.get("batches", [])) | _products(products)
        case "deviation.batch_linked":
            return _batches([body["batch"]["number"]])
        case "deviation.corrected":
            changes = [each for each in body["changes"] if IS_BATCH(each["field"])]
            return _batches(each["after"] for each in changes if each.get("after"))
        case "agreement.drafted":
            return _products(body.get("products", []))
    return set()


IS_BATCH = matches(r"batches\.\d+\.number|batch\.number")


def _batches(numbers: Iterable[str]) -> set[str]:
    return {f"batch/{number}" for number in numbers}


def _products(products: Iterable[Json]) -> set[str]:
    return {f"product/{each['code']}" for each in products if each.get("code") is not None}
