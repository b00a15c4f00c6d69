"""The portal in a real Chromium: on a computer instead of the wide terminal, on a phone instead of the narrow one."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from PIL import Image

from tests import making
from tests.surfaces.portal.browsing import DESKTOP, PHONE, Tab, chromium_command, launched
from tests.surfaces.portal.house import CODE, OWN, USER, answer_questions
from tests.surfaces.portal.running import Portal
from tests.surfaces.shots.stage import SHOTS, Stage

NAME = "portal"

Picture = Callable[[Tab, str], None]


def play(stage: Stage) -> None:
    """From a link to one's own account, with what stands in the way; nothing where there is no Chromium."""
    if chromium_command() is None:
        print("No pictures of the portal: Chromium is not installed.", file=sys.stderr)
        return
    desk, made = stage.found()
    brent = making.give_account(desk, made.admin, making.make_client(desk, made.agency), password=None)
    with desk.ctx.unit():
        making.secure(desk.ctx, brent, secured=False)
    link = making.sent_secrets(desk.ctx, brent).link.partition("#")[2]
    device, where = (DESKTOP, "desktop") if stage.wide else (PHONE, "phone")

    def picture(tab: Tab, name: str) -> None:
        tab.picture(SHOTS / f"portal-{name}-{where}.png")

    home = Path(stage.environment["TRAKDESK_HOME"]).parent
    with Portal(stage.environment, home) as portal, launched() as open_tab:
        tab = open_tab(device)
        by_link(tab.open(f"{portal.url}/#{link}"), picture)
        own_place(tab, picture)
        used_up(open_tab(device).open(f"{portal.url}/#{link}"), picture)
        dropped(open_tab(device).open(portal.url), portal, picture)


def by_link(tab: Tab, picture: Picture) -> None:
    """The first screen of a link, and the password."""
    tab.expect("Activate your account").settle(1)
    picture(tab, "link")
    tab.key("enter").expect("New password").settle(1)
    picture(tab, "password")
    tab.fill("brent thomas").key("tab").settle()
    picture(tab, "password-refused")
    tab.key("Shift+Tab", *["backspace"] * 20).fill(OWN, OWN).key("f2").expect("Your password has been set.").settle(1)
    picture(tab, "password-set")


def own_place(tab: Tab, picture: Picture) -> None:
    """The first sign-in, the home of a client, their settings, and the end."""
    tab.type(OWN).key("f2").expect("Question 1").settle(1)
    picture(tab, "question")
    answer_questions(tab)
    picture(tab, "home")
    tab.settle().key("p").settle(1)
    picture(tab, "settings")
    tab.key("esc").settle().key("Control+q").expect("Sign out?").settle()
    picture(tab, "sign-out")
    tab.key("enter").says("#end-words", "signed out")
    picture(tab, "end")


def used_up(tab: Tab, picture: Picture) -> None:
    """The same link once more."""
    tab.expect("no longer works").settle(1)
    picture(tab, "used")


def dropped(tab: Tab, portal: Portal, picture: Picture) -> None:
    """The sign-in form, the browser's own beside it, and a line that is gone."""
    tab.expect("Sign in with your account").settle(1)
    picture(tab, "sign-in")
    tab.page.click("#saved-open")
    tab.page.fill("[name=company_code]", CODE)
    tab.page.fill("[name=user_name]", USER)
    picture(tab, "saved-password")
    tab.page.click("#sign-in-back")
    portal.kill()
    tab.type("x").says("#bar", "is not kept")
    picture(tab, "dropped")
    together()


def together() -> None:
    """The picture of docs/portal.md: the sign-in form on a computer with a phone beside it, once both are drawn."""
    wide, phone = SHOTS / "portal-sign-in-desktop.png", SHOTS / "portal-sign-in-phone.png"
    if not (wide.exists() and phone.exists()):
        return
    one, other = Image.open(wide), Image.open(phone)
    other = other.resize((one.height * other.width // other.height, one.height))
    both = Image.new("RGB", (one.width + 40 + other.width, one.height), "#ffffff")
    both.paste(one, (0, 0))
    both.paste(other, (one.width + 40, 0))
    both.save(SHOTS / f"{NAME}.png")
