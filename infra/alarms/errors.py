"""Why an alarm did not reach the people it is for."""

from infra.errors import InfraError


class AlarmUndeliveredError(InfraError):
    """A command or webhook did not take an alarm; it stands all the same."""

    code = "alarm.undelivered"
