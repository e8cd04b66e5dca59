"""The inspector: the engine fed by evidence bundles instead of a wire; public keys only, nothing is ever written."""
