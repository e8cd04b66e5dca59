"""Speaks with a gateway over HTTP: keys on unsafe calls, the same call again when the connection broke, plain errors.

A command whose answer was lost is sent again under the same idempotency key, so it is done once.
"""

import ipaddress
import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx

from events.encoding.base64 import encode_base64
from events.encoding.entry import leaf_of_line
from services.gateway.cli.confirming import Confirm
from services.gateway.cli.errors import UnreachableError, UsageError
from services.gateway.cli.problems import FULL, NOT_FOUND, UNAVAILABLE, ProblemError, members_of, problem_of

IDEMPOTENCY_KEY = "Idempotency-Key"
_SECONDS = 60.0  # how long one answer may take; a thousand rows are decided in one
_TRIES = 4
_PAUSE_SECONDS = 0.25  # doubles between tries
_PAGE = 200

_PIECE = 1024 * 1024  # bytes of a file that are in memory at once
_NO_MORE = 416  # the part asked for begins behind the file's end


_UNCONFIRMED = "signature-required"
_SIGNATURE = {"meaning"}  # nothing else in a request has one

Query = Mapping[str, str | int | bool | None]


class Client:
    """One gateway, one token."""

    def __init__(
        self,
        url: str,
        token: str,
        *,
        language: str = "en",
        transport: httpx.BaseTransport | None = None,
        pause: Callable[[float], None] = time.sleep,
        confirm: Confirm | None = None,
    ) -> None:
        if urlsplit(url).scheme not in ("http", "https"):
            raise _no_address(url)
        headers = {"Accept-Language": language} | ({"Authorization": f"Bearer {token}"} if token else {})
        self.url = url.rstrip("/")
        self._pause = pause
        self._confirm = confirm
        self._http = httpx.Client(
            base_url=self.url, headers=headers, timeout=_SECONDS, transport=transport, trust_env=not _is_near(url)
        )

    def get(self, path: str, query: Query | None = None) -> Any:  # noqa: ANN401 - JSON
        """Return the JSON at a path.

        Raises:
            ProblemError: the gateway refused.
            UnreachableError: it did not answer.
        """
        return self._asked("GET", path, query).json()

    def text(self, path: str, query: Query | None = None, *, accept: str = "*/*") -> str:
        """Return what stands at a path, verbatim."""
        return self._asked("GET", path, query, headers={"Accept": accept}).text

    def content(self, path: str, query: Query | None = None) -> bytes:
        """Return the bytes at a path."""
        return self._asked("GET", path, query).content

    def post(self, path: str, body: object, *, key: str | None = None, query: Query | None = None) -> Any:  # noqa: ANN401 - JSON
        """Give a command and return its answer; `key` is its idempotency key, a fresh one by default."""
        return self._sent("POST", path, body, key, query)

    def delete(self, path: str, *, key: str | None = None) -> Any:  # noqa: ANN401 - JSON
        """Take something back."""
        return self._sent("DELETE", path, None, key, None)

    def rows(
        self, path: str, query: Query | None = None, *, limit: int | None = None, page: int = _PAGE
    ) -> Iterator[dict[str, Any]]:
        """Return the rows of a list, page by page of at most `page` rows, at most `limit`."""
        asked: dict[str, str | int | bool | None] = {**(query or {}), "limit": min(limit or page, page)}
        left = limit
        while True:
            found = self.get(path, asked)
            for row in found["data"]:
                if left == 0:
                    return
                left = None if left is None else left - 1
                yield row
            if not found.get("next_cursor") or left == 0:
                return
            asked["cursor"] = found["next_cursor"]

    def entry(self, journal: str, position: int, relationship: str | None = None) -> dict[str, Any]:
        """Return the reference to an entry of a relationship, or of the only one, by its place.

        Raises:
            UsageError: there is no such entry, or there are several relationships and none is named.
        """
        end = f"/{journal}" if relationship is None else f"/{relationship}/{journal}"
        found = [row["origin"] for row in self.get("/v1/journals")["data"] if row["origin"].endswith(end)]
        if len(found) == 1:
            path = found[0].removeprefix("counterfoil/")
            line = self.text(f"/v1/journals/{path}/entries", {"from": position, "limit": 1})
            if line:
                leaf = leaf_of_line(line.rstrip("\n").encode())
                return {"journal": journal, "position": position, "leaf": encode_base64(leaf)}
        raise UsageError("there is no entry {place}", hint="counterfoil event tail", place=f"{journal}:{position}")

    def lines(self, path: str, query: Query | None = None, headers: Mapping[str, str] | None = None) -> Iterator[str]:
        """Return the lines of a stream as they come.

        Raises:
            UnreachableError: the connection broke.
        """
        try:
            with self._http.stream("GET", path, params=_clean(query), headers=headers, timeout=None) as answer:
                if answer.is_error:
                    answer.read()
                    raise problem_of(answer)
                yield from answer.iter_lines()
        except httpx.HTTPError as error:
            raise self._unreachable(error) from error

    def uploaded(self, path: str, query: Query | None = None) -> tuple[int, bool]:
        """Return how many bytes of a file the gateway has, and whether that is all of it."""
        try:
            headers = self._asked("HEAD", path, query).headers
        except ProblemError as error:
            if error.status == NOT_FOUND:
                return 0, False
            raise
        have = headers.get("Upload-Offset", "0")
        return int(have), have == headers.get("Upload-Length")

    def upload(
        self, path: str, content: Iterator[bytes], headers: Mapping[str, str], query: Query | None = None
    ) -> None:
        """Send a file, or the rest of one, piece by piece and once.

        Raises:
            UnreachableError: the connection broke: ask how much came, and go on there.
        """
        try:
            answer = self._http.put(path, params=_clean(query), headers=headers, content=content)
        except httpx.HTTPError as error:
            raise self._unreachable(error) from error
        if answer.is_error:
            raise problem_of(answer)

    def download(self, path: str, start: int) -> Iterator[tuple[bytes, int]]:
        """Return pieces of a file from a place on, and with each the size of the whole.

        Raises:
            UnreachableError: the connection broke: go on behind what came.
        """
        wanted = {"Range": f"bytes={start}-"} if start else {}
        try:
            with self._http.stream("GET", path, headers=wanted) as answer:
                if answer.status_code == _NO_MORE:
                    return
                if answer.is_error:
                    answer.read()
                    raise problem_of(answer)
                total = start + int(answer.headers["Content-Length"])
                for piece in answer.iter_bytes(_PIECE):
                    yield piece, total
        except httpx.HTTPError as error:
            raise self._unreachable(error) from error

    def rest(self, failures: int) -> None:
        """Wait a little before the next try, longer after each."""
        self._pause(_PAUSE_SECONDS * 2**failures)

    def is_up(self, seconds: float = 2.0) -> bool:
        """Tell whether the gateway answers at all."""
        try:
            return self._http.get("/livez", timeout=seconds).is_success
        except httpx.HTTPError:
            return False

    def readiness(self) -> tuple[bool, dict[str, Any]]:
        """Tell whether the gateway is ready, and what it says about itself.

        Raises:
            UnreachableError: it does not answer.
        """
        try:
            answer = self._http.get("/v1/health")
        except httpx.HTTPError as error:
            raise self._unreachable(error) from error
        return answer.is_success, members_of(answer)

    def close(self) -> None:
        """Let go of the connections."""
        self._http.close()

    def _sent(self, method: str, path: str, body: object, key: str | None, query: Query | None) -> Any:  # noqa: ANN401 - JSON
        headers = {IDEMPOTENCY_KEY: key or secrets.token_hex(16)}
        try:
            answer = self._asked(method, path, query, headers=headers, body=body)
        except ProblemError as error:
            confirmed = self._confirmed(body) if error.slug == _UNCONFIRMED else None
            if confirmed is None:
                raise
            answer = self._asked(method, path, query, headers=headers, body=confirmed)
        return answer.json() if answer.content else {}

    def _confirmed(self, body: object) -> object | None:
        """Return a request whose signature is confirmed; None where it has none, or nobody confirms it."""
        if self._confirm is None or not _is_signed(body):
            return None
        confirmation = self._confirm()
        return None if confirmation is None else _with_confirmation(body, confirmation)

    def _asked(
        self,
        method: str,
        path: str,
        query: Query | None,
        *,
        headers: Mapping[str, str] | None = None,
        body: object = None,
    ) -> httpx.Response:
        for left in reversed(range(_TRIES)):
            try:
                answer = self._http.request(method, path, params=_clean(query), headers=headers, json=body)
            except httpx.InvalidURL as error:
                raise _no_address(self.url) from error
            except httpx.HTTPError as error:
                if left == 0:
                    raise self._unreachable(error) from error
            else:
                if not answer.is_error:
                    return answer
                if answer.status_code < UNAVAILABLE or answer.status_code == FULL or left == 0:
                    raise problem_of(answer)
            self._pause(_PAUSE_SECONDS * 2 ** (_TRIES - 1 - left))
        raise UnreachableError("{url} does not answer", url=self.url)

    def _unreachable(self, error: Exception) -> UnreachableError:
        return UnreachableError(
            "{url} does not answer ({what})",
            hint="counterfoil serve, or set COUNTERFOIL_URL",
            url=self.url,
            what=str(error) or type(error).__name__,
        )


def _is_signed(body: object) -> bool:
    """Tell whether a request holds a signature: something that somebody means."""
    if isinstance(body, dict):
        return body.keys() >= _SIGNATURE or any(map(_is_signed, body.values()))
    return isinstance(body, list) and any(map(_is_signed, body))


def _with_confirmation(body: object, confirmation: Mapping[str, str]) -> object:
    """Return a request with each of its signatures confirmed."""
    if isinstance(body, list):
        return [_with_confirmation(each, confirmation) for each in body]
    if not isinstance(body, dict):
        return body
    said = {name: _with_confirmation(value, confirmation) for name, value in body.items()}
    return {**said, "confirmation": confirmation} if body.keys() >= _SIGNATURE else said


def _no_address(url: str) -> UsageError:
    return UsageError("{url} is no address of a gateway", hint="http://127.0.0.1:8080", url=url)


def _clean(query: Query | None) -> dict[str, str | int | bool]:
    return {name: value for name, value in (query or {}).items() if value is not None}


def _is_near(url: str) -> bool:
    """Tell whether an address is of this machine: proxies of the environment are not for it."""
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
