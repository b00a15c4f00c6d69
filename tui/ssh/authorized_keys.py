"""What sshd asks for each key that a client offers (`AuthorizedKeysCommand … %u %t %k`): is it bound to somebody?

It prints one line for a key that opens something and nothing for any other, whatever goes wrong: then the client goes
on with its next key, or with whatever else the door takes. It does the same work for both kinds of keys.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import pwd
import sys
from collections.abc import Sequence
from pathlib import Path

from services.settings import Settings, load_settings
from services.ssh_keys.lookup import opens

_RESTRICTED = "restrict,pty"
"""Nothing is forwarded and no rc file runs, also where the server's configuration should forget to say so."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Answer, and always end with 0: sshd writes any other code into the machine's log at every key."""
    home: Path | None = None
    try:
        options = _options(arguments)
        home = options.home
        settings = load_settings(home, os.environ)
        # A machine could ask this for all its accounts; the keys are for that of the desk alone.
        if options.account == pwd.getpwuid(os.geteuid()).pw_name and _opens(settings, options.kind, options.blob):
            print(f"{_RESTRICTED} {options.kind} {options.blob}", flush=True)
    except Exception as error:  # noqa: BLE001 - nothing may reach the server's side of this program
        with contextlib.suppress(Exception):
            _log(home, error)
    return 0


def _opens(settings: Settings, kind: str, blob: str) -> bool:
    return opens(settings.database_url, kind, blob)


class _Silent(argparse.ArgumentParser):
    """Says nothing of words that it does not know."""

    def error(self, message: str) -> None:  # type: ignore[override] # it raises, as the caller does not leave
        raise ValueError(message)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    words = _Silent(add_help=False)
    words.add_argument("--home", type=Path)
    words.add_argument("account")
    words.add_argument("kind")
    words.add_argument("blob")
    return words.parse_args(arguments)


def _log(home: Path | None, error: Exception) -> None:
    # Only now: it takes longer than the question.
    from tui.faults import start_log, write_down

    if home is not None:
        start_log(home / "trakdesk.log")
        write_down(error)


if __name__ == "__main__":
    sys.exit(main())
