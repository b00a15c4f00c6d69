"""Made-up clients for a first look at the desk; no real person's names, addresses or numbers."""

from __future__ import annotations

from pathlib import Path


def sample_clients_path() -> Path:
    """The list of 1,204 made-up clients, as an upload takes it."""
    return Path(__file__).with_name("clients.csv")


def sample_staff_path() -> Path:
    """The office staff of three offices, one without an address, some not there any more."""
    return Path(__file__).with_name("office-staff.csv")


def sample_legacy_path() -> Path:
    """Accounts of an old system with its access key; each password is `legacy-` and the user name."""
    return Path(__file__).with_name("legacy-users.csv")
