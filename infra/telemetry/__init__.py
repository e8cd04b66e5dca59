"""What the gateway says of itself while it runs. No secret and no personal data is in it."""
