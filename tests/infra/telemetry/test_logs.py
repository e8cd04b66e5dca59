"""A log line is one JSON object, whoever wrote it, and no canary ever stands in it."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from infra.telemetry.logs import configure_logs
from infra.telemetry.redaction import REDACTED, redact

CANARY = "cnry-7f3a9b"


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    stream = io.StringIO()
    configure_logs("info", stream)
    yield stream
    root.handlers[:] = before
    root.setLevel(level)
    structlog.reset_defaults()


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_our_own_words_and_those_of_libraries_have_one_form(stream: io.StringIO) -> None:
    structlog.get_logger("outbox").warning("page.sent", size=7, relationship="M/C")
    logging.getLogger("uvicorn.error").info("started on %s", "port")

    ours, theirs = lines(stream)
    assert (ours["event"], ours["level"], ours["logger"], ours["size"]) == ("page.sent", "warning", "outbox", 7)
    assert (theirs["event"], theirs["level"], theirs["logger"]) == ("started on port", "info", "uvicorn.error")
    assert ours["timestamp"].endswith("Z")


def test_what_is_below_the_level_is_not_said(stream: io.StringIO) -> None:
    structlog.get_logger("outbox").debug("too fine")
    logging.getLogger("x").debug("too fine")
    logging.getLogger("httpx").info("HTTP Request: POST https://hook/token")

    assert stream.getvalue() == ""


@pytest.mark.parametrize("level", ["", "INFO", "trace"])
def test_an_unknown_level_is_refused(level: str) -> None:
    with pytest.raises(ValueError, match="try: debug, info, warning, error"):
        configure_logs(level)


def test_a_line_break_in_a_text_makes_no_second_line(stream: io.StringIO) -> None:
    structlog.get_logger("api").error("refused", detail='x"}\n{"event": "forged\u2028"}')

    assert len(lines(stream)) == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"token": CANARY},
        {"passphrase": CANARY},
        {"secret": CANARY.encode()},
        {"Authorization": f"Bearer {CANARY}"},
        {"headers": {"authorization": CANARY, "cookie": [CANARY]}},
        {"request": [{"alarm_token": {"deep": CANARY}}]},
        {"detail": f"GET / Authorization: Bearer {CANARY}"},
        {"url": f"postgresql://counterfoil:{CANARY}@host/db"},
        {"detail": f"COUNTERFOIL_PASSPHRASE={CANARY} was set"},
        {"label_private": CANARY.encode()},
        {"raw": CANARY.encode()},
    ],
)
def test_no_secret_is_logged(fields: dict[str, Any], stream: io.StringIO) -> None:
    structlog.get_logger("api").info("request", **fields)

    assert CANARY not in stream.getvalue()
    assert lines(stream)[0]["event"] == "request"


def test_no_secret_of_an_exception_is_logged(stream: io.StringIO) -> None:
    try:
        raise RuntimeError(f"cannot connect to postgresql://user:{CANARY}@host/db")  # noqa: TRY301 - what a driver does
    except RuntimeError:
        structlog.get_logger("store").exception("store.unavailable")

    assert CANARY not in stream.getvalue()
    assert "RuntimeError" in lines(stream)[0]["exception"]


def test_what_is_no_secret_stays(stream: io.StringIO) -> None:
    structlog.get_logger("api").info("x", status=200, path="/v1/deviations", is_token_valid=True, nothing=None)

    (line,) = lines(stream)
    assert (line["status"], line["path"], line["is_token_valid"], line["nothing"]) == (
        200,
        "/v1/deviations",
        True,
        None,
    )


_ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary() | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3) | st.tuples(inner),
)


@given(value=_ANYTHING)
def test_anything_can_be_redacted_and_nothing_of_a_secret_field_is_left(value: Any) -> None:
    assert redact("x_token", str(value)) == REDACTED
    redact("field", value)
