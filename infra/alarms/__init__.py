"""Alarms on their way to people: the log, a command, a webhook.

Who may name a command or an address: the operator, in the settings. What is told is code, relationship, detail and
time; no record's text goes with it.
"""
