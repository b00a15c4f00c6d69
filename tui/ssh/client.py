"""The OpenSSH client as `trakdesk ssh check` uses it: no file of its user, no question, nothing kept."""

from __future__ import annotations

import os
import select
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

PROGRAM = "/usr/bin/ssh"
"""Where it is on every machine that has it, whatever the path says."""

PATIENCE = 30.0
"""Seconds for one probe: a slow machine with many desks takes its time to start another."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one connection said until it ended or was cut off.

    Attributes:
        code: the client's exit code; None where it had to be stopped.
    """

    code: int | None
    out: bytes
    err: str


@dataclass(frozen=True, slots=True)
class Client:
    """One account on one server.

    Attributes:
        identity: a private key; without one the client offers none.
    """

    host: str
    port: int
    account: str
    identity: Path | None = None

    def words(self, *options: str) -> list[str]:
        """The command line up to the host."""
        settled = {
            "StrictHostKeyChecking": "no",
            "UserKnownHostsFile": "/dev/null",
            "GlobalKnownHostsFile": "/dev/null",
            "PreferredAuthentications": "publickey,keyboard-interactive",
            "NumberOfPasswordPrompts": "1",
            "IdentityAgent": "none",
            "ConnectTimeout": "10",
            "ControlMaster": "no",
            "LogLevel": "INFO",
        }
        program = shutil.which("ssh") or PROGRAM
        words = [program, "-F", "/dev/null", "-p", str(self.port)]
        # The first word for a setting holds, so what a probe says comes before what is settled.
        words += options
        for name, value in settled.items():
            words += ["-o", f"{name}={value}"]
        if self.identity:
            words += ["-i", str(self.identity), "-o", "IdentitiesOnly=yes"]
        else:
            words += ["-o", "PubkeyAuthentication=no"]
        return [*words, f"{self.account}@{self.host}"]

    @contextmanager
    def open(
        self, *options: str, command: Sequence[str] = (), sent: bytes = b"", more: dict[str, str] | None = None
    ) -> Iterator[subprocess.Popen[bytes]]:
        """A connection that ends with the block; `sent` is all of its input, which stays open."""
        environment = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "TERM": "xterm-256color", **(more or {})}
        running = subprocess.Popen(  # noqa: S603 - our words, no shell
            [*self.words(*options), *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
            # Without a terminal of its own it asks nobody anything.
            start_new_session=True,
        )
        try:
            if running.stdin and sent:
                with suppress(BrokenPipeError):
                    running.stdin.write(sent)
                    running.stdin.flush()
            yield running
        finally:
            with suppress(ProcessLookupError):
                os.killpg(running.pid, signal.SIGKILL)
            running.wait()
            for stream in (running.stdin, running.stdout, running.stderr):
                if stream:
                    with suppress(BrokenPipeError):
                        stream.close()

    def ask(
        self,
        *options: str,
        command: Sequence[str] = (),
        sent: bytes = b"",
        more: dict[str, str] | None = None,
        until: Sequence[bytes] = (),
        seconds: float = PATIENCE,
    ) -> Answer:
        """Connect, and read until the end, until one of the words has come, or until so many seconds have passed."""
        with self.open(*options, command=command, sent=sent, more=more) as running:
            return read(running, until, seconds)


def read(running: subprocess.Popen[bytes], until: Sequence[bytes] = (), seconds: float = PATIENCE) -> Answer:
    """What it says; `until` is looked for in both of its outputs."""
    assert running.stdout and running.stderr  # noqa: S101 - both are pipes
    streams = {running.stdout.fileno(): bytearray(), running.stderr.fileno(): bytearray()}
    out, err = streams.values()
    still = set(streams)
    end = time.monotonic() + seconds
    while still and not any(word in out or word in err for word in until):
        ready, _, _ = select.select(list(still), [], [], max(0.0, end - time.monotonic()))
        if not ready:
            break
        for handle in ready:
            octets = os.read(handle, 65_536)
            streams[handle] += octets
            if not octets:
                still.discard(handle)
    code: int | None = None
    if not still:
        with suppress(subprocess.TimeoutExpired):
            code = running.wait(max(0.1, end - time.monotonic()))
    return Answer(code, bytes(out), err.decode("utf-8", "replace"))
