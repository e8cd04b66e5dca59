"""The closed catalogue: which events there are, what their bodies hold, and who may write them."""
