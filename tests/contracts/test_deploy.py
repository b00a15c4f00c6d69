"""The files that run the desk for real on machines fit the program, and the pages about them name them all."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from collections import defaultdict
from pathlib import Path

import pytest

from services.colours import NAMES
from tests.places import ROOT
from tui import exits
from tui.parsers.everything import parser_of_all

DEPLOY = ROOT / "deploy"
PAGE = (ROOT / "docs" / "kiosk.md").read_text()
PAGES = "".join((ROOT / "docs" / name).read_text() for name in ("kiosk.md", "ssh.md", "portal.md"))
UNITS = sorted(DEPLOY.glob("*.service"))
OURS = [path for path in UNITS if path.name != "trakdesk-ssh.service"]
"""Units that run a command of ours, as a user without rights; the other one runs sshd, which needs some."""
LOCKS = {
    "CapabilityBoundingSet": "",
    "KeyringMode": "private",
    "LimitCORE": "0",
    "LockPersonality": "yes",
    "MemoryDenyWriteExecute": "yes",
    "NoNewPrivileges": "yes",
    "PrivateTmp": "yes",
    "ProtectControlGroups": "yes",
    "ProtectHome": "yes",
    "ProtectKernelModules": "yes",
    "ProtectKernelTunables": "yes",
    "ProtectProc": "invisible",
    "ProtectSystem": "strict",
    "RestrictAddressFamilies": "AF_UNIX AF_INET AF_INET6",
    "RestrictNamespaces": "yes",
    "RestrictSUIDSGID": "yes",
    "StateDirectoryMode": "0700",
    "SystemCallArchitectures": "native",
    "UMask": "0077",
}

Unit = dict[str, dict[str, list[str]]]


def read(path: Path) -> Unit:
    """A unit file: sections, keys, and all values of a key, which may stand several times."""
    unit: Unit = defaultdict(lambda: defaultdict(list))
    section = ""
    for line in path.read_text().splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif line and not line.startswith("#"):
            key, _, value = line.partition("=")
            unit[section][key].append(value)
    return unit


def trakdesk_words(line: str) -> list[str]:
    """What follows the name of the program, with what the unit fills in."""
    return shlex.split(line.partition("/trakdesk ")[2].replace("${KIOSK_NAME}", "Lobby"))


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.name)
def test_a_unit_runs_a_command_that_there_is(path: Path) -> None:
    [line] = read(path)["Service"]["ExecStart"]
    options = parser_of_all().parse_args(trakdesk_words(line))
    assert options.module in ("kiosk", "deliver", "portal")
    # The folder that systemd makes for it is the one that it uses.
    assert str(options.home) == f"/var/lib/{read(path)['Service']['StateDirectory'][0]}"


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.name)
def test_a_unit_gives_away_every_right(path: Path) -> None:
    service = read(path)["Service"]
    assert {key: service[key][-1] if service[key] else None for key in LOCKS} == LOCKS
    assert service["SystemCallFilter"] == ["@system-service", "~@resources @privileged"]
    assert service["User"] not in ([], ["root"])


def test_the_unit_of_the_ssh_server_keeps_what_sshd_needs_and_no_more() -> None:
    service = read(DEPLOY / "trakdesk-ssh.service")["Service"]
    needed = {"CapabilityBoundingSet", "KeyringMode", "ProtectProc", "RestrictAddressFamilies", "StateDirectoryMode"}
    kept = {key: value for key, value in LOCKS.items() if key not in needed}
    assert {key: service[key][-1] if service[key] else None for key in kept} == kept
    rights = " ".join(service["CapabilityBoundingSet"]).split()
    assert not {"CAP_SYS_ADMIN", "CAP_SYS_PTRACE", "CAP_SYS_MODULE", "CAP_NET_ADMIN", "CAP_SYS_RAWIO"} & {*rights}
    assert service["ExecStart"] == ["/usr/sbin/sshd -D -f /etc/ssh/trakdesk_sshd_config"]
    assert service["KillMode"] == ["control-group"]


@pytest.mark.parametrize("name", ["trakdesk-portal.service", "trakdesk-ssh.service"])
def test_strangers_over_a_network_cannot_take_all_memory(name: str) -> None:
    service = read(DEPLOY / name)["Service"]
    bounds = {key: service[key] for key in ("MemoryHigh", "MemoryMax", "OOMPolicy")}
    # One session that is ended for its memory does not end the others.
    assert bounds == {"MemoryHigh": ["75%"], "MemoryMax": ["85%"], "OOMPolicy": ["continue"]}


def test_only_staff_who_leave_a_kiosk_are_not_followed_by_it() -> None:
    service = read(DEPLOY / "trakdesk-kiosk@.service")["Service"]
    assert (service["Restart"], service["RestartSec"]) == (["always"], ["1"])
    assert service["RestartPreventExitStatus"] == service["SuccessExitStatus"] == [str(exits.LEFT)]


def test_a_kiosk_has_its_console_for_itself() -> None:
    unit = read(DEPLOY / "trakdesk-kiosk@.service")
    assert "getty@%i.service" in unit["Unit"]["Conflicts"][0].split()
    tty = {key: unit["Service"][key][0] for key in ("StandardInput", "TTYPath", "TTYReset", "TTYVHangup")}
    assert tty == {"StandardInput": "tty", "TTYPath": "/dev/%I", "TTYReset": "yes", "TTYVHangup": "yes"}
    # A traceback or a warning never stands on the screen.
    assert unit["Service"]["StandardError"] == ["journal"]


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed here")
def test_systemd_reads_the_units_without_a_complaint(tmp_path: Path) -> None:
    copies = []
    for path in UNITS:
        # Neither the program nor its users are on the machine that tests.
        text = re.sub(r"/opt/trakdesk/bin/\w+", shutil.which("true") or "", path.read_text())
        text = re.sub(r"^(User|Group)=.*$", r"\1=root", text, flags=re.M)
        copies.append(tmp_path / path.name.replace("@.", "@tty1."))
        copies[-1].write_text(text)
    done = subprocess.run(["systemd-analyze", "verify", *copies], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("path", sorted(DEPLOY.iterdir()), ids=lambda path: path.name)
def test_the_page_names_every_file(path: Path) -> None:
    assert path.name in PAGES


@pytest.mark.parametrize("name", ["kiosk.md", "ssh.md"])
def test_every_command_of_a_page_is_one(name: str) -> None:
    page = (ROOT / "docs" / name).read_text()
    blocks = "\n".join(re.findall(r"^```\n(.*?)^```$", page, flags=re.M | re.S))
    told = [trakdesk_words("/" + line) for line in re.findall(r"^(?:.*bin/)?(trakdesk .*)$", blocks, flags=re.M)]
    told += [shlex.split(words) for words in re.findall(r"`trakdesk ([^`]*)`", page)]
    assert len(told) > 5
    for words in told:
        parser_of_all().parse_args(words)


def test_the_page_names_every_theme() -> None:
    assert all(f"`{name}`" in PAGE for name in NAMES)
