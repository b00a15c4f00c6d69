"""Turns the keys that can be turned: new ones are made while desks run, old ones go when nothing needs them."""

from __future__ import annotations

import fcntl
import os
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from models.identity import Credential, SecurityAnswer
from models.security import SecondFactor
from models.unfinished import Draft
from services import audit, drafts
from services.actor import Actor
from services.context import Context
from services.credentials import factor, sealing
from services.credentials.sealing import SealBroken
from services.errors import Refused
from services.keys import Keys, replace_file

PAGE = 500

_ID = re.compile(r"(?:dk1|es1)\$([a-z0-9]{1,8})\$")


@dataclass(frozen=True, slots=True)
class Uses:
    """What needs which key, by the ids of the keys.

    Attributes:
        passwords, answers: sets that were hashed with a pepper.
        factors: second factors that a cipher locks.
    """

    passwords: Mapping[str, int]
    answers: Mapping[str, int]
    factors: Mapping[str, int]

    def of_pepper(self, name: str) -> str:
        """What needs a pepper, in words; empty for nothing."""
        return _listed(_counted(self.passwords.get(name, 0), "password"), _counted(self.answers.get(name, 0), "answer"))

    def of_cipher(self, name: str) -> str:
        """What needs a cipher, in words; empty for nothing."""
        return _counted(self.factors.get(name, 0), "second factor")

    def without_keys(self, keys: Keys) -> str:
        """What no key of the file opens, in words; empty if there is nothing."""
        peppers = {*self.passwords, *self.answers} - set(keys.peppers)
        lost = [f"{self.of_pepper(name)} of pepper {name}" for name in sorted(peppers)]
        ciphers = set(self.factors) - set(keys.ciphers)
        return _listed(*lost, *(f"{self.of_cipher(name)} of cipher {name}" for name in sorted(ciphers)))


@dataclass(frozen=True, slots=True)
class Rotated:
    """What a rotation did.

    Attributes:
        pepper, cipher: the ids of the new keys; None for one that was not turned.
        kept: where the old file lies now.
        sealed: how many secrets the new cipher locks anew; `broken` could not be opened and stay as they are.
    """

    pepper: str | None
    cipher: str | None
    kept: Path
    sealed: int
    broken: int


@dataclass(frozen=True, slots=True)
class Retired:
    """What a retirement did.

    Attributes:
        gone: the keys that were taken away, in words.
        needed: the old keys that something needs still, with what that is.
        kept: where the old file lies now; None if nothing was changed.
    """

    gone: tuple[str, ...]
    needed: tuple[str, ...]
    kept: Path | None


def rotate(ctx: Context, actor: Actor, *, pepper: bool, cipher: bool, prepare: bool = False) -> Rotated:
    """Make new keys, take them into use, and lock all secrets that can be read again with the new cipher.

    Args:
        prepare: only put them into the file, for other machines to get a copy before anything uses them.

    Raises KeysUnusable or Unavailable.
    """
    path = ctx.settings.keys_path
    with _alone(path):
        keys = Keys.load(path)
        grown = keys.with_new(pepper=pepper, cipher=cipher, use=not prepare)
        kept = _spare_name(ctx)
        replace_file(path, grown, kept)
    sealed, broken = (0, 0) if prepare or not cipher else seal_anew(ctx, grown)
    told = Rotated(
        _new(keys.peppers, grown.peppers, grown.current) if pepper else None,
        _new(keys.ciphers, grown.ciphers, grown.current_cipher) if cipher else None,
        kept,
        sealed,
        broken,
    )
    with ctx.unit():
        details = {"pepper": told.pepper, "cipher": told.cipher, "sealed": sealed, "prepared": prepare}
        audit.record(ctx, actor, audit.Action.KEYS_ROTATED, details=details)
    return told


def retire(ctx: Context, actor: Actor) -> Retired:
    """Take away the old keys that nothing needs any more. Raises KeysUnusable or Unavailable."""
    path = ctx.settings.keys_path
    with _alone(path):
        keys = Keys.load(path)
        seal_anew(ctx, keys)
        with ctx.read():
            used = uses()
        old = [("pepper", name, used.of_pepper(name)) for name in _older(keys.peppers, keys.current)]
        old += [("cipher", name, used.of_cipher(name)) for name in _older(keys.ciphers, keys.current_cipher)]
        gone = [(kind, name) for kind, name, needed_by in old if not needed_by]
        needed = tuple(f"{kind} {name}: {needed_by}" for kind, name, needed_by in old if needed_by)
        if not gone:
            return Retired((), needed, None)
        kept = _spare_name(ctx)
        replace_file(
            path,
            replace(
                keys,
                peppers={name: key for name, key in keys.peppers.items() if ("pepper", name) not in gone},
                ciphers={name: key for name, key in keys.ciphers.items() if ("cipher", name) not in gone},
            ),
            kept,
        )
    told = tuple(f"{kind} {name}" for kind, name in gone)
    with ctx.unit():
        audit.record(ctx, actor, audit.Action.KEYS_RETIRED, details={"keys": ", ".join(told)})
    return Retired(told, needed, kept)


def seal_anew(ctx: Context, keys: Keys) -> tuple[int, int]:
    """Lock every secret with the current cipher; returns how many were, and how many could not be opened.

    One that somebody changes meanwhile is left to them. A draft that could not be opened is thrown away.
    """
    told = _seal_anew(ctx, keys, SecondFactor, lambda row: factor.owner(row.identity_id))
    _seal_anew(ctx, keys, Draft, drafts.owner_of, worthless=True)
    return told


def _seal_anew(
    ctx: Context, keys: Keys, table: Any, owner: Callable[[Any], str], *, worthless: bool = False
) -> tuple[int, int]:
    """The same for one table; `worthless` rows go that could not be opened."""
    sealed = broken = last = 0
    while True:
        with ctx.read():
            rows = list(table.select().where(table.id > last).order_by(table.id).limit(PAGE))
        if not rows:
            return sealed, broken
        last = int(rows[-1].id)
        for row in rows:
            if sealing.is_current(keys, row.sealed):
                continue
            same = (table.id == row.id) & (table.sealed == row.sealed)
            try:
                fresh = sealing.seal(keys, sealing.unseal(keys, row.sealed, owner(row)), owner(row))
            except SealBroken:
                broken += 1
                if worthless:
                    with ctx.unit():
                        table.delete().where(same).execute()
                continue
            with ctx.unit():
                sealed += int(table.update(sealed=fresh).where(same).execute())


def uses() -> Uses:
    """Which keys the database needs; call it inside `ctx.read()`."""
    return Uses(
        _ids(Credential.select(Credential.verifier)),
        _ids(SecurityAnswer.select(SecurityAnswer.verifier)),
        _ids(SecondFactor.select(SecondFactor.sealed)),
    )


def _ids(query: Any) -> Counter[str]:
    found: Counter[str] = Counter()
    for (stored,) in query.tuples().iterator():
        key = _ID.match(stored or "")
        if key is not None:
            found[key[1]] += 1
    return found


def _older(ring: Mapping[str, bytes], current: str) -> list[str]:
    """The keys that came before the current one; a newer one waits for its turn."""
    return [name for name in ring if name != current and not (name.isdigit() and int(name) > int(current))]


def _new(before: Mapping[str, bytes], after: Mapping[str, bytes], current: str) -> str:
    """The key that was made, or the one that waited and is in use now."""
    return next((name for name in after if name not in before), current)


def _counted(count: int, word: str) -> str:
    return "" if not count else f"{count:,} {word}{'' if count == 1 else 's'}"


def _listed(*parts: str) -> str:
    return ", ".join(filter(None, parts))


def _spare_name(ctx: Context) -> Path:
    path = ctx.settings.keys_path
    stamp = f"{ctx.clock.now():%Y%m%dT%H%M%SZ}"
    names = (path.with_name(f"{path.name}.{stamp}{more}") for more in ("", *(f"-{number}" for number in range(2, 100))))
    free = next((name for name in names if not name.exists()), None)
    if free is None:
        raise Refused("The keys were turned too often this second. Wait a moment, then try again.")
    return free


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Of two that turn the keys at once, one waits."""
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)
