"""Ways to tell people of an alarm; each takes it as JSON and either delivers it or raises."""

import shlex
import subprocess
from typing import Protocol

from infra.alarms.errors import AlarmUndeliveredError

COMMAND_SECONDS = 30.0
WEBHOOK_SECONDS = 10.0

_TOLD = 200  # characters of what a command complained


class Channel(Protocol):
    """One way to people."""

    @property
    def name(self) -> str:
        """What the way is called in the log."""

    def deliver(self, alarm: bytes) -> None:
        """Hand an alarm over.

        Raises:
            AlarmUndeliveredError: it was not taken.
        """


class CommandChannel:
    """Runs a command, without a shell, with the alarm on its standard input."""

    name = "command"

    def __init__(self, command: str, seconds: float = COMMAND_SECONDS) -> None:
        """Take a command line.

        Raises:
            ValueError: it is empty or its quotation marks do not close.
        """
        self._arguments = shlex.split(command)
        self._seconds = seconds
        if not self._arguments:
            raise ValueError("the alarm command is empty; try: the path of a program")

    def deliver(self, alarm: bytes) -> None:
        """Run the command once."""
        try:
            done = subprocess.run(  # noqa: S603 - the operator's own command, no shell
                self._arguments,
                input=alarm,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                timeout=self._seconds,
                check=False,
            )
        except subprocess.TimeoutExpired as failure:
            raise AlarmUndeliveredError(f"the command did not end within {self._seconds:.0f} s") from failure
        except OSError as failure:
            raise AlarmUndeliveredError(f"the command cannot be run: {failure.strerror}") from failure
        if done.returncode:
            complaint = done.stderr.decode("utf-8", "replace").strip()[-_TOLD:]
            raise AlarmUndeliveredError(f"the command ended with {done.returncode}: {complaint}")


class WebhookChannel:
    """Posts the alarm to an address; redirects are not followed."""

    name = "webhook"

    def __init__(self, address: str, seconds: float = WEBHOOK_SECONDS) -> None:
        """Take an http or https address.

        Raises:
            ValueError: it is none.
        """
        import httpx  # noqa: PLC0415 - a gateway without a webhook starts without it

        try:
            url = httpx.URL(address)
        except httpx.InvalidURL as failure:
            raise ValueError("the alarm webhook is no address; try: https://host/path") from failure
        if url.scheme not in ("http", "https") or not url.host:
            raise ValueError("the alarm webhook is no http address; try: https://host/path")
        self._url = url
        self._seconds = seconds

    def deliver(self, alarm: bytes) -> None:
        """Post once."""
        import httpx  # noqa: PLC0415 - as above

        headers = {"content-type": "application/json"}
        try:
            answer = httpx.post(
                self._url,
                content=alarm,
                headers=headers,
                timeout=self._seconds,
                follow_redirects=False,
                trust_env=False,
            )
        except httpx.HTTPError as failure:
            raise AlarmUndeliveredError(f"the webhook cannot be reached: {type(failure).__name__}") from failure
        if not answer.is_success:
            raise AlarmUndeliveredError(f"the webhook answered {answer.status_code}")
