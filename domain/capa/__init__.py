"""Corrective and preventive actions, from planning to the check that they helped."""
