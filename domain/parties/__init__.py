"""Who acts for a party: people with roles, the rights of each role, and what a system may say."""
