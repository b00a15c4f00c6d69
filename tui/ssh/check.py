"""Proves a desk over SSH: what the server says of itself, what lies on the machine, and what a client gets to do."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from services.doctor.finding import Finding, bad, good, hint
from services.errors import Refused
from tui.ssh import effective, place, probes
from tui.ssh.client import PROGRAM, Client
from tui.ssh.layout import Door, Layout, read_layout

USUAL_PORT = 22


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be looked at.

    Attributes:
        host: empty for this machine, which is looked at from within too.
        port: None for the one that was installed.
        identity: a private key that is bound to somebody.
        config: of the server, where it is not one that was installed.
    """

    account: str
    host: str = ""
    port: int | None = None
    identity: Path | None = None
    config: Path | None = None


def check(asked: Asked) -> Iterator[Finding]:
    """All findings, as they are made. Raises Refused for what was asked wrongly."""
    if asked.identity and not asked.identity.is_file():
        raise Refused(f"There is no key {asked.identity}.")
    if not (shutil.which("ssh") or shutil.which(PROGRAM)):
        raise Refused("All is tried with the OpenSSH client, which this machine does not have. Install it.")
    layout = None
    if not asked.host:
        layout = installed(asked.account)
        yield from effective.examine(layout, asked.config)
        yield from place.examine(layout)
    port = asked.port or (layout.port if layout else None) or USUAL_PORT
    client = Client(asked.host or "127.0.0.1", port, asked.account, asked.identity)
    yield from _tried(client, layout)


def installed(account: str) -> Layout:
    """What was installed on this machine for the account. Raises Refused."""
    drop_in = Layout(Path("/"), account).drop_in
    try:
        layout = read_layout(drop_in.read_text(encoding="utf-8"), Path(sys.executable))
    except OSError:
        layout = None
    if layout is None:
        raise Refused(
            f"There is no {drop_in} of ours on this machine. Run `trakdesk ssh install`, or name another machine "
            "with --host."
        )
    return layout


def _tried(client: Client, layout: Layout | None) -> Iterator[Finding]:
    if layout and layout.door is Door.KEYS:
        yield _without_key(client)
        if client.identity is None:
            yield hint("the rest", "not tried", "Name a key that is bound to somebody: --identity.")
            return
    first = probes.reach(client)
    yield first
    if not first.well:
        return
    for probe in probes.WITHOUT_HOME:
        yield probe(client)
    if layout is None:
        yield hint("variables", "not looked at", "Run this on the desk's machine, as root.")
        return
    try:
        yield probes.forward_socket(client, layout.home)
        yield from probes.environment(client, layout.home)
    except PermissionError:
        yield hint("variables", "not looked at", "Run this as root or as the account.")


def _without_key(client: Client) -> Finding:
    answer = Client(client.host, client.port, client.account).ask("-T")
    if answer.code == 255 and "Permission denied" in answer.err:
        return good("without a key", "nobody gets in")
    said = answer.err.strip().splitlines() or ["no answer"]
    return bad("without a key", f"not refused as it should be: {said[-1]}", "Run `trakdesk ssh install` again.")
