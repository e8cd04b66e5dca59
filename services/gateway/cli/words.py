"""The two languages of the command line: English in the code, Chinese in `words.zh.json` under the English sentence."""

import json
from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import cache
from pathlib import Path


class Language(StrEnum):
    """A language of the command line."""

    ZH = "zh"
    EN = "en"


class Words:
    """Says a sentence in one language."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self._sentences, self._names = chinese() if language is Language.ZH else ({}, {})

    def __call__(self, sentence: str, /, **fields: object) -> str:
        """Return the sentence in the reader's language, its fields filled in; an unknown one stays English."""
        said = self._sentences.get(sentence, sentence)
        return said.format(**fields) if fields else said

    def name(self, name: str) -> str:
        """Return the name of a column or field in the reader's language; an unknown one stays as it is on the wire."""
        return self._names.get(name, name)


@cache
def chinese() -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Return the Chinese sentence for each English one, and the Chinese name for each column."""
    known = json.loads(Path(__file__).with_name("words.zh.json").read_text(encoding="utf-8"))
    return known["sentences"], known["names"]


def language_of(arguments: Sequence[str], environment: Mapping[str, str]) -> Language:
    """Return the language asked for by `--lang`, COUNTERFOIL_LANG, or the locale; English where none is known."""
    asked = _option(arguments, "--lang") or environment.get("COUNTERFOIL_LANG")
    if asked in set(Language):
        return Language(asked)
    locale = environment.get("LC_ALL") or environment.get("LC_MESSAGES") or environment.get("LANG") or ""
    return Language.ZH if locale.lower().startswith("zh") else Language.EN


def _option(arguments: Sequence[str], name: str) -> str | None:
    """Find an option before the command line is parsed, for its help texts need it."""
    for place, argument in enumerate(arguments):
        if argument == "--":
            return None
        if argument == name and place + 1 < len(arguments):
            return arguments[place + 1]
        if argument.startswith(f"{name}="):
            return argument.removeprefix(f"{name}=")
    return None
