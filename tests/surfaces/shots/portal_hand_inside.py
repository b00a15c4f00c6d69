"""The own account in the hand, and what goes wrong there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from models.agency import Agency
from models.client import Client
from models.identity import Identity, OneTimeToken
from models.states import TokenPurpose
from services import email_change
from services.rules import clean_email
from tests import enrolling, making, recovering
from tests.enrolling import App
from tests.making import PASSWORD
from tests.screens.hostile import HOSTILE
from tests.surfaces.portal.house import CODE, OWN
from tests.surfaces.shots.portal_hand_stage import Hand, Visit, retype
from tests.surfaces.shots.stage import SHOTS

# -- the own account -------------------------------------------------------------------------------


def second_factor(hand: Hand, visit: Visit) -> None:
    """Asked at sign-in, and looked after."""
    carl = hand.person("carl")
    app = enrolling.enrol(hand.desk.ctx, carl.id)
    tab = visit.sign_in("carl", "the code of your app")
    hand.shoot(tab, "70-code")
    tab.type("000000").key("f2").settle(0.8)
    hand.shoot(tab, "71-code-wrong")
    hand.waits_no_more()
    tab.absent("Next try in", 30)
    retype(tab, app.code(datetime.now(UTC)).reveal())
    tab.key("f2").expect("Welcome, Carl").settle().key("p").settle(0.6).key("t").expect("Recovery codes left")
    hand.shoot(tab, "72-factor")
    tab.key("r").expect("Replace the authenticator app")
    hand.shoot(tab, "73-factor-replace")
    tab.fill(PASSWORD.reveal()).key("tab").type(app_code(app)).key("f2").expect("Set up an authenticator app")
    hand.shoot(tab, "74-factor-enrol")
    tab.key("esc").settle()
    tab.key("o").expect("Turn two-step sign-in off")
    hand.shoot(tab, "75-factor-off")


def app_code(app: App) -> str:
    """A code that was not used yet."""
    return app.code(datetime.now(UTC), 1).reveal()


def settings(hand: Hand, visit: Visit) -> None:
    """My password and security, and every part of it."""
    dora = hand.person("dora")
    recovering.answer(hand.desk.ctx, dora)
    hand.desk.sign_in.sign_in(CODE, dora.email, PASSWORD, making.HERE)
    tab = visit.sign_in("dora", "You are also")
    hand.shoot(tab, "80-also")
    tab.key("enter").expect("Welcome, Dora").settle().key("p").expect("My password and security").settle()
    hand.shoot(tab, "81-settings")
    for key, wanted, name in (
        ("p", "Current password", "82-password"),
        ("s", "Question 1", "83-questions"),
        ("t", "Two-step sign-in is off", "84-factor-none"),
        ("h", "What happened to your account", "85-events"),
        ("c", "Colours", "86-colours"),
        ("f1", "Keys of this screen", "87-settings-help"),
    ):
        tab.key(key).expect(wanted)
        hand.shoot(tab, name)
        tab.key("esc").settle()
    tab.key(*["down"] * 5).settle()
    hand.shoot(tab, "88-sessions")
    tab.key("enter").settle()
    hand.shoot(tab, "89-session")
    tab.key("esc").settle().key("x").settle()
    hand.shoot(tab, "90-session-end")


def help_chat(hand: Hand, visit: Visit) -> None:
    """Asked, answered, left."""
    hand.person("emma")
    tab = visit.sign_in("emma", "Welcome, Emma")
    tab.key("h").expect("It is about")
    hand.shoot(tab, "91-ask")
    tab.key("f2").expect("with the agents").settle()
    hand.shoot(tab, "92-chat")
    tab.type("Hello, is anybody there? I cannot find the mail that you have sent to me this morning.").key("enter")
    tab.settle()
    hand.shoot(tab, "93-chat-said")
    tab.key("esc").expect("Leave the chat?")
    hand.shoot(tab, "94-chat-leave")


def undo(hand: Hand, visit: Visit) -> None:
    """A change of address, undone."""
    ute = hand.person("ute")
    client = hand.client_of(ute)
    new = clean_email("ute.thomas-of-the-other-mailbox@example.ca")
    with hand.desk.ctx.unit():
        Client.update(email=new.address, email_key=new.key).where(Client.id == client.id).execute()
        email_change.email_changed(hand.desk.ctx, hand.made.admin, client, new)
    token = making.tokens_of(hand.desk.ctx, ute, TokenPurpose.UNDO_EMAIL)[-1]
    link = "#" + making.secrets_of(hand.desk.ctx, token).link.partition("#")[2]
    tab = visit.come(link, "address was changed")
    hand.shoot(tab, "95-undo-link")
    tab.key("enter").expect("Undo the change")
    hand.shoot(tab, "96-undo")
    tab.key("f2").expect("Your address is back")
    hand.shoot(tab, "97-undo-done")
    tab.key("n").expect("Sign in with your account").settle()
    hand.shoot(tab, "98-undo-back")


# -- what goes wrong -------------------------------------------------------------------------------


def dead_links(hand: Hand, visit: Visit) -> None:
    """Used, expired, unknown; and a window that is too small."""
    ida = hand.person("ida", password=False)
    link = hand.link_of(ida)
    with hand.desk.ctx.unit():
        past = datetime.now(UTC) - timedelta(minutes=1)
        OneTimeToken.update(expires_at=past).where(OneTimeToken.identity == ida).execute()
    tab = visit.come(link, "Expired")
    hand.shoot(tab, "a0-expired")
    tab.key("enter").expect("fresh mail")
    hand.shoot(tab, "a1-expired-fresh")
    used = hand.link_of(hand.person("jane"))
    hand.shoot(visit.come(used, "Used"), "a2-used")
    hand.shoot(visit.come("#activate=unknownunknownunknownunknown", "no longer works"), "a3-unknown")
    view = hand.device["viewport"]
    tab.key("enter").expect("Sign in").settle()
    tab.page.set_viewport_size({**view, "height": 200})
    tab.settle(0.5)
    tab.page.screenshot(path=SHOTS / f"hand-a4-too-small-{hand.where}.png")
    tab.page.set_viewport_size({**view, "width": 250})
    tab.settle(0.5)
    tab.page.screenshot(path=SHOTS / f"hand-a5-too-narrow-{hand.where}.png")


def hostile(hand: Hand, visit: Visit) -> None:
    """Names as bad as data can be, on every screen that shows one."""
    hugo = hand.person("hugo", password=False)
    name = (HOSTILE + " " + "Featherstonehaugh " * 9)[:200]
    with hand.desk.ctx.unit():
        Identity.update(name=name).where(Identity.id == hugo.id).execute()
        Agency.update(name=name[:100], address=name, phone="+15195550143").execute()
    tab = visit.come(hand.link_of(hugo), "Activate")
    hand.shoot(tab, "b0-hostile-link")
    tab.key("enter").expect("New password").settle()
    hand.shoot(tab, "b1-hostile-choose")
    tab.fill(OWN, OWN).key("f2").expect("Your password has been set.").settle()
    with hand.desk.ctx.unit():
        making.secure(hand.desk.ctx, hugo)
    tab.type(OWN).key("f2").expect("Your agency").settle()
    hand.shoot(tab, "b2-hostile-home")
    tab.key("p").expect("My password").settle()
    hand.shoot(tab, "b3-hostile-settings")
    tab.key("t").expect("Two-step sign-in is off").settle().key("s").expect("Password").settle()
    tab.type(OWN).key("f2").expect("Set up").settle()
    hand.shoot(tab, "b4-hostile-enrol")
    with hand.desk.ctx.unit():
        Agency.update(name="Ray Staging", address="12 Harbour Road\nSan Diego").execute()


def line(hand: Hand, visit: Visit) -> None:
    """The browser's own form, and a line that is gone; nothing may come after it."""
    tab = visit.come("", "Sign in with your account")
    tab.page.click("#saved-open")
    hand.shoot(tab, "c0-saved")
    tab.page.click("#sign-in-back")
    if hand.phone:
        tab.page.get_by_role("button", name="More keys").tap()
        hand.shoot(tab, "c1-more-keys")
    visit.portal.kill()
    tab.says("#bar", "The line has dropped").type("x").says("#bar", "is not kept")
    hand.shoot(tab, "c2-dropped")
