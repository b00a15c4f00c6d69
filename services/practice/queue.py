"""A queue of callers, one after the other: the same seed brings the same callers to everybody."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from random import Random

from models.agency import Agency, Office
from services.desk import Desk
from services.errors import Refused
from services.practice import plots, traps
from services.practice.backstage import Backstage
from services.practice.casting import Casting, Event
from services.practice.judging import judge
from services.practice.plots import Make, Plot
from services.practice.reading import call_of, newest_entry, spoken
from services.practice.values import Call, Case, Difficulty, Ending, Fact, Kind, Outcome

MOST = 30
"""Callers in one queue."""

PLOTS: Mapping[Kind, Make] = {
    Kind.WRONG_EMAIL: plots.wrong_email,
    Kind.NEW_EMAIL: traps.new_email,
    Kind.FORGOTTEN: plots.forgotten,
    Kind.LOST_WELCOME: plots.lost_welcome,
    Kind.NO_ACCOUNT: plots.no_account,
    Kind.TEMPORARY_EXPIRED: plots.temporary_expired,
    Kind.WAITING: plots.waiting,
    Kind.WRONG_COMPANY: plots.wrong_company,
    Kind.OLD_ACCOUNT: plots.old_account,
    Kind.LOST_PHONE: traps.lost_phone,
    Kind.DEACTIVATED: traps.deactivated,
    Kind.IMPOSTOR: traps.impostor,
    Kind.NAMESAKES: traps.namesakes,
}

EASY = (
    Kind.FORGOTTEN,
    Kind.LOST_WELCOME,
    Kind.WRONG_EMAIL,
    Kind.NO_ACCOUNT,
    Kind.TEMPORARY_EXPIRED,
    Kind.WRONG_COMPANY,
)
"""Kinds with one cause and one answer."""


class Practice:
    """One trainee's queue in one sandbox: prepared at once, then taken call by call.

    Attributes:
        kinds: who calls, in their order.
        outcomes: of the calls that have ended.
    """

    def __init__(
        self, desk: Desk, *, callers: int = 5, seed: int = 1, difficulty: Difficulty = Difficulty.MIXED
    ) -> None:
        """Raises Refused for a number of callers that is none or too many; TypeError for a desk that is no sandbox."""
        if not 1 <= callers <= MOST:
            raise Refused(f"A queue has 1 to {MOST} callers. Choose a number between them.")
        self._desk = desk
        self._backstage = Backstage(desk)
        self._random = Random(f"{seed}/{difficulty}")  # noqa: S311 - nothing here is secret
        self.kinds = self._drawn(callers, difficulty)
        self._plots: list[Plot] = []
        self._taken = 0
        self._since = 0
        self._rang_at = desk.ctx.clock.now()
        self._asked: dict[Fact, datetime] = {}
        self.outcomes: tuple[Outcome, ...] = ()

    @property
    def callers(self) -> int:
        """How many call in all."""
        return len(self.kinds)

    @property
    def number(self) -> int:
        """Which of them is on the line, from 1; 0 before the first."""
        return self._taken

    @property
    def finished(self) -> bool:
        """Whether everybody was served."""
        return len(self.outcomes) == self.callers

    @property
    def case(self) -> Case:
        """Who is on the line. Raises Refused before the first call."""
        if not self._taken:
            raise Refused("Nobody is on the line.")
        return self._plots[self._taken - 1].case

    def prepare(self) -> None:
        """Let all callers have the trouble that they will call with; takes a moment. Raises Refused."""
        cast = Casting(self._backstage, self._random)
        self._plots = [PLOTS[kind](cast) for kind in self.kinds]
        self._happen([event for plot in self._plots for event in plot.before])

    def restart(self) -> None:
        """Begin with the first call again; the sandbox is as it was after `prepare`."""
        self._taken, self.outcomes = 0, ()

    def ring(self) -> Case:
        """Let the next one call. Raises Refused when nobody is left."""
        if self._taken == self.callers:
            raise Refused("Nobody else is waiting.")
        self._taken += 1
        plot = self._plots[self._taken - 1]
        self._happen(list(plot.ringing))
        self._since = newest_entry(self._desk.ctx)
        self._rang_at = self._desk.ctx.clock.now()
        self._asked = {}
        return plot.case

    def ask(self, fact: Fact) -> str:
        """What the caller answers."""
        self._asked.setdefault(fact, self._desk.ctx.clock.now())
        return spoken(self._desk.ctx, self.case, fact)

    def end(self, ending: Ending) -> Outcome:
        """End the call; what was done counts until now. Raises Refused if it has ended already."""
        if len(self.outcomes) == self._taken:
            raise Refused("This call has ended.")
        outcome = judge(self.case, self._call(ending))
        self.outcomes = (*self.outcomes, outcome)
        return outcome

    def _call(self, ending: Ending) -> Call:
        return call_of(self._desk.ctx, self.case, ending, self._since, self._rang_at, self._asked)

    def _happen(self, events: list[Event]) -> None:
        """One after the other, the oldest first, so that the trail of what happened stays in order."""
        for event in sorted(events, key=lambda event: event.ago, reverse=True):
            event.happens(self._backstage.at(event.ago))

    def _drawn(self, callers: int, difficulty: Difficulty) -> list[Kind]:
        """Every kind once before any comes again."""
        possible = [kind for kind in Kind if _fits(kind, difficulty) and _possible(self._desk, kind)]
        drawn: list[Kind] = []
        while len(drawn) < callers:
            drawn += self._random.sample(possible, len(possible))
        return drawn[:callers]


def _fits(kind: Kind, difficulty: Difficulty) -> bool:
    if difficulty is Difficulty.MIXED:
        return True
    return (kind in EASY) is (difficulty is Difficulty.EASY)


def _possible(desk: Desk, kind: Kind) -> bool:
    """Whether this desk has what the kind needs."""
    if kind is Kind.LOST_PHONE:
        # Two ways to verify: without a mail server there is only one, and the word of a supervisor.
        return bool(desk.ctx.settings.mail.host)
    if kind is Kind.OLD_ACCOUNT:
        with desk.ctx.read():
            has_key = bool(Agency.select().order_by(Agency.id).get().access_key_hash)
            return has_key and Office.select().exists()
    return True
