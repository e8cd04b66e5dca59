"""The two gateways themselves, the real engine stepped by hand, and the clients that give them commands."""
