"""The words of the trade in both languages, as `domain/vocabulary` holds them."""

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

import orjson


@lru_cache(maxsize=1)
def vocabularies() -> Mapping[str, list[dict[str, Any]]]:
    """Return all vocabularies by name; each is a list of terms."""
    folder = files("domain.vocabulary")
    names = sorted(file.name for file in folder.iterdir() if file.name.endswith(".json"))
    return {name.removesuffix(".json"): orjson.loads(folder.joinpath(name).read_bytes()) for name in names}
