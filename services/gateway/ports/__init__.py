"""The world as the engine needs it: protocols that infra fits without importing them."""
