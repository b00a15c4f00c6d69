"""Uploads of client lists: CSV files of any spreadsheet, checked row by row and stored batch by batch."""

from __future__ import annotations

from services.clients.importing.run import ClientImport

__all__ = ["ClientImport"]
