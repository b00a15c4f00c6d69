"""`make bench`: every promised number as a ratio against its named reference, measured in this run.

`python -m bench start sign_in` runs some of them only. Nothing fails here: a benchmark is read, not asserted.
"""

from __future__ import annotations

import sys
from importlib import import_module

PARTS = ("start", "sign_in", "outbox", "painted", "import_clients", "portal", "demo")


def main() -> None:
    """Run the named parts, or all, and print one line per result."""
    for part in sys.argv[1:] or PARTS:
        print(f"\n{part}", flush=True)
        for result in import_module(f"bench.{part}").run():
            kept = result.ratio <= result.budget if result.better == "at most" else result.ratio >= result.budget
            print(
                f"  {'kept  ' if kept else 'MISSED'} {result.name}: {result.measured} against {result.reference}:"
                f" {result.ratio:.2f}, budget {result.better} {result.budget:g}",
                flush=True,
            )


main()
