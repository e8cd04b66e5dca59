"""Settings of a gateway: environment variables with the prefix COUNTERFOIL_, checked before anything starts.

Secrets may be given as files (`COUNTERFOIL_PASSPHRASE_FILE`, `COUNTERFOIL_STORE_PASSWORD_FILE`). Unknown variables with
the prefix are refused, so that a misspelt one is not silently without effect.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import quote

from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "COUNTERFOIL_"
# Read by tests, benches and the demo, not by a gateway.
_OF_PEOPLE = {"TOKEN", "URL", "LANG", "PARTY", "SIGNING_PASSWORD_FILE"}
_ELSEWHERE = {"KAFKA", "POSTGRES", "CACHE", "CAMPAIGN", "REAL_DATA", "SERVERS"} | _OF_PEOPLE


class SettingsError(Exception):
    """The settings are not usable; the message names each variable and what would be right."""


class Settings(BaseSettings):
    """What an operator may set."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True)

    data: Path = Field(default=Path("counterfoil-data"), description="folder of keys, the SQLite store and locks")
    blobs: Path | None = Field(default=None, description="folder of attachments; empty: `blobs` in the data folder")
    store: str = Field(default="", description="SQLAlchemy URL; empty: SQLite in the data folder")
    store_password_file: Path | None = Field(default=None, description="file with the store's password")
    wire: str = Field(default="", description="embedded:<file> or kafka:<host:port>[,<host:port>]")
    listen_host: str = Field(default="127.0.0.1", description="address the HTTP interface listens on")
    listen_port: Annotated[int, Field(ge=0, le=65535)] = Field(default=8080, description="its port")
    max_connections: Annotated[int, Field(ge=1, le=1_000_000)] = Field(
        default=4096, description="connections at once; for one more, the longest idle one is closed"
    )
    max_streams: Annotated[int, Field(ge=1, le=100_000)] = Field(
        default=100, description="live streams (/v1/stream) at once; one more is refused (429)"
    )
    keep_alive_seconds: Annotated[float, Field(gt=0, le=3600)] = Field(
        default=30.0, description="a connection without a request is closed"
    )
    header_seconds: Annotated[float, Field(gt=0, le=3600)] = Field(
        default=10.0, description="the head of a request is whole by then (408)"
    )
    min_bytes_per_second: Annotated[int, Field(ge=1)] = Field(
        default=1024, description="a body, or the reading of an answer, that is slower is ended (408)"
    )
    passphrase: SecretStr | None = Field(default=None, description="opens the key files")
    passphrase_file: Path | None = Field(default=None, description="file with the passphrase")
    signature_confirmation: Literal["required", "enrolled"] = Field(
        default="required",
        description="who confirms signatures by password or code: required (everybody) or enrolled (who has one)",
    )
    heartbeat_seconds: Annotated[float, Field(gt=0, le=3600)] = Field(default=5.0, description="receipts repeat")
    outbox_limit: Annotated[int, Field(gt=0)] = Field(
        default=1_000_000, description="entries that may wait for the partner before commands are refused (503)"
    )
    silence_alarm_seconds: Annotated[float, Field(gt=0)] = Field(default=3600.0, description="partner silent: alarm")
    log_level: Literal["debug", "info", "warning", "error"] = Field(default="info")
    alarm_command: str | None = Field(default=None, description="command that gets each alarm as JSON on its input")
    alarm_webhook: str | None = Field(default=None, description="address that gets each alarm as a JSON POST")

    @model_validator(mode="after")
    def _one_passphrase(self) -> Self:
        if self.passphrase is not None and self.passphrase_file is not None:
            raise ValueError("give COUNTERFOIL_PASSPHRASE or COUNTERFOIL_PASSPHRASE_FILE, not both")
        return self

    def secret(self) -> bytes:
        """Return the passphrase of the key files.

        Raises:
            SettingsError: none is given, or its file cannot be read or is empty.
        """
        if self.passphrase is not None:
            return self.passphrase.get_secret_value().encode()
        if self.passphrase_file is None:
            raise SettingsError("no passphrase; try: set COUNTERFOIL_PASSPHRASE_FILE to a file that holds it")
        return _read_secret(self.passphrase_file)

    def store_url(self) -> str:
        """Return the store's URL, with the password from its file where one is set."""
        url = self.store or f"sqlite:///{self.data / 'store.sqlite'}"
        if self.store_password_file is None:
            return url
        scheme, _, rest = url.partition("://")
        user, at, host = rest.rpartition("@")
        if not at or ":" in user:
            raise SettingsError("COUNTERFOIL_STORE_PASSWORD_FILE needs a COUNTERFOIL_STORE with a user and no password")
        return f"{scheme}://{user}:{quote(_read_secret(self.store_password_file).decode(), safe='')}@{host}"

    def blobs_folder(self) -> Path:
        """Return the folder of attachments."""
        return self.blobs or self.data / "blobs"

    def wire_address(self) -> str:
        """Return the wire's address; by default a file beside the store that nobody else reads."""
        return self.wire or f"embedded:{self.data / 'wire.sqlite'}"


def _read_secret(path: Path) -> bytes:
    try:
        secret = path.read_bytes().strip()
    except OSError as failure:
        raise SettingsError(f"cannot read {path}: {failure.strerror}; try: make it readable") from failure
    if not secret:
        raise SettingsError(f"{path} is empty; try: write the secret into it")
    return secret


def load_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings from the environment.

    Raises:
        SettingsError: a variable is unknown or its value is not usable.
    """
    given = os.environ if environment is None else environment
    names = {name.upper() for name in Settings.model_fields} | _ELSEWHERE
    unknown = sorted(name for name in given if name.startswith(PREFIX) and name.removeprefix(PREFIX) not in names)
    if unknown:
        raise SettingsError(f"unknown setting {', '.join(unknown)}; try: counterfoil config show")
    values = {name: given[key] for name in Settings.model_fields if (key := PREFIX + name.upper()) in given}
    try:
        return Settings.model_validate(values, strict=False)
    except ValidationError as failure:
        said = "; ".join(
            f"{PREFIX}{'_'.join(map(str, error['loc'])).upper()}: {error['msg']}" for error in failure.errors()
        )
        raise SettingsError(said) from failure
