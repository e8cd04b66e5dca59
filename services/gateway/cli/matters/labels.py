"""What the vocabulary says of matters and events, in both languages."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

from domain.matters import KIND_OF
from services.gateway.api.addresses import Address, event_name
from services.gateway.cli.rooms import Labels
from services.gateway.cli.words import Language

CATEGORY_OF = {kind: category for category, kind in KIND_OF.items()}
"""The category of the list of each kind of matter that is on it."""

_BETWEEN = {Language.ZH: "：", Language.EN: ": "}


def label_of_group(address: Address) -> Labels:
    """Return what a matter is; of a register that is not on the list, what its first entry says."""
    category = CATEGORY_OF.get(address.kind)
    if category is not None:
        return _said(_terms("categories")[category])
    return label_of_events(event_name(address.kind, next(iter(address.openings.values()))))


def label_of_events(*names: str) -> Labels:
    """Return what an event states, or the owner's and the partner's of one step."""
    return _said(*(_terms("event_types")[name] for name in names))


def _said(*terms: Mapping[str, str]) -> Labels:
    return {language: _in(language, terms) for language in Language}


def _in(language: Language, terms: Sequence[Mapping[str, str]]) -> str:
    names = dict.fromkeys(term[language] for term in terms)
    definitions = dict.fromkeys(term[f"definition_{language}"] for term in terms)
    return f"{' / '.join(names)}{_BETWEEN[language]}{' '.join(definitions)}"


@cache
def _terms(vocabulary: str) -> Mapping[str, Mapping[str, str]]:
    terms = json.loads(files("domain.vocabulary").joinpath(f"{vocabulary}.json").read_bytes())
    return {term["code"]: term for term in terms}
