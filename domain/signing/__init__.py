"""What a signature means and who may give it."""
