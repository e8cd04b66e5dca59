"""Why keys, the party's file or the mark cannot be used. No text holds anything secret."""

from infra.errors import InfraError


class KeysError(InfraError):
    """The keys of a relationship cannot be used."""

    code = "keys.unusable"


class KeysMissingError(KeysError):
    """There is no key file for this relationship and role."""

    code = "keys.missing"


class KeysExistError(KeysError):
    """There are keys already; making others would cut the gateway off from its own journal."""

    code = "keys.exist"


class PassphraseError(KeysError):
    """The passphrase does not open the file, or is empty."""

    code = "keys.passphrase"


class KeysDamagedError(KeysError):
    """A key file is not as it was written."""

    code = "keys.damaged"


class KeysOpenToOthersError(KeysError):
    """Other users of the machine may read or change a private file."""

    code = "keys.open_to_others"


class KeysMismatchError(KeysError):
    """The public keys beside the private ones are others."""

    code = "keys.mismatch"


class KeysUnreachableError(KeysError):
    """The system refused to read or write a file."""

    code = "keys.unreachable"


class PartyError(InfraError):
    """The file that names the party cannot be used."""

    code = "party.unusable"


class MarkError(InfraError):
    """The mark cannot be read or moved: nothing may be signed."""

    code = "mark.unusable"
