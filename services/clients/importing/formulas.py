"""Cells that no spreadsheet takes for a formula, and back."""

from __future__ import annotations

import re

# OWASP's list, with the wide forms that some editions of Excel read as the plain ones.
_STARTS = "=+\\-@\t\r\n\0＝＋－＠"
_DANGEROUS = re.compile(f"'*[{_STARTS}]")
_PROTECTED = re.compile(f"'+[{_STARTS}]")


def protect(cell: str) -> str:
    """The cell with an apostrophe before it if a spreadsheet would calculate it, or if `unprotect` would change it."""
    return f"'{cell}" if _DANGEROUS.match(cell) else cell


def unprotect(cell: str) -> str:
    """The cell without the apostrophe that `protect` put there; every other cell as it is."""
    return cell[1:] if _PROTECTED.match(cell) else cell
