"""What a check of the audit trail can find, in words; and which of several broken entries is to blame."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from models.audit import AuditEntry
from services.auditing import chain
from services.history_words import entry_of
from services.text import safe

MOST_MOVES = 50
"""Broken entries that are compared with each other to see whether they have changed places."""

_KNOWN = re.compile(r"(\d+)-(\d+):([0-9a-f]*)")


class Kind(StrEnum):
    """What is wrong."""

    CHANGED = "changed"
    MISSING = "missing"
    INSERTED = "inserted"
    MOVED = "moved"
    UNPROVED = "unproved"
    HEAD = "head"
    ANCHOR = "anchor"


@dataclass(frozen=True, slots=True)
class Finding:
    """One entry, or a row of them, that is not as it was written.

    Attributes:
        told: when, who and what, as the entry tells it now; empty where there is none.
        print: tells what stands there now from anything else; empty where nothing does.
        place: where a moved entry stood before.
    """

    kind: Kind
    first: int
    last: int
    told: str = ""
    print: str = ""
    place: int = 0

    @property
    def sentence(self) -> str:
        """What is wrong, and with which entry."""
        told = f" ({self.told})" if self.told else ""
        match self.kind:
            case Kind.MISSING if self.first == self.last:
                return f"Entry {self.first:,} is missing: somebody removed it."
            case Kind.MISSING:
                return f"Entries {self.first:,} to {self.last:,} are missing: somebody removed them."
            case Kind.CHANGED:
                return f"Entry {self.first:,} was changed after it was written{told}."
            case Kind.INSERTED:
                return f"Entry {self.first:,} was put in from outside{told}."
            case Kind.MOVED:
                return f"Entry {self.first:,} was moved: it was written as entry {self.place:,}{told}."
            case Kind.UNPROVED if self.first == self.last:
                return f"Entry {self.first:,} cannot be proved, because the one before it is not as it was{told}."
            case Kind.UNPROVED:
                return f"Entries {self.first:,} to {self.last:,} cannot be proved, because of what stands before them."
            case Kind.HEAD:
                return "The end of the trail was changed: entries after it may have been cut off."
            case Kind.ANCHOR:
                return (
                    f"The anchor of entry {self.first:,} does not fit: the trail was cut off or written anew "
                    "from there or from before, or an old backup was restored."
                )


@dataclass(frozen=True, slots=True)
class Known:
    """Entries that somebody has looked at and accepted as they stand."""

    first: int
    last: int
    print: str

    def covers(self, finding: Finding) -> bool:
        """Whether the finding is about these entries, and they have not been changed since."""
        return self.first <= finding.first and finding.last <= self.last and self.print == finding.print


@dataclass(frozen=True, slots=True)
class Suspect:
    """An entry whose seal does not fit, until it is known why; `before` is the seal that stands before it."""

    seq: int
    values: Mapping[str, Any]
    mac: str
    before: str

    @property
    def print(self) -> str:
        """Tells what stands here now from anything else."""
        return hashlib.sha256(chain.digest_of(self.values) + self.mac.encode()).hexdigest()[:16]

    @property
    def told(self) -> str:
        """When, who and what, as far as that can be read."""
        try:
            row = AuditEntry(**self.values)
            fields = AuditEntry._meta.fields
            for name in ("at", "surface", "result"):
                setattr(row, name, fields[name].python_value(self.values[name]))
            entry = entry_of(row)
            about = f", about {safe(row.subject)}" if row.subject else ""
            return f"{entry.at:%Y-%m-%d %H:%M:%S} UTC, {entry.actor} {entry.words}{about}"
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError):
            return "it can no longer be read"


def settled(key: bytes, findings: Sequence[Finding], suspects: Sequence[Suspect]) -> list[Finding]:
    """All findings in order, with a verdict on each suspect and neighbours that cannot be proved taken together."""
    macs = {suspect.mac for suspect in suspects}
    # One that fits behind the seal of a broken entry was only left behind when that one was moved.
    guilty = [suspect for suspect in suspects if not _fits_behind(key, suspect, macs)]
    places = _places(key, guilty[:MOST_MOVES], macs)
    broken = {suspect.seq for suspect in guilty}
    found = list(findings)
    for suspect in guilty:
        one = Finding(Kind.CHANGED, suspect.seq, suspect.seq, suspect.told, suspect.print)
        if suspect.seq in places:
            one = replace(one, kind=Kind.MOVED, place=places[suspect.seq])
        elif suspect.seq - 1 in broken and suspect.seq - 1 not in places:
            one = replace(one, kind=Kind.UNPROVED)
        found.append(one)
    found.sort(key=lambda finding: (finding.first, finding.kind is Kind.HEAD))
    return _together(found)


def known_of(values: Mapping[str, Any]) -> list[Known]:
    """What an entry that seals the trail anew accepts."""
    told = json.loads(values["details"]).get("accepted", "")
    return [Known(int(first), int(last), print_) for first, last, print_ in _KNOWN.findall(str(told))]


def accepted(findings: Sequence[Finding]) -> str:
    """The same, to be written into such an entry."""
    told = (finding for finding in findings if finding.kind is not Kind.HEAD)
    return " ".join(f"{finding.first}-{finding.last}:{finding.print}" for finding in told)


def _fits_behind(key: bytes, suspect: Suspect, macs: set[str]) -> bool:
    digest = chain.digest_of(suspect.values)
    others = macs - {suspect.mac}
    return any(hmac.compare_digest(suspect.mac, chain.seal_of(key, mac, suspect.seq, digest)) for mac in others)


def _places(key: bytes, guilty: Sequence[Suspect], macs: set[str]) -> dict[int, int]:
    """Where entries stood before that were moved, by where they stand now."""
    found = {}
    for here in guilty:
        for there in guilty:
            if there.seq == here.seq:
                continue
            digest = chain.digest_of({**here.values, "id": there.seq})
            seals = {chain.seal_of(key, before, there.seq, digest) for before in {there.before, *macs}}
            if here.mac in seals or there.mac in seals:
                found[here.seq] = there.seq
    return found


def together(one: Finding, other: Finding) -> Finding | None:
    """Two as one, if both cannot be proved and the second follows the first."""
    if not (one.kind is other.kind is Kind.UNPROVED and one.last + 1 == other.first):
        return None
    mixed = hashlib.sha256((one.print + other.print).encode()).hexdigest()[:16]
    return replace(one, last=other.last, told="", print=mixed)


def _together(found: list[Finding]) -> list[Finding]:
    merged: list[Finding] = []
    for finding in found:
        both = together(merged[-1], finding) if merged else None
        if both is None:
            merged.append(finding)
        else:
            merged[-1] = both
    return merged
