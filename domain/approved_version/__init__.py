"""Versions of processes and of registered standards: approved by the holder, effective for products and sites."""
