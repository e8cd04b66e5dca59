"""Real servers for tests, benches and the demo: Kafka and PostgreSQL, from addresses given, by Docker, or run natively.

Nothing of a gateway depends on this room. The servers listen on 127.0.0.1 without passwords, hold no record that
matters, and die with the process that asked for them.
"""
