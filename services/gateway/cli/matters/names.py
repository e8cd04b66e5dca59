"""What the groups and their commands are called: known before anything large is loaded."""

from services.gateway.api.addresses import ALL, Address

OPEN = "open"


def group_name(address: Address) -> str:
    """Return what the group of a matter is called: its kind, with hyphens."""
    return address.kind.replace("_", "-")


def address_named(word: str) -> Address | None:
    """Return the matter whose group a word of the command line names."""
    return next((each for each in ALL if group_name(each) == word), None)


def command_path(address: Address, noun: str) -> str:
    """Return where a command is posted to: an opening, or a step of `{item}`."""
    openings = {opening_name(path): path for path in address.openings}
    return f"/v1/{address.plural}{openings.get(noun, f'/{{item}}/{noun}')}"


def opening_name(path: str) -> str:
    """Return the command of an opening, by its path behind the plural: `open`, or as the path says."""
    return path.strip("/") or OPEN
