"""Logs: one JSON object a line on standard error, for our own words and for those of the libraries alike."""

import logging
import sys
from typing import Any, TextIO

import orjson
import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from infra.telemetry.redaction import redact

_LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}
_CHATTY = ("httpx", "httpcore", "kafka", "alembic", "sqlalchemy.engine")  # what they say below a warning is no news

# JSON lets them stand, but a terminal or a reader of lines may take them for a command or the end of a line.
_ESCAPED = {code: f"\\u{code:04x}" for code in (*range(0x7F, 0xA0), 0x2028, 0x2029)}


def configure_logs(level: str = "info", stream: TextIO | None = None) -> None:
    """Send all logs of the process, from a level on, to a stream: standard error by default.

    Raises:
        ValueError: the level is none of debug, info, warning, error.
    """
    if level not in _LEVELS:
        raise ValueError(f"{level!r} is no level; try: {', '.join(_LEVELS)}")
    handler = logging.StreamHandler(sys.stderr if stream is None else stream)
    handler.setFormatter(_formatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(_LEVELS[level])
    for name in _CHATTY:
        logging.getLogger(name).setLevel(max(logging.WARNING, _LEVELS[level]))
    structlog.configure(
        processors=[*_shared(), structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(_LEVELS[level]),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )


def _shared() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]


def _formatter() -> logging.Formatter:
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*_shared(), structlog.stdlib.PositionalArgumentsFormatter()],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            _without_secrets,
            structlog.processors.JSONRenderer(serializer=_as_json),
        ],
    )


def _without_secrets(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Redact last, when texts of exceptions are in it too."""
    return {name: redact(name, value) for name, value in event.items()}


def _as_json(event: Any, **_options: Any) -> str:  # noqa: ANN401 - a hook's signature
    return orjson.dumps(event, default=repr, option=orjson.OPT_NON_STR_KEYS).decode().translate(_ESCAPED)
