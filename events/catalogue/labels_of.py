"""Which fields of a body are labels. Free text is none."""

from collections.abc import Iterable, Iterator

from events.catalogue.agreement import AgreementDrafted
from events.catalogue.bodies import Product
from events.catalogue.deviation import Opened


def labels_of_agreement(body: AgreementDrafted) -> tuple[str, ...]:
    """Return the products that an agreement is about."""
    return tuple(dict.fromkeys(_products(body.products)))


def labels_of_opened(body: Opened) -> tuple[str, ...]:
    """Return the batches, the product, the line and the site of a deviation."""
    return tuple(dict.fromkeys(_labels_of_opened(body)))


def _labels_of_opened(body: Opened) -> Iterator[str]:
    yield from (_batch(batch.number) for batch in body.batches)
    if body.product is not None:
        yield from _products((body.product,))
    if body.line is not None:
        yield f"line/{body.line}"
    if body.site is not None:
        yield f"site/{body.site}"


def _batch(number: str) -> str:
    return f"batch/{number}"


def _products(products: Iterable[Product]) -> Iterator[str]:
    return (f"product/{product.code}" for product in products if product.code is not None)
