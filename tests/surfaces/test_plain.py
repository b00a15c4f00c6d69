"""The desk as lines in real terminals and pipes: what is on the line, what is not, and how it ends."""

from __future__ import annotations

import os
import re
import select
import signal
import subprocess
import termios
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from time import monotonic

import pytest
from ptyprocess import PtyProcess

from tests.enrolling import App
from tests.surfaces.conftest import TRAKDESK
from tests.surfaces.playing import ANSWERS

MINE = "plum orbit candle seven"
CONTROL = re.compile(r"[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f]")
Command = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def code(command: Command) -> str:
    """The one-time code of a new agency's administrator."""
    made = command("init", "--agency", "Ray Staging", "--code", "919236", "--admin", "ray@example.com")
    found = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}", made.stdout)
    assert found, made
    return found[0]


class Line:
    """A terminal on which lines are read and typed."""

    def __init__(self, environment: dict[str, str], *words: str) -> None:
        self.process = PtyProcess.spawn([TRAKDESK, *words], env=environment, dimensions=(24, 80))
        self.all = ""
        self._heard = 0

    def heard(self, pattern: str, patience: float = 30) -> re.Match[str]:
        """Wait until something is said that was not looked at yet."""
        end = monotonic() + patience
        while (found := re.search(pattern, self.all[self._heard :])) is None:
            assert select.select([self.process.fd], [], [], max(end - monotonic(), 0))[0], self.all
            assert self._take(), self.all
        self._heard += found.end()
        return found

    def asked(self, question: str, answer: str) -> None:
        """Wait until a question is asked, and answer it."""
        self.heard(re.escape(question))
        self.process.write(f"{answer}\n".encode())

    def rest(self) -> str:
        """All that came, once the program has ended."""
        while self._take():
            pass
        return self.all

    def ended(self) -> int:
        """The exit code."""
        self.rest()
        self.process.wait()
        return int(self.process.exitstatus)

    @property
    def shows(self) -> bool:
        """Whether the terminal shows what is typed."""
        return bool(termios.tcgetattr(self.process.fd)[3] & termios.ECHO)

    def _take(self) -> bool:
        try:
            self.all += os.read(self.process.fd, 65_536).decode("utf-8", "replace")
        except OSError:
            return False
        return True


@pytest.fixture
def line(environment: dict[str, str]) -> Iterator[Callable[..., Line]]:
    opened: list[Line] = []

    def start(*words: str, term: str = "dumb") -> Line:
        opened.append(Line(environment | {"TERM": term}, *words))
        return opened[-1]

    yield start
    for one in opened:
        one.process.close(force=True)


def begin(line: Line, code: str) -> None:
    """From the one-time code to the first step."""
    line.asked("Number, or ? for the choices: ", "3")
    line.asked("Link or code: ", code)
    line.asked("E-mail address to which the code was sent: ", "ray@example.com")
    line.asked("New password: ", MINE)
    line.asked("The same password again: ", MINE)
    line.asked("Sign in now? y or n: ", "y")
    line.asked("Password: ", MINE)


@pytest.mark.slow
def test_a_dumb_terminal_gets_lines_from_the_first_password_to_a_client(
    line: Callable[..., Line], code: str, command: Command
) -> None:
    talk = line()
    talk.heard("This terminal shows no full screen, so Trakdesk asks line by line")
    begin(talk, code)
    key = ""
    for number in range(1, 9):
        key += talk.heard(rf"Group {number}: ((?:[A-Z2-7] ?){{4}})\r\n")[1].replace(" ", "")
    talk.asked("Code of the app: ", App(key).code(datetime.now(UTC)).reveal())
    talk.asked("Have you written them down? y or n: ", "y")
    for answer in ANSWERS:
        talk.asked("Number of the question, or ? for the list: ", "1")
        talk.asked("Answer: ", answer)
    talk.heard("You are signed in as Desk Administrator, administrator.")
    command("client", "add", "--first-name", "Brent [/x]", "--last-name", "Thomas", "--email", "b@example.com")
    talk.asked("Number, or ? for the choices: ", "1")
    talk.asked("Words to search for: ", "thom")
    talk.asked("The number of a person: ", "1")
    talk.heard("To mend it: Create account and send welcome.")
    talk.asked("Number, or ? for the choices: ", "q")
    assert talk.ended() == 0
    said = talk.all
    assert said.endswith("Goodbye.\r\n")
    assert "Brent [/x] Thomas" in said
    for secret in (MINE, *ANSWERS):
        assert secret not in said
    assert not CONTROL.findall(said)
    assert max(map(len, said.splitlines())) < 80


@pytest.mark.parametrize(
    "number",
    [
        pytest.param(signal.SIGHUP, marks=pytest.mark.slow),
        signal.SIGTERM,
        pytest.param(signal.SIGINT, marks=pytest.mark.slow),
    ],
)
def test_a_signal_while_a_password_is_typed_signs_out_and_shows_what_is_typed_again(
    line: Callable[..., Line], code: str, command: Command, number: signal.Signals
) -> None:
    talk = line("plain", "--task", "activate", term="xterm")
    talk.asked("Link or code: ", code)
    talk.asked("E-mail address to which the code was sent: ", "ray@example.com")
    talk.heard("New password: ")
    assert not talk.shows
    talk.process.kill(number)
    # The terminal outlives the program that hid the password.
    assert talk.ended() == (130 if number is signal.SIGINT else 0)
    assert talk.shows


@pytest.mark.slow
def test_a_pipe_is_read_like_a_terminal_and_repeats_nothing_that_came_through_it(
    environment: dict[str, str], code: str
) -> None:
    given = ["3", code, "ray@example.com", MINE, MINE, "y", MINE]
    ended = subprocess.run(
        [TRAKDESK, "plain"],
        env=environment | {"TERM": "xterm-256color"},
        input="\n".join(given).encode() + b"\n\xff\xfe\n",
        capture_output=True,
        timeout=60,
    )
    said = ended.stdout.decode()
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert "Step 1 of 2: two-step sign-in." in said
    assert MINE not in said
    assert not CONTROL.findall(said)
    assert said.endswith("Goodbye.\n")


def test_a_reader_that_goes_away_ends_it_quietly(environment: dict[str, str], code: str) -> None:
    talk = subprocess.Popen(
        [TRAKDESK, "plain"], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert talk.stdin and talk.stdout and talk.stderr
    talk.stdout.readline()
    talk.stdout.close()
    talk.stdin.write(b"?\n" * 50)
    talk.stdin.flush()
    assert talk.wait(20) == 0
    assert talk.stderr.read() == b""
    talk.stdin.close()
    talk.stderr.close()


def test_before_there_is_an_agency_it_says_what_to_do(command: Command) -> None:
    ended = command("plain")
    assert (ended.returncode, "trakdesk init" in ended.stderr) == (2, True)
