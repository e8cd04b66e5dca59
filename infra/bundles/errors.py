"""Why a bundle could not be written or opened."""

from infra.errors import InfraError


class BundleFileError(InfraError):
    """The system refused, or there is a file of that name already."""

    code = "bundle.file"
