"""What a matter is about: products, batches, lines and sites, each of which labels its entries."""

from collections.abc import Iterable, Iterator
from typing import Any

from pydantic import Field

from events.catalogue.bodies import Batch, Part, Product
from events.catalogue.forms import Code

MAX_OF_EACH = 100


class Scope(Part):
    """Products, batches, lines and sites; of a kind that is empty none is meant in particular."""

    products: list[Product] = Field(default_factory=list, max_length=MAX_OF_EACH)
    batches: list[Batch] = Field(default_factory=list, max_length=MAX_OF_EACH)
    lines: list[Code] = Field(default_factory=list, max_length=MAX_OF_EACH)
    sites: list[Code] = Field(default_factory=list, max_length=MAX_OF_EACH)

    @property
    def labels(self) -> tuple[str, ...]:
        """Return what labels an entry about this: `batch/B2026-001`, `product/P1`, `line/L2`, `site/S1`."""
        return tuple(dict.fromkeys(_labels(self.products, self.batches, self.lines, self.sites)))


def labels_of_scope(body: Any) -> tuple[str, ...]:  # noqa: ANN401 - any body with a scope
    """Return the labels of the scope of a body."""
    labels: tuple[str, ...] = body.scope.labels
    return labels


def _labels(
    products: Iterable[Product], batches: Iterable[Batch], lines: Iterable[str], sites: Iterable[str]
) -> Iterator[str]:
    yield from (f"batch/{batch.number}" for batch in batches)
    yield from (f"product/{product.code}" for product in products if product.code is not None)
    yield from (f"line/{line}" for line in lines)
    yield from (f"site/{site}" for site in sites)
