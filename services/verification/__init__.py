"""Showing that a caller is who they say, before something is done to their account."""
