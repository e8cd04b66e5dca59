"""What a store or a read model may answer instead of doing its work."""

from infra.errors import InfraError


class StoreUnavailableError(InfraError):
    """The database could not be reached or refused; nothing was written."""

    code = "store.unavailable"


class StoreFullError(StoreUnavailableError):
    """There is no space left for the database; nothing was written."""

    code = "store.full"


class CommitUnknownError(InfraError):
    """The answer to a commit was lost: read the store again before anything else is signed."""

    code = "store.commit_unknown"


class AppendConflictError(InfraError):
    """The entries do not follow the end of the journal that the store holds; nothing was written."""

    code = "store.append_conflict"


class StoreIntegrityError(InfraError):
    """A row contradicts what the store holds, for example a journal of a relationship that it does not know."""

    code = "store.integrity"


class StoreLockedError(InfraError):
    """Another process holds the store, or this one was opened without the lock."""

    code = "store.locked"


class StoreFencedError(StoreLockedError):
    """Another process took the store over since this one opened it: this one may never write again."""

    code = "store.fenced"


class StoreVersionError(InfraError):
    """The tables are of a newer version of this software than the one that opens them."""

    code = "store.newer_version"


class PositionMovedError(InfraError):
    """The read model does not stand at the position that the batch was folded from; nothing was written."""

    code = "read_model.position_moved"
