"""Verifying a caller, and asking a colleague."""
