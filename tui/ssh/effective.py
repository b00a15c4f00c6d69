"""What a server of this machine says it does with the account, held against what it should do."""

from __future__ import annotations

import subprocess
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from services.doctor.finding import Finding, bad, good
from services.errors import DeskError
from tui.ssh.install import MAIN_CONFIG, SSHD
from tui.ssh.layout import Layout
from tui.ssh.rules import Rule, general_rules, rules

NOTHING = ("no", "none")
"""What a server says that does not know a kind of access at all: it does not name the keyword."""


def told_by(config: Path, account: str, port: int) -> dict[str, list[str]]:
    """Every keyword with its values, as the server would use them for this account. Raises DeskError."""
    connection = f"user={account},host=localhost,addr=127.0.0.1,laddr=127.0.0.1,lport={port}"
    done = subprocess.run(  # noqa: S603 - our words, no shell
        [SSHD, "-T", "-f", str(config), "-C", connection], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise DeskError(done.stderr.strip() or "it says nothing")
    return read(done.stdout)


def read(said: str) -> dict[str, list[str]]:
    """What `sshd -T` has printed: keywords in small letters, with all that was said under each."""
    told: dict[str, list[str]] = defaultdict(list)
    for line in said.splitlines():
        keyword, _, value = line.partition(" ")
        told[keyword.lower()].append(value)
    return told


def judge(layout: Layout, config: Path, told: Mapping[str, list[str]]) -> list[Finding]:
    """One finding for each setting that is not as it should be, or one for all that are."""
    expected = [*rules(layout), *general_rules(layout)]
    part = f"settings of {config}"
    found = [_finding(layout, part, rule, told) for rule in expected if not _holds(rule, told)]
    return found or [good(part, f"all {len(expected)} hold for {layout.account}")]


def examine(layout: Layout, config: Path | None) -> list[Finding]:
    """The settings of every server on this machine that knows the account, or of the one that is named."""
    servers = {MAIN_CONFIG: 22} | ({layout.server_config: layout.port} if layout.port else {})
    findings = []
    for path, port in ({config: layout.port or 22} if config else servers).items():
        try:
            told = told_by(path, layout.account, port or 22)
        except FileNotFoundError:
            return [bad("settings", f"{SSHD} is not there", "Install it: apt install openssh-server")]
        except DeskError as error:
            remedy = "Run this as root. If it is about a line, mend it, or run `trakdesk ssh install` again."
            findings.append(bad(f"settings of {path}", f"cannot be looked at: {error}", remedy))
            continue
        findings += judge(layout, path, told)
    return findings


def addresses(layout: Layout) -> list[tuple[str, int]]:
    """Where the server that has the desk listens. Raises DeskError or OSError."""
    if layout.port:
        return [("127.0.0.1", layout.port)]
    told = told_by(MAIN_CONFIG, layout.account, 22)["listenaddress"]
    # To the kernel "any address" as a destination is this machine.
    return [(host.strip("[]"), int(port)) for host, _, port in (line.rpartition(":") for line in told)]


def _holds(rule: Rule, told: Mapping[str, list[str]]) -> bool:
    values = told.get(rule.keyword.lower())
    if values is None:
        return rule.value in NOTHING
    return sorted(" ".join(values).split()) == sorted(rule.value.split())


def _finding(layout: Layout, part: str, rule: Rule, told: Mapping[str, list[str]]) -> Finding:
    said = " ".join(told.get(rule.keyword.lower(), ["unknown to this server"]))
    remedy = (
        f"Run `trakdesk ssh install` again. If it stays so, another file speaks before {layout.drop_in}: "
        f"grep -rin {rule.keyword} /etc/ssh"
    )
    return bad(part, f"{rule.keyword} is {said} and should be {rule.value}: {rule.danger}", remedy)
