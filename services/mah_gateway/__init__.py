"""Gateway of the marketing authorization holder: data and a main."""
