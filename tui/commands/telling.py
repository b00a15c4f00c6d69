"""What a command tells: lines for people, or one JSON object for programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from services.errors import DeskError, Invalid, TooSoon
from services.text import safe
from services.verification.standing import NotVerified
from tui import exits

_CALLER = (
    "This needs a caller who has been verified. A supervisor may vouch for them with --vouch; "
    "anybody else verifies them in the desk or in `trakdesk plain`."
)


@dataclass(frozen=True, slots=True)
class Told:
    """The outcome of a command.

    Attributes:
        data: for programs; lines: for people.
        code: with which it ends.
    """

    data: Mapping[str, Any]
    lines: Sequence[str]
    code: int = exits.DONE


def tell(act: Callable[[], Told], *, as_json: bool) -> int:
    """Do it and print what came of it; refusals too, where programs read them."""
    try:
        told = act()
    except DeskError as refusal:
        code = exits.code_of(refusal)
        if as_json:
            print(json.dumps(_refused(refusal)))
        else:
            print("\n".join(_sentences(refusal)), file=sys.stderr)
        return code
    if as_json:
        print(json.dumps(told.data))
    else:
        for line in told.lines:
            print(safe(line))
    return told.code


def tell_list(told: Iterable[tuple[Mapping[str, str | None], str]], nothing: str, *, as_json: bool) -> int:
    """Print what there is, each as facts for programs and as a line for people, who hear `nothing` if there is none."""
    rows = tuple(told)
    if as_json:
        print(json.dumps([facts for facts, _ in rows], ensure_ascii=False, indent=2))
    else:
        print("\n".join(line for _, line in rows) or nothing)
    return exits.DONE


def moment(at: datetime | None) -> str | None:
    """A moment as programs read it: UTC, ISO 8601, whole seconds."""
    return None if at is None else at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _refused(refusal: DeskError) -> dict[str, Any]:
    told: dict[str, Any] = {"error": " ".join(_sentences(refusal))}
    if isinstance(refusal, Invalid):
        told["problems"] = refusal.problems
    if isinstance(refusal, TooSoon):
        told["wait_seconds"] = refusal.wait
    return told


def _sentences(refusal: DeskError) -> list[str]:
    if isinstance(refusal, NotVerified):
        return [_CALLER]
    if isinstance(refusal, Invalid):
        return [f"{name.replace('_', '-')}: {safe(sentence)}" for name, sentence in refusal.problems.items()]
    return [safe(refusal.sentence)]
