"""Two gateways with their interfaces, as the tests of the interface have them."""

from tests.services.api.conftest import clerk, cmo, mah, pair, strangers
from tests.services.cli.conftest import cli

__all__ = ["clerk", "cli", "cmo", "mah", "pair", "strangers"]
