"""Clients: their list, their file, their changes."""
