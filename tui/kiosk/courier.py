"""Sends the mail of a kiosk, in a process without a terminal that ends with the kiosk."""

from __future__ import annotations

import sys

from tui.cli import main
from tui.hardening import end_with_parent, harden

if __name__ == "__main__":
    end_with_parent()
    harden()
    sys.exit(main([*sys.argv[1:], "deliver"]))
