"""The ways into an account, in the hand: strangers, activation, a temporary password, and a forgotten one."""

from __future__ import annotations

from datetime import UTC, datetime

from models.states import MailPurpose
from services import person_key
from tests import enrolling, making, recovering
from tests.surfaces.playing import ANSWERS
from tests.surfaces.portal.house import OWN
from tests.surfaces.shots.portal_hand_stage import Hand, Visit, retype

# -- ways in ---------------------------------------------------------------------------------------


def strangers(hand: Hand, visit: Visit) -> None:
    """What can be done without an account, and what is wrong."""
    tab = visit.come("", "Sign in with your account")
    hand.shoot(tab, "01-start")
    tab.key("f2").settle()
    hand.shoot(tab, "02-start-empty")
    for key, wanted, name in (
        ("f3", "Write your e-mail address twice", "03-forgot"),
        ("f4", "type its code", "04-link-or-code"),
        ("f8", "old system", "05-access-key"),
        ("f6", "It is about", "06-get-help"),
        ("f1", "Keys of this screen", "07-help"),
    ):
        tab.key(key).expect(wanted)
        hand.shoot(tab, name)
        tab.key("esc").settle()
    hand.person("fred")
    tab.key("f3").expect("Write your e-mail address twice").settle()
    tab.fill("fred@mortgageclient.example.com", "fred@mortgage").key("f2").settle()
    hand.shoot(tab, "08-forgot-wrong")
    retype(tab, "fred@mortgageclient.example.com")
    tab.key("f2").expect("Look into your mailbox")
    hand.shoot(tab, "09-forgot-mailbox")
    tab.key("enter").expect("type its code").settle()
    hand.shoot(tab, "10-forgot-code")
    tab.type("K7PQ93TX").key("f2").settle()
    hand.shoot(tab, "11-code-wrong")


def wrong_password(hand: Hand, visit: Visit) -> None:
    """The answer, and the wait."""
    hand.person("wilma")
    tab = visit.sign_in("wilma", "do not belong together", "wrong")
    hand.shoot(tab, "12-start-wrong")
    for _ in range(3):
        tab.absent("Next try in", 30).settle().type("wrong").key("f2").settle(0.6)
    hand.shoot(tab, "13-start-wait")
    hand.waits_no_more()


def activation(hand: Hand, visit: Visit) -> None:
    """From the welcome mail to one's own place."""
    link = hand.link_of(hand.person("brent", password=False))
    tab = visit.come(link, "Activate your account")
    hand.shoot(tab, "20-link")
    tab.key("enter").expect("New password")
    hand.shoot(tab, "21-choose")
    tab.fill("brent thomas").key("tab").settle()
    hand.shoot(tab, "22-choose-wrong")
    tab.key("shift+tab")
    retype(tab, OWN)
    tab.key("tab").type(OWN)
    hand.shoot(tab, "23-choose-typed")
    tab.key("f2").expect("Your password has been set.")
    hand.shoot(tab, "24-start-set")
    tab.type(OWN).key("f2").expect("Question 1")
    hand.shoot(tab, "25-question")
    for number, answer in enumerate(ANSWERS, 1):
        tab.expect(f"Question {number}").settle().key("enter").settle().type(answer).settle()
        if number == 1:
            hand.shoot(tab, "26-question-answer")
        tab.key("enter")
    tab.expect("Your account is set up.")
    hand.shoot(tab, "27-done")
    tab.key("enter").expect("Welcome, Brent")
    hand.shoot(tab, "28-home")
    tab.key("esc").expect("Sign out?")
    hand.shoot(tab, "29-sign-out")
    tab.key("esc").settle().key("Control+q").expect("Sign out?").settle().key("y").says("#end-words", "signed out")
    hand.shoot(tab, "30-end")


def temporary(hand: Hand, visit: Visit) -> None:
    """Who comes with a temporary password, where everybody must have a second factor."""
    nora = hand.person("nora", password=False)
    hand.desk.ctx.clock.advance(minutes=5)  # type: ignore[attr-defined]  # the clock of the plays
    hand.desk.temporary.send(hand.made.admin, person_key.client(hand.client_of(nora).id))
    hand.adjust(factor="everybody")
    [*_, mail] = making.mails(hand.desk.ctx, nora, MailPurpose.TEMPORARY)
    tab = visit.sign_in("nora", "Step 1 of", making.temporary_in(hand.desk.ctx, mail).reveal())
    hand.shoot(tab, "40-terms")
    tab.key("f2").settle()
    hand.shoot(tab, "41-terms-refused")
    tab.key("esc").expect("Stop here")
    hand.shoot(tab, "42-terms-leave")
    tab.key("n").settle().type(" ").key("f2").expect("New password")
    hand.shoot(tab, "43-own-password")
    tab.fill(OWN, OWN).key("f2").expect("Second step")
    hand.shoot(tab, "44-second-step")
    tab.key("f2").expect("Set up an authenticator app")
    hand.shoot(tab, "45-enrol")
    tab.type("123456").key("enter").expect("This is not the code")
    hand.shoot(tab, "46-enrol-wrong")
    retype(tab, enrolling.app_behind(hand.desk.ctx, nora.id).code(datetime.now(UTC)).reveal())
    tab.key("enter").expect("Keep these recovery codes")
    hand.shoot(tab, "47-recovery-codes")
    tab.key("f2").settle()
    hand.shoot(tab, "48-recovery-codes-refused")
    tab.type(" ").settle().key("enter").expect("Cell number")
    hand.shoot(tab, "49-contact")
    tab.type("12").key("f2").settle()
    hand.shoot(tab, "50-contact-refused")
    hand.adjust()


# -- forgot password -------------------------------------------------------------------------------


def two_mails(hand: Hand, visit: Visit) -> None:
    """Confirm, questions, code, and what came of it."""
    otto = hand.person("otto")
    recovering.answer(hand.desk.ctx, otto)
    app = enrolling.enrol(hand.desk.ctx, otto.id)
    tab = visit.come(hand.ask_reset(otto, mails=2), "password")
    hand.shoot(tab, "60-reset-link")
    tab.key("enter").expect("Step 1 of 3")
    hand.shoot(tab, "61-reset-confirm")
    tab.key("f2").expect("Step 2 of 3")
    hand.shoot(tab, "62-reset-questions")
    for words in ("Elm Street", "Hillside", "Max"):
        tab.type(words).key("tab")
    tab.key("f2").settle(0.8)
    hand.shoot(tab, "63-reset-questions-wrong")
    tab.key("shift+tab")
    retype(tab, "Rex")
    tab.key("f2").expect("Step 3 of 3")
    hand.shoot(tab, "64-reset-code")
    tab.type("000000").key("f2").settle(0.8)
    hand.shoot(tab, "65-reset-code-wrong")
    tab.absent("Next try in", 30).absent("Sending", 30)
    retype(tab, app.code(datetime.now(UTC)).reveal())
    tab.key("f2").expect("A temporary password is on its way")
    hand.shoot(tab, "66-reset-confirmed")


def one_mail(hand: Hand, visit: Visit) -> None:
    """The password between questions and code, and without either."""
    olga = hand.person("olga")
    recovering.answer(hand.desk.ctx, olga)
    tab = visit.come(hand.ask_reset(olga, mails=1), "password")
    tab.key("enter").expect("Step 1 of 2").settle()
    for words in ("Elm Street", "Hillside", "Rex"):
        tab.type(words).key("tab")
    tab.key("f2").expect("Step 2 of 2")
    hand.shoot(tab, "67-reset-password")
    tab = visit.come(hand.ask_reset(hand.person("paul"), mails=1), "password")
    tab.key("enter").expect("New password")
    hand.shoot(tab, "68-reset-choose")
