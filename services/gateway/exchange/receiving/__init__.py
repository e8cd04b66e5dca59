"""What the partner sent: read from the wire, believed step by step, taken in, answered."""
