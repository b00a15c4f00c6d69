"""Sends what waits in the outbox: leased, crash-safe, over one connection that stays open.

A message is sent first and written down after it: a crash can repeat a mail, under the same Message-ID, but lose none.
"""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import islice
from typing import Protocol

from models.states import MailState
from services.context import Context
from services.errors import Unavailable
from services.mail import queue
from services.mail.letter import Letter, seal
from services.mail.outbox import PATIENCE
from services.mail.queue import Result, Turn
from services.mail.render import Renderer, in_words
from services.mail.smtp import Kind, Outcome, Smtp

BUILT_IN = "built-in mailbox"
"""Stands in the place of a server's words where there is no server."""

BACK_OFF = tuple(timedelta(seconds=seconds) for seconds in (10, 30, 2 * 60, 5 * 60, 15 * 60))
"""How long a message rests after its first, second … try."""

AFTER_THAT = timedelta(hours=1)

LEASE = timedelta(seconds=120)

TOGETHER = 100
"""Messages that are looked at, and whose outcomes are written down, in one unit of work at most."""

WRITE_AFTER = 0.2
"""Seconds after which outcomes are written down, however few they are: a crash repeats the mail of so long a time."""

LOOK_EVERY = 5.0
"""Seconds between two looks for mail that another process queued."""

LONGEST_PAUSE = 30.0
"""Seconds between two tries while the server or the database is away."""

GRACE = 2.0
"""Seconds that the letter on its way gets when the delivery is told to stop."""

_log = logging.getLogger(__name__)


class Carrier(Protocol):
    """What takes letters: the way to a mail server, or what stands for one."""

    @property
    def longest(self) -> float:
        """Seconds that `send` can take."""
        ...

    def send(self, letter: Letter, meanwhile: Callable[[], object] | None = None) -> Outcome:
        """Hand one letter over; `meanwhile` is other work for the time of waiting. Never raises."""
        ...

    def rest(self) -> None:
        """Nothing is to be sent at the moment."""
        ...

    def close(self) -> None:
        """Nothing is to be sent any more."""
        ...

    def abort(self) -> None:
        """End a wait of another thread in `send`."""
        ...


class Delivery:
    """Empties the outbox; several may do so on one database."""

    def __init__(self, ctx: Context, carrier: Carrier | None = None) -> None:
        """`carrier` takes the letters instead of the mail server of the settings."""
        self._ctx = ctx
        self._renderer = Renderer(ctx.settings, ctx.keys.mail)
        self._smtp = carrier or (Smtp(ctx.settings.mail) if ctx.settings.mail.host else None)
        self._longest = timedelta(seconds=self._smtp.longest if self._smtp else 0)
        self._lease = max(LEASE, self._longest)
        self._owner = secrets.token_hex(16)
        self._alone = threading.Lock()
        self._stop = threading.Event()
        self._unwritten: list[Result] = []
        self._away: Outcome | None = None
        self._was_away = False

    @property
    def away(self) -> str:
        """Why the mail server took nothing at the last try; empty if it did, or if nothing was tried."""
        return self._away.words if self._away is not None else ""

    def run_once(self, limit: int = 100) -> int:
        """Deal with at most `limit` messages that are due; returns with how many. Raises Unavailable."""
        with self._alone:
            # What could not be written down when the database was away.
            self._write_down()
            self._away = None
            left = dict.fromkeys(queue.claim(self._ctx, self._owner, limit, self._lease))
            claimed, leased_at = len(left), self._ctx.clock.now()
            try:
                while left and not self._stop.is_set():
                    leased_at = self._keep_leases(left, leased_at)
                    self._carry(left)
                    self._write_down()
            finally:
                # Without a database the leases end by themselves.
                with suppress(Unavailable):
                    self._write_down()
                    queue.release(self._ctx, self._owner, list(left))
            return claimed - len(left)

    def run(self, stop: threading.Event, wake: threading.Event) -> None:
        """Send mail as it comes until `stop` is set; to be run in a thread of its own.

        Args:
            wake: set by whoever has queued mail, usually `ctx.mail_waiting`.
        """
        self._stop = stop
        threading.Thread(target=self._watch, args=(stop, wake), name="mail-stop", daemon=True).start()
        pause = 0.0
        while not stop.is_set():
            wake.clear()
            idle = self._round()
            if idle is None:
                pause = min(LONGEST_PAUSE, max(1.0, 2 * pause))
                stop.wait(pause)
            else:
                pause = 0.0
                wake.wait(idle)
        self._stop = threading.Event()
        self.close()

    def close(self) -> None:
        """End the connection to the mail server, if there is one."""
        if self._smtp is not None:
            self._smtp.close()

    def _watch(self, stop: threading.Event, wake: threading.Event) -> None:
        """Let `stop` end the loop's waits, those for the server too if they last."""
        stop.wait()
        wake.set()
        while not self._alone.acquire(timeout=GRACE):
            if self._smtp is not None:
                self._smtp.abort()
        self._alone.release()

    def _round(self) -> float | None:
        """One look at the outbox: how many seconds until the next one; None if server or database is away."""
        try:
            due = queue.next_due(self._ctx)
            now = self._ctx.clock.now()
            if due is None or due > now:
                if self._smtp is not None:
                    self._smtp.rest()
                return LOOK_EVERY if due is None else min(LOOK_EVERY, (due - now).total_seconds())
            if self.run_once() == 0:
                # Somebody else has leased it all.
                return LOOK_EVERY
        except Unavailable:
            _log.warning("The database does not answer; the mail waits.")
            return None
        except Exception as error:  # noqa: BLE001 - whatever it is, the mail after it must go out
            _log.error("The mail delivery stumbled: %s", _place(error))
            return None
        return 0.0 if self._away is None else None

    def _keep_leases(self, left: dict[int, None], leased_at: datetime) -> datetime:
        """Renew them early enough for one more letter, however slow the server is."""
        now = self._ctx.clock.now()
        if leased_at + self._lease - now >= self._longest:
            return leased_at
        queue.renew(self._ctx, self._owner, list(left), self._lease)
        return now

    def _carry(self, left: dict[int, None]) -> None:
        """Deal with the next messages, as they are at this moment, until it is time to write down what became of them.

        Takes out of `left` what is dealt with.
        """
        ids = list(islice(left, TOGETHER))
        turns = queue.look(self._ctx, self._owner, ids)
        for taken_back in set(ids).difference(turn.id for turn in turns):
            del left[taken_back]
        letters = _Letters(self._renderer, turns, self._ctx.clock.now())
        started = time.monotonic()
        for turn in turns:
            self._unwritten.append(self._deal_with(turn, letters))
            del left[turn.id]
            if self._stop.is_set() or time.monotonic() - started >= WRITE_AFTER:
                break

    def _deal_with(self, turn: Turn, letters: _Letters) -> Result:
        now = self._ctx.clock.now()
        if not turn.needed:
            return Result(turn, MailState.SUPERSEDED, now, None, "Not needed any more.", tried=False)
        if now >= turn.expires_at:
            return _given_up(turn, now)
        if self._smtp is None:
            return Result(turn, MailState.SENT, now, None, BUILT_IN)
        if self._away is not None:
            return settle(turn, self._away, now)
        letter = letters.take(turn)
        if letter is None:
            return Result(turn, MailState.FAILED, now, None, "This mail cannot be written. The log says where.")
        outcome = self._smtp.send(letter, letters.write_one)
        if outcome.of_server:
            self._away, self._was_away = outcome, True
        return settle(turn, outcome, self._ctx.clock.now())

    def _write_down(self) -> None:
        """Store the outcomes that are not stored yet."""
        if not self._unwritten:
            return
        queue.write_down(self._ctx, self._owner, self._unwritten)
        accepted = any(result.state is MailState.SENT for result in self._unwritten)
        self._unwritten = []
        if self._was_away and accepted:
            self._was_away = False
            queue.hasten(self._ctx)


class _Letters:
    """The letters of a few messages; whoever waits for the server writes those that come later."""

    def __init__(self, renderer: Renderer, turns: Sequence[Turn], at: datetime) -> None:
        self._renderer = renderer
        self._at = at
        self._unwritten = deque(turn for turn in turns if turn.needed)
        self._written: dict[int, Letter | None] = {}

    def write_one(self) -> None:
        """Write the next letter, if there is one: a fraction of a millisecond."""
        if not self._unwritten:
            return
        turn, letter = self._unwritten.popleft(), None
        try:
            letter = seal(self._renderer.render(turn.facts, self._at))
        except Exception as error:  # noqa: BLE001 - one bad row must not stop the others
            _log.error("Message %s cannot be written: %s", turn.facts.uuid, _place(error))
        self._written[turn.id] = letter

    def take(self, turn: Turn) -> Letter | None:
        """The letter of a message; None if it cannot be written."""
        while turn.id not in self._written:
            self.write_one()
        return self._written.pop(turn.id)


def settle(turn: Turn, outcome: Outcome, now: datetime) -> Result:
    """What follows for a message from what became of its letter."""
    if outcome.kind is Kind.ACCEPTED:
        return Result(turn, MailState.SENT, now, outcome.code, outcome.words)
    if outcome.kind is Kind.REFUSED:
        return Result(turn, MailState.FAILED, now, outcome.code, outcome.words)
    if outcome.kind is Kind.UNKNOWN and turn.attempts >= len(BACK_OFF):
        words = f"{outcome.words} Ask whether it has arrived, and send it anew if not."
        return Result(turn, MailState.FAILED, now, outcome.code, words)
    rest = BACK_OFF[turn.attempts] if turn.attempts < len(BACK_OFF) else AFTER_THAT
    again = min(now + rest, turn.expires_at)
    return Result(turn, MailState.DEFERRED, now, outcome.code, outcome.words, not_before=again)


def _given_up(turn: Turn, now: datetime) -> Result:
    if turn.attempts:
        words = f"Given up after {in_words(PATIENCE)}. The last answer: {turn.last_words}"
        return Result(turn, MailState.FAILED, now, None, words, tried=False)
    words = f"Not sent within {in_words(PATIENCE)}, because nothing was there that sends mail. Send it anew."
    return Result(turn, MailState.EXPIRED, now, None, words, tried=False)


def _place(error: BaseException) -> str:
    """The kind of an error and where it happened; its text may hold somebody's data."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace is not None else "an unknown place"
    return f"{type(error).__name__} at {where}"
