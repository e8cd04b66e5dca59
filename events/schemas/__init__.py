"""The catalogue told to others: JSON Schema for heads and bodies, AsyncAPI for the topics. All of it is generated."""
