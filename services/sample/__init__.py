"""Made-up clients for a first look at the desk; no real person's names, addresses or numbers."""

from __future__ import annotations

from pathlib import Path


def sample_clients_path() -> Path:
    """The list of 1,204 made-up clients, as an upload takes it."""
    return Path(__file__).with_name("clients.csv")
