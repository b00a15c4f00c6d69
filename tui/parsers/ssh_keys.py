"""The words of `trakdesk ssh keys`."""

from __future__ import annotations

import argparse

from tui.parsers.shared import Commands, agency_option


def add_keys_steps(steps: Commands[argparse.ArgumentParser]) -> None:
    """`trakdesk ssh keys`, as one of the steps of `trakdesk ssh`."""
    agency = agency_option()
    keys = steps.add_parser(
        "keys",
        help="bind SSH public keys to office staff, list and revoke them",
        description="A bound key stands for company code, user name and password. A second factor is still asked for.",
    ).add_subparsers(title="steps", metavar="STEP", required=True)
    bind = keys.add_parser(
        "bind", parents=[agency], help="let a key open an account; its owner gets a notice", description=_BIND
    )
    bind.add_argument("email", metavar="EMAIL", help="the e-mail address of a colleague")
    bind.add_argument("file", metavar="FILE", help='the file that ends in ".pub", or - for the input')
    bind.set_defaults(module="ssh_keys", step="bind")
    listed = keys.add_parser("list", parents=[agency], help="show who has which keys, and when each was last used")
    listed.add_argument("email", metavar="EMAIL", nargs="?", default="", help="of one colleague alone")
    listed.add_argument("--json", action="store_true", help="as JSON, for scripts")
    listed.set_defaults(module="ssh_keys", step="list")
    revoke = keys.add_parser("revoke", parents=[agency], help="let a key open nothing any more, from this moment on")
    revoke.add_argument("fingerprint", metavar="FINGERPRINT", help="as `list` and `ssh-keygen -l` show it: SHA256:…")
    revoke.set_defaults(module="ssh_keys", step="revoke")


_BIND = (
    "Types: ed25519, ECDSA, RSA from 3,072 bits on, and those of security keys. One key opens one account. "
    "Be sure that the key is the person's: compare the fingerprint with them."
)
