"""What somebody types into a real desk stands in no file of its home, and in no process's arguments or environment."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from services.accounts.identities import store_verifier
from services.credentials.passwords import Passwords, Secret
from services.remembered import Remembered, remember
from tests import making
from tests.services.test_markers import resting, spellings
from tests.surfaces.playing import desk_of, fill, sign_in
from tests.surfaces.term import Term

RIGHT, WRONG, NEXT = "marker right zyxwv", "marker wrong zyxwv", "marker next zyxwv"
CODE = "ZZZZ-7777"


def product_processes() -> Iterator[psutil.Process]:
    """Every program that this test has started, and what they have."""
    for child in psutil.Process(os.getpid()).children(recursive=True):
        if "trakdesk" in " ".join(child.cmdline()):
            yield child


def shown_to_others() -> Iterator[tuple[str, bytes]]:
    """The arguments and the environment of all of them."""
    for process in product_processes():
        for name in ("cmdline", "environ"):
            yield f"{process.pid} {name}", Path(f"/proc/{process.pid}/{name}").read_bytes()


@pytest.mark.slow
def test_what_is_typed_rests_nowhere(environment: dict[str, str], terminal: Callable[..., Term]) -> None:
    desk = desk_of(environment)
    made = making.make_agency(desk)
    desk.sign_in.sign_out(made.admin)
    with desk.ctx.unit():
        making.secure(desk.ctx)
        store_verifier(desk.ctx, made.admin.identity_id or 0, Passwords(desk.ctx.keys).hash(Secret(RIGHT)))
    remember(desk.ctx.settings.remembered_path, Remembered(made.agency.code, "sue@raystaging.example.com"))

    screen = terminal(80, 24)
    sign_in(screen, WRONG)
    screen.expect("do not belong together", 30)
    screen.absent("0:0", 30).settle(0.3, 5)
    screen.key("f4").expect("type its code").settle(0.2, 10)
    fill(screen, CODE)
    screen.key("f2").settle(1.0, 10)
    screen.key("enter").settle(0.5, 5)
    screen.key("esc").settle(0.5, 5)
    if "Sign in with your account" not in screen.text:
        screen.key("y").settle(0.5, 5)
    sign_in(screen, RIGHT)
    screen.expect("Clients 0", 30).settle(0.3, 5)
    screen.key("f9").expect("What happened lately", 30).settle(0.3, 5)
    screen.key("p").expect("Current password", 30).settle(0.3, 5)
    screen.type(NEXT)
    assert list(product_processes())
    found = [
        (where, secret)
        for where, text in [*shown_to_others(), *resting(desk.ctx)]
        for secret in (RIGHT, WRONG, NEXT, CODE)
        if any(spelling in text for spelling in spellings(secret))
    ]
    assert found == []
