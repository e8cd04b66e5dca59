"""From the address in the settings to the wire that it names."""

import re
from pathlib import Path

from infra.wire.embedded import EmbeddedWire
from infra.wire.errors import WireAddressError
from infra.wire.kafka.wire import KafkaWire

FORMS = "embedded:<file> or kafka:<host:port>[,<host:port>]"

_BROKER = re.compile(r"(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]):([1-9][0-9]{0,4})")
_LAST_PORT = 65_535


def open_wire(address: str) -> EmbeddedWire | KafkaWire:
    """Return the wire of an address, `embedded:<file>` or `kafka:<host:port>[,<host:port>]`; nothing is connected yet.

    Raises:
        WireAddressError: the address has another form, or the file cannot be where it is said to be.
    """
    kind, colon, place = address.partition(":")
    if kind == "embedded" and place:
        return EmbeddedWire(_file(place))
    if kind == "kafka" and place:
        return KafkaWire(_brokers(place))
    if kind in ("embedded", "kafka"):
        raise WireAddressError(f"{address} names no place; try: {FORMS}")
    raise WireAddressError(f"a wire of kind {kind if colon else address!r} is not known; try: {FORMS}")


def _file(place: str) -> Path:
    file = Path(place)
    if "\0" in place or file.is_dir() or file.name in ("", ".."):
        raise WireAddressError(f"embedded:{place} names no file; try: embedded:{file / 'wire.sqlite'}")
    if not file.parent.is_dir():
        raise WireAddressError(f"the folder of embedded:{place} does not exist; try: mkdir -p {file.parent}")
    return file.absolute()


def _brokers(place: str) -> str:
    brokers = [broker.strip() for broker in place.split(",")]
    for broker in brokers:
        found = _BROKER.fullmatch(broker)
        if found is None or int(found[1]) > _LAST_PORT:
            raise WireAddressError(f"{broker!r} is no broker's host and port; try: kafka:localhost:9092")
    return ",".join(brokers)
