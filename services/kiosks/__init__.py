"""Locked terminals in lobbies: their identities, and what people do there."""
