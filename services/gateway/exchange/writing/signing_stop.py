"""What the scrub found stops signing, relationship by relationship, and a whole round without it lets it go on."""

from collections.abc import Mapping

from services.gateway.exchange.writing.writer import Writer


class SigningStop:
    """Hears the scrub for the writer."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._at_begin: frozenset[int] = frozenset()  # damaged when the round began

    def hear(self, damages: Mapping[int, str], ended: bool) -> None:  # noqa: FBT001 - the scrub's call
        """Take in what a round found so far; at its end, what was mended before it began may be signed again."""
        for number, detail in damages.items():
            if self._writer.damage_of(number) != detail:
                self._writer.note_damage(number, detail)
        if not ended:
            return
        for number in self._at_begin - damages.keys():
            self._writer.note_repair(number)
        self._at_begin = self._writer.damaged
