"""Asking for a human, and answering."""
