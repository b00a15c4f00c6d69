"""Uploading a list of clients, step by step, and taking one back."""
