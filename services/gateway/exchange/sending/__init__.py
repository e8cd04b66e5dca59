"""What goes out: committed pages, receipts and requests, and what happens because time passes."""
