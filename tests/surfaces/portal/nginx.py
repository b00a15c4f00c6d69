"""A real nginx in a folder of its own, with the configuration of deploy/ and the names and ports of a test."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from pathlib import Path
from types import TracebackType

import pytest

from tests.places import ROOT
from tests.services.certificates import Certificate

CONFIGURATION = ROOT / "deploy" / "nginx-portal.conf"

_AROUND = """\
{user}
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
worker_processes 1;
events {{ worker_connections 256; }}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/portal.conf;
}}
"""


def nginx_command() -> str:
    """Where nginx is; skips the test where there is none."""
    found = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
    if found is None:
        pytest.skip("nginx is not installed")
    return found


class Nginx:
    """Serves `https://localhost:PORT/desk/`, or the root; use it as a context manager."""

    def __init__(self, folder: Path, portal_port: int, certificate: Certificate, path: str = "/desk/") -> None:
        self._command = nginx_command()
        self._folder = folder
        folder.mkdir()
        self.authority = certificate.authority
        self.port, self.plain_port = _two_ports()
        self.path = path
        (folder / "portal.conf").write_text(self._configuration(portal_port, certificate))
        user = "user root;" if os.geteuid() == 0 else ""
        (folder / "nginx.conf").write_text(_AROUND.format(folder=folder, user=user))

    @property
    def url(self) -> str:
        """The address of the portal for people, without a slash at its end."""
        return f"https://localhost:{self.port}{self.path}".rstrip("/")

    @property
    def log(self) -> str:
        """Everything that it has logged."""
        return "".join(path.read_text() for path in self._folder.glob("*.log"))

    def __enter__(self) -> Nginx:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def start(self) -> None:
        """Start it, and wait until it listens."""
        self._process = subprocess.Popen(
            [self._command, "-p", str(self._folder), "-e", str(self._folder / "error.log"), "-c", "nginx.conf"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        deadline = time.monotonic() + 10
        while self._process.poll() is None and time.monotonic() < deadline:
            with socket.socket() as attempt:
                if attempt.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.02)
        self.stop()
        raise AssertionError(f"nginx does not start: {self.log}")

    def stop(self) -> None:
        """Stop it at once, with all its lines."""
        self._process.terminate()
        self._process.communicate(timeout=10)

    def check(self) -> str:
        """What `nginx -t` says."""
        words = [
            self._command,
            "-t",
            "-p",
            str(self._folder),
            "-e",
            str(self._folder / "error.log"),
            "-c",
            "nginx.conf",
        ]
        return subprocess.run(words, capture_output=True, text=True, timeout=20).stderr

    def _configuration(self, portal_port: int, certificate: Certificate) -> str:
        text = CONFIGURATION.read_text()
        if self.path == "/":
            begins = text.index("    location = /desk {")
            text = text[:begins] + text[text.index("    location /desk/ {") :]
        for said, ours in (
            ("/desk/", self.path),
            ("listen [::]:80;", ""),
            ("listen [::]:443 ssl http2;", ""),
            ("listen 80;", f"listen 127.0.0.1:{self.plain_port};"),
            ("listen 443 ", f"listen 127.0.0.1:{self.port} "),
            ("https://access.example.com$", f"https://localhost:{self.port}$"),
            ("/etc/letsencrypt/live/access.example.com/fullchain.pem", str(certificate.chain)),
            ("/etc/letsencrypt/live/access.example.com/privkey.pem", str(certificate.key)),
            ("server_name access.example.com", "server_name localhost"),
            ("/var/log/nginx/", f"{self._folder}/"),
            ("127.0.0.1:8377", f"127.0.0.1:{portal_port}"),
        ):
            assert said in text, f"the configuration no longer says {said}"
            text = text.replace(said, ours)
        return text


def _two_ports() -> tuple[int, int]:
    # Held together, so that they are two.
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1]), int(other.getsockname()[1])
