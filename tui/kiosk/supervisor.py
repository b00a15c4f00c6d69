"""Owns the terminal of a kiosk, and gives it to one process after another: a new one for each person.

So nothing that one person typed is in the memory of the program that the next one meets, an answer that comes late
dies with the process that asked, and a process that fails is replaced.
"""

from __future__ import annotations

import contextlib
import logging
import os
import select
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from time import monotonic

from services.settings import Settings
from tui.faults import new_reference
from tui.hardening import python_command, small_environment
from tui.kiosk.ending import ALIVE, Ending
from tui.kiosk.wiping import HeldTerminal

LOG = logging.getLogger("trakdesk")

BEGIN_WITHIN = 60.0
"""Seconds that a new process may take until it answers: a machine that is just starting is slow."""

SILENT_FOR = 20.0
"""Seconds without a sign of life after which a process counts as hung."""

STOP_WITHIN = 6.0
"""Seconds that a process has to end when it is asked to."""

FINISH_WITHIN = 30.0
"""Seconds in which a process that has given the terminal back finishes what it was writing."""

_DELAYS = (0.0, 0.5, 2.0, 5.0, 10.0)
"""Seconds before the next process after so many faults in a row."""

_STEADY = 20.0
"""Seconds after which a process that fails does not count as failing at once."""

_LOOK = 0.5
_COURIER_AGAIN = 10.0


@dataclass
class _Person:
    """The process of one person, and what it has told."""

    process: subprocess.Popen[bytes]
    pipe: int
    begun: float = field(default_factory=monotonic)
    heard: float = 0.0
    unread: bytes = b""


class Supervisor:
    """Runs a kiosk until staff leave it or the machine stops it."""

    def __init__(self, settings: Settings, name: str, theme: str) -> None:
        """`theme` is what the command line names for this run; empty for the kiosk's own."""
        self._home = str(settings.home)
        self._name = name
        self._theme = theme
        self._deliver = settings.deliver_in_desk
        self._stopping = False
        self._finishing: list[subprocess.Popen[bytes]] = []
        self._courier: subprocess.Popen[bytes] | None = None
        self._courier_at = 0.0
        self._wake, self._woken = os.pipe()

    def run(self) -> Ending:
        """Give the terminal to one person after another. Returns whether staff have left it, or it was stopped."""
        self._listen()
        with HeldTerminal(sys.stdin.fileno(), sys.stdout.fileno()) as screen:
            first, reference, faults = True, "", 0
            while not self._stopping:
                person = self._begin(first, reference)
                ending, told = self._watch(person)
                if ending is Ending.LEAVE:
                    self._end()
                    return ending
                first, reference = False, ""
                if ending is Ending.FAULT:
                    faults = faults + 1 if monotonic() - person.begun < _STEADY else 1
                    reference = told
                screen.wipe("One moment …")
                if reference:
                    self._rest(_DELAYS[min(faults, len(_DELAYS)) - 1])
            self._end()
        return Ending.STOP

    def _listen(self) -> None:
        """Keys make no signals here, but others may send some."""
        for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU):
            signal.signal(number, signal.SIG_IGN)
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._stop)

    def _stop(self, *_: object) -> None:
        self._stopping = True
        os.write(self._woken, b".")

    def _begin(self, first: bool, reference: str) -> _Person:
        reading, writing = os.pipe()
        words = ["--home", self._home, "--name", self._name, "--pipe", str(writing), "--theme", self._theme]
        words += ["--first"] if first else []
        words += ["--fault", reference] if reference else []
        process = subprocess.Popen(  # noqa: S603 - our own interpreter, no shell
            python_command("tui.kiosk.child", *words),
            env=small_environment(os.environ),
            pass_fds=(writing,),
            # Textual draws there, and whatever started the kiosk may have led it into a journal.
            stderr=sys.stdout.fileno(),
        )
        os.close(writing)
        return _Person(process, reading)

    def _watch(self, person: _Person) -> tuple[Ending, str]:
        """Wait until the process gives the terminal back. Returns why, and the reference of a fault."""
        try:
            while True:
                self._look_after_others()
                ready, _, _ = select.select([person.pipe, self._wake], [], [], _LOOK)
                if self._stopping:
                    self._stop_process(person.process)
                    return Ending.STOP, ""
                if person.pipe in ready:
                    told = os.read(person.pipe, 4096)
                    ending = self._understand(person, told)
                    if ending is not None:
                        return ending
                    if not told:
                        return self._gone(person)
                elif self._hangs(person):
                    person.process.kill()
                    return self._gone(person)
        finally:
            os.close(person.pipe)

    def _understand(self, person: _Person, told: bytes) -> tuple[Ending, str] | None:
        *lines, person.unread = (person.unread + told).split(b"\n")
        for line in lines:
            word, _, rest = line.decode("ascii", "replace").partition(" ")
            person.heard = monotonic()
            if word != ALIVE:
                self._finishing.append(person.process)
                return Ending(word), rest
        return None

    def _hangs(self, person: _Person) -> bool:
        if not person.heard:
            return monotonic() - person.begun > BEGIN_WITHIN
        return monotonic() - person.heard > SILENT_FOR

    def _gone(self, person: _Person) -> tuple[Ending, str]:
        """The process has ended, or is being killed, without a word: a fault by whatever name."""
        code = person.process.wait()
        reference = new_reference()
        LOG.error("fault %s: the program of the kiosk ended by itself, code %s", reference, code)
        return Ending.FAULT, reference

    def _rest(self, seconds: float) -> None:
        until = monotonic() + seconds
        while not self._stopping and monotonic() < until:
            select.select([self._wake], [], [], until - monotonic())

    def _look_after_others(self) -> None:
        """Bury who has finished, and keep the mail going if this kiosk is to send it."""
        self._finishing = [process for process in self._finishing if process.poll() is None]
        if not self._deliver or (self._courier is not None and self._courier.poll() is None):
            return
        if monotonic() >= self._courier_at:
            self._courier_at = monotonic() + _COURIER_AGAIN
            # A process of its own: what stands in a mail for one person is not in the program of the next.
            self._courier = subprocess.Popen(  # noqa: S603 - as above
                python_command("tui.kiosk.courier", "--home", self._home),
                env=small_environment(os.environ),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )

    def _end(self) -> None:
        if self._courier is not None:
            self._stop_process(self._courier)
        until = monotonic() + FINISH_WITHIN
        for process in self._finishing:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(max(0.1, until - monotonic()))

    def _stop_process(self, process: subprocess.Popen[bytes]) -> None:
        process.terminate()
        try:
            process.wait(STOP_WITHIN)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
