"""`trakdesk doctor`: looks at every part and names what to mend."""

from __future__ import annotations

import argparse
import json

from services.doctor.examination import examine
from services.doctor.finding import Finding
from tui import exits
from tui.commands.findings import tell
from tui.commands.opened import settings_of
from tui.ssh import looked_after


def run(options: argparse.Namespace) -> int:
    """Print one line per finding, or all as JSON; exits 1 when something is to be mended."""
    findings = [*examine(settings_of(options)), *looked_after.examine()]
    if options.json:
        bad = sum(not finding.well for finding in findings)
        print(json.dumps([_told(finding) for finding in findings], indent=2))
    else:
        bad = tell(findings)
    return exits.NEEDS_A_LOOK if bad else exits.DONE


def _told(finding: Finding) -> dict[str, str]:
    """For a program: the state is a word of its own, whatever it looks like on the screen."""
    return {
        "part": finding.part,
        "state": finding.state.name.lower(),
        "words": finding.words,
        "remedy": finding.remedy,
    }
