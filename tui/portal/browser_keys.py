"""Keys that belong to the browser, and what the desk has on them."""

from __future__ import annotations

ON_F8 = (
    "sign_in.access_key",
    "board.look",
    "charts.look",
    "properties.look",
    "report.look",
    "reports.look",
    "uploads.load",
)
"""What stands on F5 elsewhere: in a browser that loads the page anew."""
