"""A real portal of one test: the program, its address, and what it writes."""

from __future__ import annotations

import signal
import socket
import subprocess
import time
import urllib.request
from pathlib import Path
from types import TracebackType
from urllib.error import URLError

import psutil

from services.opening import open_desk
from services.settings import load_settings
from tests import making
from tests.surfaces.conftest import TRAKDESK

READY_WITHIN = 60.0


def free_port() -> int:
    """A port of loopback that nobody listens at right now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def found_agency(environment: dict[str, str]) -> None:
    """Set up the desk of this environment, so that people can sign in."""
    making.make_agency(open_desk(load_settings(Path(environment["TRAKDESK_HOME"]), environment)))


class Portal:
    """`trakdesk portal` in a process of its own; use it as a context manager.

    Attributes:
        url: where browsers find it, without a slash at its end; what stands in mails, too, unless told otherwise.
        environment: of the program; change it before `start`.
    """

    def __init__(self, environment: dict[str, str], folder: Path, port: int = 0, public_url: str = "") -> None:
        """`public_url` is for a portal behind a proxy."""
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = {
            **environment,
            "TRAKDESK_PORTAL_PORT": str(self.port),
            "TRAKDESK_PUBLIC_URL": public_url or self.url,
        }
        self._said = folder / f"portal-{self.port}.txt"
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Portal:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        if error is not None:
            print(self.said, self.log, sep="\n")
        self.stop()

    @property
    def process(self) -> psutil.Process:
        """The server."""
        assert self._process is not None
        return psutil.Process(self._process.pid)

    @property
    def said(self) -> str:
        """What it wrote to its terminal: the accesses."""
        return self._said.read_text() if self._said.exists() else ""

    @property
    def log(self) -> str:
        """Its log in the home folder: the faults."""
        log = Path(self.environment["TRAKDESK_HOME"]) / "trakdesk.log"
        return log.read_text() if log.exists() else ""

    def start(self) -> Portal:
        """Start it, and wait until people may come."""
        with self._said.open("ab") as said:
            self._process = subprocess.Popen(
                [TRAKDESK, "portal"],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
            )
        self.wait_ready()
        return self

    def wait_ready(self) -> None:
        """Wait until a program could begin."""
        until = time.monotonic() + READY_WITHIN
        while time.monotonic() < until:
            assert self._process is not None
            assert self._process.poll() is None, self.said
            try:
                with urllib.request.urlopen(f"{self.url}/readyz", timeout=20):  # noqa: S310 - our own address
                    return
            except (URLError, ConnectionError, TimeoutError):
                time.sleep(0.1)
        raise AssertionError(f"the portal was not ready in time\n{self.said}\n{self.log}")

    def stop(self) -> int:
        """Ask it to stop, as whatever runs services does. Returns its exit code."""
        if self._process is None:
            return 0
        self._process.send_signal(signal.SIGTERM)
        try:
            return self._process.wait(30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            raise

    def kill(self) -> None:
        """End it without a word."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def warm_parent(self) -> psutil.Process:
        """The process that forks the programs."""
        [found] = [child for child in self.process.children() if "tui.portal.warm" in " ".join(child.cmdline())]
        return found

    def programs(self) -> list[psutil.Process]:
        """The processes of those who are being served."""
        return self.warm_parent().children()


def still_running(processes: list[psutil.Process], within: float) -> list[psutil.Process]:
    """Which of them have not ended after so many seconds at most."""
    _, alive = psutil.wait_procs(processes, timeout=within)
    return [process for process in alive if process.is_running() and process.status() != psutil.STATUS_ZOMBIE]
