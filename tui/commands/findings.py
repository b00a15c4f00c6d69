"""How what was found is told, line by line."""

from __future__ import annotations

from collections.abc import Iterable

from services.doctor.finding import Finding, State

_WIDEST = max(len(state) for state in State)


def tell(findings: Iterable[Finding]) -> int:
    """Print each finding as it is made, and a last line for all; how many are to be mended."""
    bad = 0
    for finding in findings:
        bad += not finding.well
        words = f"not used: {finding.words}" if finding.state is State.UNUSED else finding.words
        print(f"{finding.state.value:{_WIDEST}}  {finding.part}: {words}", flush=True)
        if finding.remedy:
            print(f"{'':{_WIDEST}}  {finding.remedy}", flush=True)
    print(f"{bad} to mend." if bad else "All is well.")
    return bad
