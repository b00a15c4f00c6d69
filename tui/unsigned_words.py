"""How long a desk over SSH waits for somebody to sign in, and what it says when nobody does."""

from __future__ import annotations

from datetime import timedelta

PATIENCE = timedelta(minutes=10)


def why_closed(patience: timedelta) -> str:
    """Said at the end."""
    minutes = patience // timedelta(minutes=1)
    return f"Nobody signed in for {minutes} minutes, so this desk has closed. Connect again when you want to sign in."
