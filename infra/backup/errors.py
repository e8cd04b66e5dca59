"""Why there is no backup, or why it was not restored."""

from infra.errors import InfraError


class BackupError(InfraError):
    """No backup was made, or nothing was restored."""

    code = "backup.failed"


class BackupDamagedError(BackupError):
    """The file is no backup, or not as it was written."""

    code = "backup.damaged"


class BackupUnfitError(BackupError):
    """The backup is of another kind of store or of a newer version than what it is to be restored into."""

    code = "backup.unfit"


class PlaceNotEmptyError(BackupError):
    """A restore never overwrites: the place it is to go into holds something."""

    code = "backup.place_not_empty"
