"""`trakdesk policy`: shows and changes the rules of the agency."""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict

from services.agency_policy import AgencyPolicy
from services.agency_rules import adjusted
from services.errors import Invalid
from tui import exits
from tui.commands.opened import administrator, open_desk_of


def run(options: argparse.Namespace) -> int:
    """Print the rules as NAME=VALUE, or change some and print what follows."""
    desk = open_desk_of(options)
    actor = administrator(desk, options.agency)
    view = desk.rules.view(actor)
    if options.step == "show":
        for name, value in _shown(view.policy).items():
            print(f"{name}={value}")
        return exits.DONE
    try:
        wanted = adjusted(view.policy, _asked(view.policy, options.rules))
        follows = desk.rules.review(actor, wanted)
        desk.rules.change(actor, view.version, wanted)
    except Invalid as refusal:
        for name, sentence in refusal.problems.items():
            print(f"{name}: {sentence}", file=sys.stderr)
        return exits.NOT_DONE
    print("\n".join(follows) or "Nothing to do: these rules hold already.")
    return exits.DONE


def _shown(policy: AgencyPolicy) -> dict[str, str]:
    words = {True: "yes", False: "no"}
    return {name: words[value] if isinstance(value, bool) else str(value) for name, value in asdict(policy).items()}


def _asked(policy: AgencyPolicy, rules: list[str]) -> dict[str, str]:
    """Raises Invalid for what is no rule."""
    pairs = dict(rule.partition("=")[::2] for rule in rules)
    known = _shown(policy)
    unknown = {name: f"No such rule. Known ones: {', '.join(known)}." for name in pairs if name not in known}
    if unknown:
        raise Invalid(unknown)
    return pairs
