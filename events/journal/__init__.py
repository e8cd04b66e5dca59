"""The journal: its tree, its pages and checkpoints, and what two parties say to each other about them."""
