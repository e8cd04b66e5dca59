"""Another process on the same embedded wire: publishes pages one by one and says how many are acknowledged."""

import sys

from infra.wire.opening import open_wire
from tests.infra.wire.reading import pages


def main(address: str, topic: str, first: str, count: str) -> None:
    wire = open_wire(address)
    wire.ensure_topic(topic)
    for number in range(int(first), int(first) + int(count)):
        wire.publish(topic, pages(1, first=number))
        sys.stdout.write(f"{number + 1}\n")
        sys.stdout.flush()
    wire.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
