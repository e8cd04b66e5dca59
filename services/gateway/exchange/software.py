"""Which version of this software announces itself."""

from importlib.metadata import PackageNotFoundError, version

try:
    SOFTWARE = version("counterfoil")
except PackageNotFoundError:
    SOFTWARE = "0"
"""The installed version, as `gateway.announced.v1` names it."""
