"""A regulator's measures: they bind until the regulator's own document ends them."""
