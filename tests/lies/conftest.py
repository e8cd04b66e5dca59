"""Two paired gateways for every test, as in the tests of the exchange."""

from tests.services.exchange.conftest import strangers, world

__all__ = ["strangers", "world"]
