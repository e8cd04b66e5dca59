"""The event types of key persons."""

REGISTERED = "key_person.registered.v1"
DELEGATED = "key_person.delegated.v1"
WITHDRAWN = "key_person.withdrawn.v1"
