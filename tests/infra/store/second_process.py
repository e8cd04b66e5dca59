"""Another process on the same store: says whether it may write, and holds the lock until its input ends."""

import sys

from infra.errors import InfraError
from infra.store.sql_store import open_store

HELD = "held"


def main(url: str) -> None:
    try:
        store = open_store(url)
    except InfraError as refused:
        _say(refused.code)
        return
    _say(HELD)
    sys.stdin.read()
    store.close()


def _say(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1])
