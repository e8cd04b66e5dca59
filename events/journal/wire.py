"""What travels on the wire (formats.md, section 4): records of one topic, and the place in it that a reader reached.

A record is bytes with a word that says what they are meant to be. Nothing of it is believed before it is verified.
"""

from dataclasses import dataclass

MAX_RECORD_BYTES = 1_048_576  # 1 MiB: the topic's own limit; what we publish is half of it
MAX_KIND_CHARACTERS = 32
FILES_SUFFIX = ".files"  # of a topic of files, which keeps its latest records alone: what is gone is asked for again


@dataclass(frozen=True, slots=True)
class WireRecord:
    """One record of a topic.

    `kind` says what the value is meant to be: `page`, `receipt`, `resend`, `returned`, `want`, `blob`, `revoked`; it is
    empty where a foreign producer wrote none or an odd one. A value beyond `MAX_RECORD_BYTES` is cut to that many bytes
    and one, so that whoever looks at its length still sees that it is too large.
    """

    kind: str
    value: bytes


@dataclass(frozen=True, slots=True)
class WirePosition:
    """Where a reader stands in a topic: `offset` is the next record to read.

    `topic_id` tells a topic from one of the same name that was made after it; a position in the one means nothing in
    the other.
    """

    topic_id: str
    offset: int


@dataclass(frozen=True, slots=True)
class Delivered:
    """A record as it was read, and the position `after` it, to be kept in the transaction that takes the record in."""

    record: WireRecord
    after: WirePosition
