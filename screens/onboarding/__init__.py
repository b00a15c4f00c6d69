"""The first steps of a new account."""
