"""Why there is no server: nothing to run it with, or it did not come up."""

from infra.errors import InfraError


class ServersMissingError(InfraError):
    """This machine has nothing to run the server with; the text ends with the one command that changes that."""

    code = "servers.missing"


class ServerFailedError(InfraError):
    """The server was started and did not come up, or would not go down; the text holds the end of its log."""

    code = "servers.failed"


class PortTakenError(ServerFailedError):
    """Another process listens on the server's port; Kafka ends with exit 1 and no word about it."""

    code = "servers.port_taken"
