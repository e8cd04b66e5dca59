"""From raw samples to the table: medians of the repeats, their spread, and the ratio that the goals are stated in."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from bench.rows import Measured, quantile

P99 = 0.99


@dataclass(frozen=True)
class Line:
    """One line of the table; `spread` is from the smallest to the largest of the repeats, in the unit of `figure`."""

    row: str
    what: str
    product: str
    limit: str
    figure: float
    spread: tuple[float, float]
    unit: str
    must: float
    goal: float
    higher_is_better: bool

    @property
    def met(self) -> str:
        """Say which of the two was met: goal, must or neither."""
        for name, wanted in (("goal", self.goal), ("must", self.must)):
            if (self.figure >= wanted) == self.higher_is_better or self.figure == wanted:
                return name
        return "missed"


@dataclass(frozen=True)
class Asked:
    """What the issue asks of a row: its words, the figure that must be reached, and the goal."""

    row: str
    what: str
    must: float
    goal: float


def line_of_rates(asked: Asked, measured: Measured) -> Line:
    """The ratio of two rates, repeat by repeat; higher is better."""
    product, limit = [one[0] for one in measured.product], [one[0] for one in measured.limit]
    ratios = [ours / theirs for ours, theirs in zip(product, limit, strict=True)]
    said = (f"{median(product):,.0f}/s", f"{median(limit):,.0f}/s")
    return _line(asked, said, ratios, "x", higher_is_better=True)


def line_of_delays(asked: Asked, measured: Measured) -> Line:
    """The difference of two p99, repeat by repeat, in milliseconds; lower is better."""
    product, limit = _p99s(measured.product), _p99s(measured.limit)
    added = [ours - theirs for ours, theirs in zip(product, limit, strict=True)]
    said = (f"{median(product):.1f} ms", f"{median(limit):.1f} ms")
    return _line(asked, said, added, " ms", higher_is_better=False)


def line_of_shares(asked: Asked, measured: Measured) -> Line:
    """The ratio of two figures of the same kind; lower is better."""
    product, limit = [one[0] for one in measured.product], [one[0] for one in measured.limit]
    ratios = [ours / theirs for ours, theirs in zip(product, limit, strict=True)]
    said = (f"{median(product):,.2f}", f"{median(limit):,.2f}")
    return _line(asked, said, ratios, "x", higher_is_better=False)


def _line(asked: Asked, said: tuple[str, str], figures: Sequence[float], unit: str, *, higher_is_better: bool) -> Line:
    spread = (min(figures), max(figures))
    return Line(
        asked.row,
        asked.what,
        *said,
        median(figures),
        spread,
        unit,
        asked.must,
        asked.goal,
        higher_is_better=higher_is_better,
    )


def as_text(lines: Sequence[Line]) -> str:
    """Return the table as Markdown."""
    header = ["id", "measure", "product", "limit, same run", "figure", "spread", "must", "goal", "met"]
    rows = [
        [
            line.row,
            line.what,
            line.product,
            line.limit,
            f"{line.figure:.2f}{line.unit}",
            f"{line.spread[0]:.2f}-{line.spread[1]:.2f}{line.unit}",
            f"{line.must:g}{line.unit}",
            f"{line.goal:g}{line.unit}",
            line.met,
        ]
        for line in lines
    ]
    return "\n".join("| " + " | ".join(row) + " |" for row in [header, ["---"] * len(header), *rows])


def _p99s(samples: Sequence[Sequence[float]]) -> list[float]:
    return [quantile(one, P99) * 1e3 for one in samples]
