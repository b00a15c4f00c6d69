"""One desk over SSH, in the process that the launcher has become."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from tui import exits, terminal
from tui.cli import run_one
from tui.hardening import harden
from tui.ssh import slots


def main() -> int:
    """Open the desk unless there is no room; the exit code of the desk."""
    options = _options()
    harden()
    try:
        held = slots.take(
            options.home,
            terminal.place(),
            sessions=options.sessions,
            per_address=options.sessions_per_address,
        )
    except slots.Full as full:
        print(full, file=sys.stderr)
        return exits.NOT_DONE
    except OSError as error:
        print(f"The home folder of the desk cannot be used: {error.strerror}. Tell the administrator.", file=sys.stderr)
        return exits.UNAVAILABLE
    # The colours that the client asked for are those of this run, whatever somebody has chosen before.
    theme = os.environ.pop("TRAKDESK_THEME", "")
    try:
        return run_one(argparse.Namespace(module="desk", home=options.home, theme=theme or None, strangers=True))
    finally:
        os.close(held)


def _options() -> argparse.Namespace:
    words = argparse.ArgumentParser(prog="trakdesk")
    words.add_argument("--home", type=Path, required=True)
    words.add_argument("--sessions", type=int, required=True)
    words.add_argument("--sessions-per-address", type=int, required=True)
    return words.parse_args()


if __name__ == "__main__":
    sys.exit(main())
