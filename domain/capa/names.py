"""The event types of corrective and preventive actions."""

OPENED = "capa.opened.v1"
ACTION_COMPLETED = "capa.action_completed.v1"
EFFECTIVENESS_CHECKED = "capa.effectiveness_checked.v1"
CLOSED = "capa.closed.v1"
