"""What is shown, folded from the store: row versions, moved in one transaction with the position reached."""
