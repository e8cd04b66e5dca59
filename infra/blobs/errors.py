"""Why a file is not taken in, or not handed out."""

from infra.errors import InfraError


class BlobsUnavailableError(InfraError):
    """The disk refused; what was durable of the file is kept."""

    code = "blob.unavailable"


class BlobDiskFullError(BlobsUnavailableError):
    """There is no room for the file; what was durable of it is kept."""

    code = "blob.disk_full"


class FileMissingError(InfraError):
    """The file is not here, or not whole."""

    code = "blob.missing"


class FileBusyError(InfraError):
    """Somebody else is taking this file in."""

    code = "blob.busy"


class TooManyIntakesError(FileBusyError):
    """As many files are being taken in as may be at once; try again later."""

    code = "blob.too_many"


class FileDiffersError(InfraError):
    """What came is not the file of this SHA-256 and size; nothing of it was kept."""

    code = "blob.differs"


class FileTooLargeError(InfraError):
    """The file has more bytes than were announced, or than one may have; nothing of it was kept."""

    code = "blob.too_large"


class WrongOffsetError(InfraError):
    """The file has come to another place than where it is to go on, or has another total; `have` says how far."""

    code = "blob.wrong_offset"

    def __init__(self, detail: str, have: int) -> None:
        super().__init__(detail)
        self.have = have
