import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.gateway.importing.errors import MappingError
from services.gateway.importing.mapping import FIELDS as KNOWN
from services.gateway.importing.mapping import parse_mapping
from tests.services.importing.samples import FIELDS, mapping, mapping_bytes


def test_a_mapping_names_each_of_its_columns_once() -> None:
    assert mapping().columns == ("No", "Reason", "Found", "Class")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"colour": "red"}, "colour: is unknown"),
        ({"format": "counterfoil/mapping/v2"}, "format: "),
        ({"source": ""}, "source: "),
        ({"source": 7}, "source: "),
        ({"fields": {**FIELDS, "titel": {"column": "x"}}}, "fields.titel: is unknown; try: one of batches, class"),
        ({"fields": {**FIELDS, "line": {"colum": "x"}}}, "fields.line.colum: is unknown"),
        ({"fields": {**FIELDS, "line": {"column": "x", "constant": "y"}}}, "fields.line: takes one of"),
        ({"fields": {**FIELDS, "line": {}}}, "fields.line: takes one of"),
        ({"fields": {**FIELDS, "line": {"constant": "x", "default": "y"}}}, "are for a column"),
        ({"fields": {**FIELDS, "line": {"template": "{a"}}}, "fields.line"),
        ({"fields": {**FIELDS, "line": {"column": "x", "cut": 40}}}, "fields.line: cut is for the title"),
        ({"fields": {**FIELDS, "line": {"column": "x", "split": ";"}}}, "fields.line: split is for batches"),
        ({"fields": {**FIELDS, "line": {"column": "x", "offset": "Z"}}}, "fields.line: dates and offset are for"),
        ({"fields": {**FIELDS, "detected_at": {"column": "x", "dates": ["YY"]}}}, "'YY' is no form of dates; try: "),
        ({"fields": {**FIELDS, "detected_at": {"column": "x", "dates": []}}}, "fields.detected_at.dates"),
        ({"fields": {**FIELDS, "detected_at": {"column": "x", "offset": "8"}}}, "fields.detected_at.offset"),
        ({"fields": {**FIELDS, "class": {"constant": "grave"}}}, "fields.class: 'grave' is no class; try: major"),
        ({"fields": {**FIELDS, "class": {"column": "x", "values": {"I": "A"}}}}, "fields.class: 'A' is no class"),
        ({"fields": {k: v for k, v in FIELDS.items() if k != "detected_at"}}, "fields.detected_at: is missing"),
        ({"fields": {k: v for k, v in FIELDS.items() if k != "rationale"}}, "class and rationale go together"),
    ],
)
def test_what_is_wrong_with_a_mapping_is_told_with_its_place(changes: dict[str, Any], told: str) -> None:
    with pytest.raises(MappingError) as refused:
        parse_mapping(mapping_bytes(**changes))

    assert told in refused.value.detail
    assert refused.value.code == "import.mapping"


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (b"", "no JSON"),
        (b"[]", "valid dictionary"),
        (b'{"format": 1, "format": 2}', "'format' stands twice"),
        (b'{"format": NaN}', "NaN is no JSON"),
        (b"\xff\xfe{", "not UTF-8"),
        (b"[" * 100_000, "no JSON"),
        (b" " * 1_048_577, "larger than"),
    ],
)
def test_what_is_no_mapping_at_all_is_told(raw: bytes, told: str) -> None:
    with pytest.raises(MappingError, match=told):
        parse_mapping(raw)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(name=st.sampled_from(["format", "about", "source", "sheet", "fields", *KNOWN]), value=_JSON)
def test_any_value_anywhere_is_taken_or_refused_in_our_words(name: str, value: object) -> None:
    whole: dict[str, object] = {"format": "counterfoil/mapping/v1", "source": "QMS", "fields": dict(FIELDS)}
    if name in KNOWN:
        whole["fields"] = {**FIELDS, name: value}
    else:
        whole[name] = value
    try:
        parse_mapping(json.dumps(whole).encode())
    except MappingError:
        return
