"""A request to send again is believed only from the asker's journal key."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.errors import ResendError
from events.journal.resend import make_resend, parse_resend, verify_resend
from events.notes.note import parse_note, sign_note
from tests.events.golden.cast import CMO, MAH

AT = datetime(2026, 11, 22, 9, 30, 44, 123456, UTC)
RESEND = make_resend(CMO.origin, 7, AT, MAH.journal)
TEXT = parse_note(RESEND.note).text


def test_a_request_is_read_back_and_verified() -> None:
    request = parse_resend(RESEND.encode())
    assert request == RESEND
    assert (request.origin_wanted, request.first, request.time) == (CMO.origin, 7, "2026-11-22T09:30:44.123456Z")
    verify_resend(request, MAH.journal.vkey)


def test_a_request_is_written_as_specified() -> None:
    assert f"counterfoil/resend/v1\n{CMO.origin}\n7\n2026-11-22T09:30:44.123456Z\n".encode() == TEXT


def test_a_request_signed_by_another_key_is_not_believed() -> None:
    with pytest.raises(ResendError) as refused:
        verify_resend(RESEND, CMO.journal.vkey)
    assert refused.value.code == "resend.malformed"


@pytest.mark.parametrize(
    "text",
    [
        TEXT + b"more\n",
        TEXT.replace(b"/v1\n", b"/v2\n"),
        TEXT.replace(b"\n7\n", b"\n07\n"),
        TEXT.replace(b"\n7\n", b"\n-1\n"),
        TEXT.replace(b".123456Z", b"Z"),
        TEXT.replace(b"11-22", b"11-31"),
        b"counterfoil/resend/v1\n",
    ],
)
def test_a_request_in_another_form_is_malformed(text: bytes) -> None:
    with pytest.raises(ResendError) as refused:
        parse_resend(sign_note(text, MAH.journal))
    assert refused.value.code == "resend.malformed"


@given(st.binary(max_size=60))
def test_any_other_bytes_are_malformed(raw: bytes) -> None:
    with pytest.raises(ResendError):
        parse_resend(raw)
