"""Who cannot sign in now although the account is active: too many wrong tries.

Tries are counted under keyed hashes, which tell nobody whose they are. So the few counts that hold somebody up are read
first, and then each account's own hash is looked for among them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from models.agency import Agency
from models.identity import Identity, Throttle
from models.security import SecondFactor
from models.states import IdentityState
from services import throttle
from services.accounts.identities import stored_sign_in_keys
from services.credentials import factor
from services.entry.arrival import MAILED_CODE_FROM
from services.offices import Scope
from services.reports.people import WHO, behind, in_sight
from services.reports.reading import PAGE, Found, Reading, raw
from services.reports.values import Column, Kind, Report, Row

REPORT = Report(
    name="locked-out",
    title="Locked out or waiting now",
    about="People who must wait after failed sign-ins or wrong codes, or need a mailed code besides their password.",
    columns=(
        *WHO,
        Column("standing", "What holds them up"),
        Column("tries", "Tries", Kind.NUMBER),
        Column("until", "Until", Kind.MOMENT),
        Column("wait_seconds", "Left", Kind.WAIT),
    ),
    none="Nobody is locked out, and nobody has to wait.",
    telling="standing",
)

_WAITS, _CODE = "wait", "code"

_Counts = Mapping[str, tuple[int, datetime]]
"""How many tries failed under a key, and when the next one is heard."""


@dataclass(frozen=True, slots=True)
class _Keys:
    """What makes the key of an address, and that of an account with an app."""

    sign_in: Callable[[str], str]
    app: Callable[[int], str]


@dataclass(frozen=True, slots=True)
class _Standing:
    """What holds somebody up; `until` is when the next try is heard, None for at once."""

    tag: str
    words: str
    tries: int
    until: datetime | None


class LockedOut(Reading):
    """Whoever needs a mailed code stands first, then who must wait, the longest first."""

    report = REPORT

    def pages(self) -> Iterator[list[Found]]:
        """Given once all accounts have been looked at: there are few rows."""
        with self.looking():
            counts = self._holding(Throttle.key.is_null(False))
            keys = self._keys()
        if not counts:
            return
        held: dict[int, _Standing] = {}
        for page in self._whose(counts, keys):
            with self.looking() as scope:
                accounts = self._active(page)
                seen = in_sight(accounts, scope)
                for number, email in accounts.items():
                    standing = self._standing(counts, keys, number, email)
                    if standing is not None and number in seen:
                        held[number] = standing
            yield []

        def rank(one: tuple[int, _Standing]) -> tuple[bool, float, int]:
            number, standing = one
            return standing.tag is _WAITS, -(standing.until or self.now).timestamp(), number

        yield [(number, standing.tag) for number, standing in sorted(held.items(), key=rank)]

    def read(self, keys: Sequence[int], scope: Scope) -> list[Row]:
        """The accounts with these numbers that are still held up."""
        people, made = behind(keys, scope), self._keys()
        accounts = self._active(list(people))
        theirs = [*map(made.sign_in, accounts.values()), *map(made.app, accounts)]
        counts = self._holding(Throttle.key.in_(theirs))
        now, rows = self.now, []
        for number, email in accounts.items():
            standing = self._standing(counts, made, number, email)
            if standing is not None:
                left = None if standing.until is None else throttle.seconds_until(now, standing.until)
                cells = (*people[number].cells, standing.words, standing.tries, standing.until, left)
                mark = "error" if standing.tag is _CODE else "warning"
                rows.append(Row(number, cells, people[number].person, mark))
        return rows

    def told(self, counts: Counter[str], figure: Callable[[int], str]) -> str:
        """How many of each kind."""
        parts = []
        if counts[_CODE]:
            people = "1 person needs" if counts[_CODE] == 1 else f"{figure(counts[_CODE])} people need"
            parts.append(f"{people} a mailed code")
        if counts[_WAITS]:
            people = "1 person" if counts[_WAITS] == 1 else f"{figure(counts[_WAITS])} people"
            parts.append(f"{people} must wait")
        return f"{', '.join(parts)}."

    def _whose(self, counts: _Counts, keys: _Keys) -> Iterator[list[int]]:
        """The accounts behind these counts, as far as there are any: a hash for each address, and for each app."""
        mine, email = Identity.agency == self.actor.agency_id, ""
        while True:
            with self.looking():
                page = Identity.select(Identity.email_key, Identity.id).where(mine & (Identity.email_key > email))
                rows = raw(self.ctx, page.order_by(Identity.email_key).limit(PAGE))
            yield [number for email, number in rows if keys.sign_in(email) in counts]
            if len(rows) < PAGE:
                break
            email = rows[-1][0]
        last = 0
        while True:
            with self.looking():
                apps = SecondFactor.select(SecondFactor.identity).where(SecondFactor.identity > last)
                rows = raw(self.ctx, apps.order_by(SecondFactor.identity).limit(PAGE))
            yield [number for (number,) in rows if keys.app(number) in counts]
            if len(rows) < PAGE:
                return
            last = rows[-1][0]

    def _active(self, numbers: Sequence[int]) -> dict[int, str]:
        """The addresses of those of these accounts that are the agency's and active."""
        asked = Identity.id.in_(list(numbers)) & (Identity.agency == self.actor.agency_id)
        active = asked & (Identity.state == IdentityState.ACTIVE)
        return dict(Identity.select(Identity.id, Identity.email_key).where(active).tuples())  # type: ignore[arg-type]

    def _keys(self) -> _Keys:
        """Those of the agency's accounts."""
        code = str(Agency.get_by_id(self.actor.agency_id).code_key)
        return _Keys(stored_sign_in_keys(self.ctx, code), factor.tries_keys(self.ctx))

    def _holding(self, which: Any) -> _Counts:
        """Those of these counts that hold somebody up."""
        now = self.now
        # One further off than any wait was written before the clock was set back.
        waits = (Throttle.next_at > now) & (Throttle.next_at <= now + timedelta(seconds=throttle.LONGEST_WAIT))
        asked = which & (waits | (Throttle.count >= MAILED_CODE_FROM))
        rows: Any = Throttle.select(Throttle.key, Throttle.count, Throttle.next_at).where(asked).tuples()
        return {key: (count, next_at) for key, count, next_at in rows}

    def _standing(self, counts: _Counts, keys: _Keys, number: int, email: str) -> _Standing | None:
        """What holds an account up, None for nothing."""
        now = self.now
        tries, heard = counts.get(keys.sign_in(email), (0, now))
        codes, code_heard = counts.get(keys.app(number), (0, now))
        if tries >= MAILED_CODE_FROM:
            return _Standing(_CODE, "needs a mailed code", tries, heard if heard > now else None)
        if heard > now:
            return _Standing(_WAITS, "waits: failed sign-ins", tries, heard)
        if code_heard > now:
            return _Standing(_WAITS, "waits: wrong app codes", codes, code_heard)
        return None
