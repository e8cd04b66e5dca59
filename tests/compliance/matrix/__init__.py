"""The matrix clause -> rule -> event -> endpoint -> test, read from the code."""
