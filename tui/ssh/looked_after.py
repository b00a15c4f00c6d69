"""What `trakdesk doctor` says of the SSH side of this machine; `trakdesk ssh check` proves more."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

from services.doctor.finding import Finding, bad, good, hint, unused
from services.doctor.patience import PATIENCE
from services.errors import DeskError
from tui.ssh import effective, place
from tui.ssh.files import OURS
from tui.ssh.layout import Layout, read_layout

DROP_INS = Path("/etc/ssh/sshd_config.d")

_GREETING = b"SSH-"
"""How every SSH server begins."""

_AGAIN = "Run `trakdesk ssh install` again."


def examine(folder: Path = DROP_INS) -> Iterator[Finding]:
    """One finding for each desk over SSH on this machine, and one for all that is not as it should be."""
    found = [(path, _layout(path)) for path in sorted(folder.glob("trakdesk*.conf"))]
    if not found:
        yield unused("ssh", "no desk over SSH is installed on this machine", "To install one: docs/ssh.md.")
    for path, layout in found:
        if layout is None:
            yield bad("ssh", f"{path} is not as `trakdesk ssh install` writes it, or cannot be read", _AGAIN)
        else:
            yield from _examined(path, layout)


def _examined(path: Path, layout: Layout) -> Iterator[Finding]:
    troubles = [finding for finding in place.examine(layout) if not finding.well]
    if os.geteuid() == 0:
        troubles += [finding for finding in effective.examine(layout, None) if not finding.well]
    for trouble in troubles:
        yield bad(f"ssh {trouble.part}", trouble.words, trouble.remedy)
    if troubles:
        return
    silent = _silent(layout)
    if silent:
        words = f"{path} is as it was installed, but no SSH server answers at port {silent}"
        yield bad("ssh", words, f"Start it: systemctl start {layout.service if layout.port else 'ssh'}")
    elif os.geteuid() != 0:
        remedy = "Run `trakdesk ssh check` as root for the rest."
        yield hint("ssh", f"{path} is as it was installed; the server was not asked", remedy)
    else:
        yield good("ssh", f"{path} is as it was installed, and the server obeys it")


def _silent(layout: Layout) -> str:
    """The ports at which nobody answers; empty if somebody does, or if they are not known."""
    try:
        found = effective.addresses(layout)
    except (OSError, DeskError):
        return ""
    return "" if any(map(_speaks_ssh, found)) else ", ".join(dict.fromkeys(str(port) for _, port in found))


def _speaks_ssh(address: tuple[str, int]) -> bool:
    try:
        with socket.create_connection(address, timeout=PATIENCE) as line:
            return line.recv(len(_GREETING), socket.MSG_WAITALL) == _GREETING
    except OSError:
        return False


def _layout(path: Path) -> Layout | None:
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    return read_layout(text, Path(sys.executable)) if OURS in text else None
