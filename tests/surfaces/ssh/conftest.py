"""A machine with a real OpenSSH server and the desk behind it, installed as an administrator installs it."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psutil
import pytest

from services.clock import ManualClock
from services.opening import open_desk
from services.settings import load_settings
from tests import making
from tests.places import ROOT
from tests.surfaces.conftest import TRAKDESK
from tests.surfaces.term import Term
from tui.ssh.client import Client
from tui.ssh.install import SSHD

HOME = Path("/var/lib/trakdesk")
ACCOUNT = "desk"


def why_not() -> str:
    """Why no such machine can be made here; empty where it can."""
    if not Path(SSHD).exists() or not shutil.which("ssh"):
        return "the OpenSSH server or client is not installed"
    if os.geteuid() != 0:
        return "only root can make an account; test_without_root.py proves what can be proved without one"
    tried = subprocess.run(
        ["unshare", "--mount", "--pid", "--fork", "sh", "-c", "mount -t tmpfs none /mnt"], capture_output=True
    )
    return "" if tried.returncode == 0 else "this container may not mount anything"


def free_port() -> int:
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return int(tried.getsockname()[1])


@dataclass
class Machine:
    """Another machine in all that matters here: files, accounts and processes; loopback is shared.

    Attributes:
        port: of the desk's own SSH server.
        pid: of its first process, as this machine sees it.
    """

    pid: int
    port: int
    servers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def inside(self, *words: str) -> list[str]:
        """The command line that runs something there as root."""
        return ["nsenter", "--target", str(self.pid), "--mount", "--pid", "--", *words]

    def run(self, *words: str, given: str | None = None, code: int | None = 0) -> subprocess.CompletedProcess[str]:
        """Run a command there to its end; `code` None takes any."""
        environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8"}
        done = subprocess.run(
            self.inside(*words), env=environment, input=given or "", capture_output=True, text=True, timeout=120
        )
        assert code is None or done.returncode == code, (words, done.stdout, done.stderr)
        return done

    def trakdesk(self, *words: str, code: int | None = 0) -> subprocess.CompletedProcess[str]:
        return self.run(TRAKDESK, *words, code=code)

    def install(self, *words: str, code: int | None = 0) -> subprocess.CompletedProcess[str]:
        return self.trakdesk("ssh", "install", "--home", str(HOME), "--port", str(self.port), *words, code=code)

    def serve(self, config: str = "/etc/ssh/trakdesk_sshd_config", port: int | None = None) -> None:
        """Start an SSH server there, and wait until it listens."""
        # With the rights that the unit leaves it, and no others.
        left = ",".join(f"+{name.removeprefix('CAP_').lower()}" for name in capabilities())
        locked = ("setpriv", "--bounding-set", f"-all,{left}", "--no-new-privs", "--")
        started = subprocess.Popen(
            self.inside(*locked, SSHD, "-D", "-e", "-f", config), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self.servers.append(started)
        wait_for_port(port or self.port)

    def read(self, path: str | Path) -> str:
        return self.run("cat", str(path)).stdout

    def write(self, path: str | Path, text: str) -> None:
        self.run("sh", "-c", f"cat > {shlex.quote(str(path))}", given=text)

    def stop(self) -> None:
        for server in self.servers:
            server.terminate()
            server.wait()

    def opened(self) -> Sequence[tuple[int, int]]:
        """Sessions of people that are open, as (id, identity)."""
        return [tuple(row) for row in self.query("SELECT id, identity_id FROM session WHERE ended_at IS NULL")]

    def query(self, sql: str) -> list[list[Any]]:
        """What stands in the desk's database."""
        script = "import apsw, json, sys; print(json.dumps(list(apsw.Connection(sys.argv[1]).execute(sys.argv[2]))))"
        done = self.run(sys.executable, "-c", script, str(HOME / "trakdesk.sqlite3"), sql)
        found: list[list[Any]] = json.loads(done.stdout)
        return found

    def client(self, identity: Path | None = None) -> Client:
        return Client("127.0.0.1", self.port, ACCOUNT, identity)


def capabilities() -> list[str]:
    """What the unit leaves to the server."""
    lines = (ROOT / "deploy" / "trakdesk-ssh.service").read_text().splitlines()
    return " ".join(line.partition("=")[2] for line in lines if line.startswith("CapabilityBoundingSet=")).split()


def wait_for_port(port: int) -> None:
    end = time.monotonic() + 10
    while time.monotonic() < end:
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise AssertionError(f"nobody listens on {port}")


def shut_folders(paths: Sequence[Path]) -> list[str]:
    """The folders on the way to these paths that only root passes, as here below /root."""
    found: dict[str, None] = {}
    for path in paths:
        for folder in reversed(path.parents):
            if not folder.stat().st_mode & 0o001:
                found[str(folder)] = None
    return list(found)


@pytest.fixture(scope="session")
def machine() -> Iterator[Machine]:
    """One for all tests of this process, with an empty home folder and nothing installed."""
    if reason := why_not():
        pytest.skip(reason)
    shut = shut_folders([Path(sys.executable), Path(sys.executable).resolve(), ROOT / "x"])
    script = str(Path(__file__).with_name("machine.sh"))
    unshared = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "--propagation", "private"]
    with subprocess.Popen([*unshared, "sh", script, *shut], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stderr
        if process.stdout.readline() != b"ready\n":
            process.kill()
            pytest.skip(f"no machine of its own: {process.stderr.read().decode()}")
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        made = Machine(int(children[0]), free_port())
        made.run("install", "-d", "-m", "700", str(HOME))
        yield made
        made.stop()
        process.kill()


@pytest.fixture(scope="session")
def founded(machine: Machine, tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """The machine with an agency and its administrator in the desk, an hour ago."""
    elsewhere = tmp_path_factory.mktemp("desk")
    desk = open_desk(load_settings(elsewhere, {}), ManualClock(datetime.now(UTC) - timedelta(hours=1)))
    ray = making.make_agency(desk)
    for number in range(60):
        making.make_client(desk, ray.agency, f"c{number}@example.com", first=f"Anna{number:02}", last="Adams")
    desk.sign_in.sign_out(ray.admin)
    desk.ctx.database.close_all()  # type: ignore[attr-defined] # both engines' pools have it
    for file in elsewhere.iterdir():
        machine.run("cp", str(file), str(HOME))
    return machine


@pytest.fixture(scope="session")
def served(founded: Machine) -> Machine:
    """The same with everything installed, and the desk's own SSH server running."""
    founded.install(code=None)
    founded.serve()
    return founded


@pytest.fixture
def ssh(served: Machine) -> Iterator[Callable[..., Term]]:
    """Comes to the desk in a real terminal: `ssh()`."""
    with ExitStack() as stack:

        def start(*options: str, size: tuple[int, int] = (80, 24), **environment: str) -> Term:
            words = served.client().words(*options)
            return stack.enter_context(Term(words, *size, env=environment))

        yield start


def processes(machine: Machine) -> list[psutil.Process]:
    """The desks that run there."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            is_desk = "tui.ssh.session" in process.cmdline() and process.status() != psutil.STATUS_ZOMBIE
            if is_desk and namespace(process.pid) == namespace(machine.pid):
                found.append(process)
    return found


def namespace(pid: int) -> str:
    """Where a process is seen by others."""
    return str(Path(f"/proc/{pid}/ns/pid").readlink())
