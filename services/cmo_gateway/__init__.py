"""Gateway of the contract manufacturer: data and a main."""
