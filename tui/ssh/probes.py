"""Every way around the desk, tried with the OpenSSH client; it is well where a try fails."""

from __future__ import annotations

import json
import secrets
import select
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from services.doctor.finding import Finding, bad, good
from tui.ssh.client import Answer, Client
from tui.ssh.entrance import CHECK
from tui.ssh.nonce import nonce_in
from tui.ssh.rules import TAKEN, UNUSED_SECONDS

MARK = b"tk-42"
_SUM = "echo tk-$((40+2))"
"""A shell that runs this says the mark; one that only repeats it does not."""

DRAWN = b"\x1b[?1049h"
"""How a full screen begins."""

_ASKED_BY_LINE = b"asks line by line"
_REFUSED = "needs a terminal"
_SFTP_HELLO = b"\0\0\0\x05\x01\0\0\0\x03"
_SFTP_VERSION = 2
_AGENT_REFUSES = b"\0\0\0\x01\x05"
_SETTLED = 5.0
"""Seconds after which a forwarding that was not refused counts as granted."""

HOSTILE = ("LD_PRELOAD", "PYTHONPATH", "PYTHONSTARTUP", "TEXTUAL_DRIVER", "BASH_ENV", "LC_ALL", "COLUMNS", "GIT_X")
_FORWARDED = ("SSH_AUTH_SOCK", "DISPLAY")
_INSTALL = "Run `trakdesk ssh install` again and let the server read its configuration; see the settings above."


def reach(client: Client) -> Finding:
    """Without a terminal the launcher answers, in one sentence, and nothing else runs."""
    answer = client.ask("-T", sent=f"{_SUM}\n".encode(), until=(MARK,))
    if MARK not in answer.out and answer.code in (None, 255):
        said = answer.err.strip().splitlines()
        remedy = "Start the server, name --host, --port and --account, or a bound key with --identity."
        return bad("no terminal", f"nobody gets in: {said[-1] if said else 'no answer'}", remedy)
    return _judged("no terminal", answer, "refused in one sentence")


def command(client: Client) -> Finding:
    """`ssh host bash` runs nothing."""
    return _judged("a command", client.ask("-T", command=[f"bash -c '{_SUM}'"]), "not run")


def command_with_terminal(client: Client) -> Finding:
    """`ssh -t host bash` opens the desk."""
    answer = client.ask("-tt", command=[f"bash -c '{_SUM}'"], until=(MARK, DRAWN, _ASKED_BY_LINE))
    if MARK in answer.out:
        return _bad("a command with a terminal", "it was run")
    if DRAWN in answer.out or _ASKED_BY_LINE in answer.out:
        return good("a command with a terminal", "the desk opens instead")
    said = answer.out.decode("utf-8", "replace").strip().splitlines()
    remedy = "See trakdesk.log in the home folder, and run `trakdesk doctor` as the account."
    return bad("a command with a terminal", f"the desk does not open: {' '.join(said[-1:])}", remedy)


def copying(client: Client) -> Finding:
    """scp in both directions finds nobody to talk to."""
    fetched = client.ask("-T", command=["scp -f /etc/hostname"], sent=b"\0", until=(b"C0",), seconds=_SETTLED)
    stored = client.ask("-T", command=["scp -t /tmp"], until=(b"\0",), seconds=_SETTLED)
    if fetched.out.startswith(b"C0") or stored.out.startswith(b"\0"):
        return _bad("scp", "files are copied")
    return good("scp", "refused in both directions")


def file_transfer(client: Client) -> Finding:
    """The subsystem sftp is not there."""
    answer = client.ask("-T", "-s", command=["sftp"], sent=_SFTP_HELLO, until=(b"\0\0",), seconds=_SETTLED)
    # Four octets of length, then what kind of answer it is.
    if len(answer.out) > 4 and answer.out[:2] == b"\0\0" and answer.out[4] == _SFTP_VERSION:
        return _bad("sftp", "files are transferred")
    return good("sftp", "refused")


def forward_out(client: Client) -> Finding:
    """-L leads nowhere; tried with the server's own port, which would answer at once."""
    port = _free_port()
    with client.open("-N", "-L", f"127.0.0.1:{port}:127.0.0.1:{client.port}"):
        return _through("-L", _talk(port, b""))


def forward_anywhere(client: Client) -> Finding:
    """-D leads nowhere."""
    port = _free_port()
    to_server = b"\x05\x01\0" + b"\x05\x01\0\x01\x7f\0\0\x01" + client.port.to_bytes(2, "big")
    with client.open("-N", "-D", f"127.0.0.1:{port}"):
        return _through("-D", _talk(port, to_server))


def forward_plainly(client: Client) -> Finding:
    """-W leads nowhere."""
    return _through("-W", client.ask("-W", f"127.0.0.1:{client.port}", until=(b"SSH-",), seconds=_SETTLED).out)


def forward_socket(client: Client, home: Path) -> Finding:
    """-L to a socket that the account could reach: nobody knocks there."""
    path, port = home / "ssh-check.socket", _free_port()
    path.unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX) as listening:
        try:
            listening.bind(str(path))
            path.chmod(0o666)
            listening.listen()
            with client.open("-N", "-L", f"127.0.0.1:{port}:{path}"):
                _talk(port, b"")
                knocked = bool(select.select([listening], [], [], 0)[0])
        finally:
            path.unlink(missing_ok=True)
    if knocked:
        return _bad("-L to a socket", "sockets of the machine can be reached")
    return good("-L to a socket", "refused")


def forward_back(client: Client) -> Finding:
    """-R opens no port."""
    return _listening(client, "-R", "127.0.0.1:0:127.0.0.1:9")


def forward_socket_back(client: Client) -> Finding:
    """-R makes no socket."""
    # Where the account may write, if anywhere.
    return _listening(client, "-R with a socket", f"/tmp/trakdesk-check-{secrets.token_hex(8)}:127.0.0.1:9")  # noqa: S108 - nobody can foresee the name


def idle_connection(client: Client) -> Finding:
    """-N keeps no connection that shows no desk."""
    begun = time.monotonic()
    answer = client.ask("-N", seconds=UNUSED_SECONDS + 10)
    if answer.code is None:
        return _bad("-N", f"a connection without a desk was still open after {UNUSED_SECONDS + 10} seconds")
    return good("-N", f"closed after {time.monotonic() - begun:.0f} seconds")


WITHOUT_HOME: tuple[Callable[[Client], Finding], ...] = (
    command,
    command_with_terminal,
    copying,
    file_transfer,
    forward_out,
    forward_anywhere,
    forward_plainly,
    forward_back,
    forward_socket_back,
    idle_connection,
)
"""What can be tried from anywhere."""


def environment(client: Client, home: Path) -> Iterator[Finding]:
    """Variables, key agent and windows; the account tells their names to whoever can write in its home."""
    hostile = " ".join(f"{name}=x" for name in HOSTILE)
    with _agent() as agent, nonce_in(home) as nonce:
        options = ("-T", "-A", "-Y", "-o", f"SetEnv={hostile} TRAKDESK_THEME=ansi", "-o", f"IdentityAgent={agent}")
        answer = client.ask(*options, command=[f"{CHECK}{nonce}"], more={"DISPLAY": "127.0.0.1:99"})
    try:
        told = json.loads(answer.out)
        received, passed = set(told["received"]), set(told["passed"])
    except (ValueError, KeyError, TypeError):
        yield bad("variables", "the launcher does not answer the check", _INSTALL)
        return
    foreign = sorted(name for name in received if name in HOSTILE)
    yield _none("variables", foreign, f"of the client's only {', '.join(TAKEN)} arrive")
    yield _none("-A", sorted(received & {"SSH_AUTH_SOCK"}), "no key agent arrives")
    yield _none("-X", sorted(received & {"DISPLAY"}), "no window arrives")
    yield _none("launcher", sorted(passed & {*HOSTILE, *_FORWARDED}), f"passes {len(passed)} variables on")


@contextmanager
def _agent() -> Iterator[str]:
    """A key agent that has no key and refuses everything."""
    with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX) as agent:
        agent.bind(f"{folder}/agent")
        agent.listen()

        def refuse() -> None:
            with suppress(OSError):
                while True:
                    line, _ = agent.accept()
                    with line, suppress(OSError):
                        while line.recv(1000):
                            line.sendall(_AGENT_REFUSES)

        threading.Thread(target=refuse, daemon=True).start()
        yield f"{folder}/agent"
        with suppress(OSError):
            agent.shutdown(socket.SHUT_RDWR)


def _none(part: str, names: list[str], well: str) -> Finding:
    return _bad(part, f"{', '.join(names)} arrives") if names else good(part, well)


def _judged(part: str, answer: Answer, well: str) -> Finding:
    if MARK in answer.out:
        return _bad(part, "a shell runs commands")
    if _REFUSED not in answer.err:
        return _bad(part, f"something else than the launcher answers: {answer.err.strip()[:200] or 'nothing'}")
    return good(part, well)


def _through(part: str, came: bytes) -> Finding:
    return _bad(part, "ports behind this machine can be reached") if b"SSH-" in came else good(part, "refused")


def _listening(client: Client, part: str, what: str) -> Finding:
    answer = client.ask("-N", "-o", "ExitOnForwardFailure=yes", "-R", what, seconds=_SETTLED)
    if answer.code is None:
        return _bad(part, "this machine listens for the client")
    return good(part, "refused")


def _bad(part: str, words: str) -> Finding:
    return bad(part, words, _INSTALL)


def _free_port() -> int:
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return int(tried.getsockname()[1])


def _talk(port: int, sent: bytes) -> bytes:
    """What comes through a port that the client has opened here, once it is open."""
    end = time.monotonic() + _SETTLED
    while time.monotonic() < end:
        came = b""
        with suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port), _SETTLED) as line:
            line.sendall(sent)
            with suppress(OSError):
                # An answer of SOCKS stands before that of the server behind it.
                while b"SSH-" not in came and (octets := line.recv(1000)):
                    came += octets
            return came
        time.sleep(0.1)
    return b""
