"""The list of communication items: who tells whom what, how, and within which time; signed by both parties."""
