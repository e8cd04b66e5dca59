"""Row versions in the store's database: written by projections, read by screens, rebuilt at any time."""
