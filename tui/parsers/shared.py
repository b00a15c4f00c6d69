"""What the parsers of several commands share."""

from __future__ import annotations

import argparse

Commands = argparse._SubParsersAction  # the only name argparse has for it


def agency_option() -> argparse.ArgumentParser:
    """A parent with the option that says which agency."""
    agency = argparse.ArgumentParser(add_help=False)
    agency.add_argument(
        "--agency", default="", metavar="CODE", help="company code, where the database holds several agencies"
    )
    return agency
