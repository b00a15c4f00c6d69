"""What a call was worth, and what to do better: a pure function of the case and of what happened."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from models.states import CheckMethod
from services.audit import Action
from services.history_words import WORDS
from services.practice.values import ANSWERS, FULL, Call, Case, Change, Check, Ending, Fact, Marks, Outcome, Step
from services.verification.levels import GIVES, TOGETHER
from services.verification.values import Level

TELLING = frozenset({Fact.BORN, Fact.ADDRESS, Fact.PHONE, Fact.EMAIL})
"""One of these, held against the list, tells two people of one name apart."""

PER_NEEDLESS = 10
"""Points that one needless thing costs."""

WRONG_ENDING = 10
"""Points that a call costs that was ended as what it was not."""

_ENDINGS = {
    Ending.SOLVED: "solved",
    Ending.TOLD: "told what to do",
    Ending.REFUSED: "refused",
}
_NEEDED = {
    Level.RESEND: "The caller had to be verified before that (key v).",
    Level.CHANGE_EMAIL: "The caller had to be verified before that: by the security questions, by a mailed code or by "
    "the app (key v).",
    Level.CLEAR_FACTOR: "The caller had to be verified in two ways before that: by the security questions and by a "
    "mailed code, for example (key v).",
}


def judge(case: Case, call: Call) -> Outcome:
    """The points and the sentences, the weightiest first."""
    judged = _Judged(case, call)
    marks = Marks(
        person=judged.person(),
        verified=judged.verified(),
        action=judged.action(),
        needless=judged.needless(),
    )
    return Outcome(case, call, marks, tuple(dict.fromkeys(judged.better)))


class _Judged:
    """One call, criterion by criterion; what was amiss gathers in `better`."""

    def __init__(self, case: Case, call: Call) -> None:
        self._case, self._call, self._right = case, call, case.expected
        self._done = _matched(case, call)
        self._left = _unmatched(case, self._done)
        self._elsewhere = [change for change in call.changes if change.person != case.person]
        self._idle = bool(case.expected.steps) and not self._done
        self.better: list[str] = []

    def person(self) -> int:
        """Whether nobody else was touched, and the right one was where something was to be done."""
        if self._elsewhere:
            for change in self._elsewhere:
                whom = change.name or "somebody else"
                self.better.append(
                    f"Wrong person: you {_said(change)} for {whom}, but {self._case.name} was calling. Compare the "
                    "date of birth or the address with the list first."
                )
            return 0
        touched = any(check.person == self._case.person for check in self._call.checks) or bool(self._call.changes)
        if self._right.steps and not touched:
            self.better.append(f"Nothing was done for {self._case.name}, who was calling.")
            return 0
        return FULL.person

    def verified(self) -> int:
        """Whether it was known who calls before anything was done."""
        if self._right.suspect:
            return self._saw_through()
        begun = min((change.at for change in self._call.changes), default=None)
        if self._right.verified is Level.LOOK:
            return self._identified(begun)
        passed = {check.method for check in self._passed_before(begun)}
        if _level(passed) < self._right.verified:
            self.better.append(_NEEDED[self._right.verified])
            return 0
        if _level(passed - {CheckMethod.OVERRIDE}) < self._right.verified:
            self.better.append("You vouched for a caller who could have shown who they are. Ask the questions first.")
            return FULL.verified // 2
        return FULL.verified

    def action(self) -> int:
        """Whether the right things were done, in their order, and the call was ended as what it was."""
        told = [
            self._right.forbidden[change.action]
            for change in self._call.changes
            if change.action in self._right.forbidden
        ]
        if told:
            self.better += told
            return 0
        points = FULL.action
        if self._right.steps:
            points = FULL.action * len(self._done) // len(self._right.steps)
            self.better += [f"Still to be done: {words}." for words in self._left]
        elif self._call.changes:
            points = 0
        if self._call.ending not in self._right.endings:
            points = 0 if self._sent_away_wrongly() else max(0, points - WRONG_ENDING)
            right = " or ".join(f'"{_ENDINGS[ending]}"' for ending in Ending if ending in self._right.endings)
            self.better.append(f'The call ended as "{_ENDINGS[self._call.ending]}"; right was {right}.')
        if points < FULL.action:
            self.better.append(self._right.lesson)
        return points

    def _sent_away_wrongly(self) -> bool:
        """Whether the ending was the answer itself, and was the opposite: refused, or not refused."""
        refused = self._call.ending is Ending.REFUSED
        return not self._right.steps and (refused or self._right.endings == {Ending.REFUSED})

    def needless(self) -> int:
        """Whether nothing was done that nobody needed."""
        if self._idle:
            # Who does nothing does nothing needless either, and earns nothing by it.
            return 0
        points = FULL.needless
        for change in self._call.changes:
            if change in self._done.values():
                if change.also:
                    points -= PER_NEEDLESS
                    self.better.append(f"Needless: you changed {', '.join(change.also)} too.")
            else:
                points -= PER_NEEDLESS
                if change.person == self._case.person and change.action not in self._right.forbidden:
                    self.better.append(f"Needless: you {_said(change)}.")
        return max(0, points)

    def _identified(self, begun: datetime | None) -> int:
        """Whether something besides the name was asked, or the caller verified, before anything was done."""
        facts = [at for fact, at in self._call.asked.items() if fact in TELLING]
        known = [*facts, *(check.at for check in self._passed_before(begun))]
        if any(begun is None or at <= begun for at in known):
            return FULL.verified
        when = "acted" if begun is not None else "ended the call"
        self.better.append(
            f"You {when} before you knew who is calling. A name is not enough: ask for the date of birth, the address "
            "or the phone number, and compare it with the list."
        )
        return 0

    def _saw_through(self) -> int:
        """Whether somebody who is not the owner was put to the test, and did not pass."""
        if any(check.passed for check in self._call.checks):
            self.better.append("You vouched for somebody who is not the owner. Nobody's word stands in for a proof.")
            return 0
        if any(check.person == self._case.person for check in self._call.checks):
            return FULL.verified
        asked = any(fact in self._call.asked for fact in (*ANSWERS, Fact.CODE, Fact.APP))
        self.better.append(
            "Put the answers of the caller to the test (key v) before you refuse: the owner would have passed."
        )
        return FULL.verified // 2 if asked else 0

    def _passed_before(self, begun: datetime | None) -> list[Check]:
        """The verifications that held before anything was done."""
        return [
            check
            for check in self._call.checks
            if check.passed and check.person == self._case.person and (begun is None or check.at <= begun)
        ]


def _matched(case: Case, call: Call) -> dict[int, Change]:
    """Which change did which step, by the step's place: each later one comes after the one before."""
    done: dict[int, Change] = {}
    left = [change for change in call.changes if change.person == case.person]
    for place, step in enumerate(case.expected.steps):
        at = next((at for at, change in enumerate(left) if _does(change, step, call.email)), None)
        if at is not None:
            done[place] = left[at]
            left = left[at + 1 :]
    return done


def _does(change: Change, step: Step, email_now: str) -> bool:
    """Whether this is the step, and an address that it put in the list still stands there."""
    if change.action not in step.actions:
        return False
    return not step.email or _key(change.email) == _key(email_now) == _key(step.email)


def _unmatched(case: Case, done: dict[int, Change]) -> list[str]:
    return [step.words for place, step in enumerate(case.expected.steps) if place not in done]


def _level(methods: Iterable[CheckMethod]) -> Level:
    passed = set(methods)
    if passed >= TOGETHER:
        return Level.CLEAR_FACTOR
    return max((GIVES[method] for method in passed), default=Level.LOOK)


def _said(change: Change) -> str:
    """ "sent a reset", as the history tells it."""
    if change.action is Action.CLIENT_CHANGED and change.email:
        return f"changed the e-mail address to {change.email}"
    return WORDS[change.action][0]


def _key(email: str) -> str:
    return email.casefold()
