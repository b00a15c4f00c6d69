"""Looks at every part of a desk, and says for each whether it is well and what mends it."""
