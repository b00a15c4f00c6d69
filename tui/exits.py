"""The exit codes of every command."""

from __future__ import annotations

DONE = 0
NEEDS_A_LOOK = 1
NOT_DONE = 2
UNAVAILABLE = 3
FAULT = 70
STOPPED = 130
