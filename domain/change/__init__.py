"""Changes: no implementation before category, approval and the regulator's step."""
