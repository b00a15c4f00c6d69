"""`trakdesk ssh`: brings the desk onto an SSH server, and proves that nothing else is behind it."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from services.errors import Refused
from tui import exits


def run(options: argparse.Namespace) -> int:
    """Do one step; `install` and `check` exit 1 when something is left to be looked at."""
    return _install(options) if options.step == "install" else _check(options)


def _install(options: argparse.Namespace) -> int:
    from tui.ssh import machine
    from tui.ssh.install import Install, remains
    from tui.ssh.layout import Door, Layout

    layout = Layout(
        options.install_home or options.home or Path(os.environ.get("TRAKDESK_HOME", "/var/lib/trakdesk")),
        options.account,
        Door(options.door),
        options.port,
        options.root,
        sessions=options.sessions,
        sessions_per_address=options.sessions_per_address,
    )
    if not layout.root.is_absolute():
        raise Refused(f"Name the folder of --root by its whole path, not {layout.root}.")
    machine.check_words(layout)
    if layout.root == Path("/") and os.geteuid() != 0 and not options.dry_run:
        raise Refused(
            "Only root may install this. Use sudo, look first with --dry-run, or write the files elsewhere with --root."
        )
    # What stands in the way is told before anything is written, and before anything is shown.
    machine.check_machine(layout, force=options.force)
    os.umask(0o022)
    try:
        for line in Install(layout, dry=options.dry_run).run():
            print(line, flush=True)
    except OSError as error:
        raise Refused(f"{error.filename} cannot be written: {error.strerror}.") from error
    left = remains(layout)
    for sentence in left:
        print(f"look at  {sentence}", file=sys.stderr)
    if not options.dry_run and layout.root == Path("/"):
        port = f"-p {layout.port} " if layout.port else ""
        print(f"Try it:  ssh {port}{layout.account}@localhost")
        print(f"Prove it: trakdesk ssh check{'' if layout.account == 'desk' else f' --account {layout.account}'}")
    return exits.NEEDS_A_LOOK if left else exits.DONE


def _check(options: argparse.Namespace) -> int:
    from tui.commands.findings import tell
    from tui.ssh.check import Asked, check

    bad = tell(check(Asked(options.account, options.host, options.port, options.identity, options.config)))
    return exits.NEEDS_A_LOOK if bad else exits.DONE
