"""Two paired gateways, as the exchange has them."""

from tests.services.exchange.conftest import strangers, world

__all__ = ["strangers", "world"]
