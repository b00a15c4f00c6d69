"""The program of one session in the browser, as a process that nobody prepared runs it."""

from __future__ import annotations

from services.settings import Settings
from tui.portal.prepared import Prepared


def run(settings: Settings, address: str) -> int:
    """Serve whoever is at the other end of the standard input and output, until they or their page have gone.

    Args:
        settings: of the desk.
        address: of the person, as the server believes it.
    """
    return Prepared(settings).run(address)
