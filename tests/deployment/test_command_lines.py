"""The check of command lines finds what it is for."""

import pytest

from tests.deployment.command_lines import misunderstood


@pytest.mark.parametrize(
    "line",
    [
        "counterfoil health",
        "counterfoil --help",
        "counterfoil config show --json",
        "python -m services.mah_gateway serve",
    ],
)
def test_a_real_command_is_understood(line: str) -> None:
    assert misunderstood(line.split()) is None


@pytest.mark.parametrize(
    "line",
    [
        "counterfoil helth",
        "counterfoil config shew",
        "counterfoil health --no-such-option",
        "counterfoil health one argument too many",
        "python -m services.inspector serve",
        "curl localhost",
    ],
)
def test_any_other_is_not(line: str) -> None:
    assert misunderstood(line.split()) is not None
