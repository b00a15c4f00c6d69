"""`trakdesk doctor`: looks at every part and names what to mend."""

from __future__ import annotations

import argparse

from services.doctor import examine
from tui import exits
from tui.commands.opened import settings_of


def run(options: argparse.Namespace) -> int:
    """Print one line per finding; exits 1 when something is to be mended."""
    findings = examine(settings_of(options))
    for finding in findings:
        print(f"{'ok ' if finding.well else 'BAD'}  {finding.part}: {finding.words}")
        if not finding.well:
            print(f"     {finding.remedy}")
    bad = sum(not finding.well for finding in findings)
    print(f"{bad} to mend." if bad else "All is well.")
    return exits.NEEDS_A_LOOK if bad else exits.DONE
