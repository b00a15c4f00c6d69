"""The services of this machine that belong to a desk, where systemd looks after them."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator

from services.doctor.finding import Finding, bad, good
from services.doctor.patience import PATIENCE

_OUTPUT = ("--plain", "--no-legend", "--no-pager", "trakdesk*")
_LOADED = ("list-units", "--all", *_OUTPUT)
_ENABLED = ("list-unit-files", "--state=enabled", *_OUTPUT)


def examine() -> Iterator[Finding]:
    """One finding for each unit that should run and does not, one for all that run; nothing where there is none."""
    yield from judge(_told(_LOADED), _told(_ENABLED))


def judge(listed: str, files: str = "") -> Iterator[Finding]:
    """The same, from what `systemctl list-units` has printed, and `list-unit-files` of those that are enabled."""
    enabled = {line.split()[0] for line in files.splitlines() if line.strip()}
    rows = [line.split(None, 4) for line in listed.splitlines() if len(line.split(None, 4)) >= 4]
    for name, _loaded, active, sub, *_ in rows:
        if active == "failed":
            yield bad("services", f"{name} has failed", f"See why: journalctl -u {name}")
        elif active != "active" and sub != "dead":
            yield bad("services", f"{name} is {active} ({sub})", f"See why: journalctl -u {name}")
        elif active != "active" and name in enabled:
            words = f"{name} does not run, though it starts with the machine"
            yield bad("services", words, f"Start it: systemctl start {name}")
    running = [row[0] for row in rows if row[2] == "active"]
    if running:
        yield good("services", f"{', '.join(running)} {'runs' if len(running) == 1 else 'run'}")


def _told(words: tuple[str, ...]) -> str:
    program = shutil.which("systemctl")
    if program is None:
        return ""
    try:
        done = subprocess.run(  # noqa: S603 - our words, no shell
            [program, *words], capture_output=True, text=True, timeout=PATIENCE, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout if done.returncode == 0 else ""
