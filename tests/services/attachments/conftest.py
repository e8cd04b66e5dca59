"""Two gateways with their interfaces, as the tests of the interface have them."""

from tests.services.api.conftest import clerk, cmo, mah, pair, strangers

__all__ = ["clerk", "cmo", "mah", "pair", "strangers"]
