"""From a row in the list to somebody who is in: the identity, its mail, the password, and three questions."""

from __future__ import annotations

from services.desk import Desk
from services.sandbox.people import SUPERVISOR
from tui.demo.scene import Await, Mark, Part, Pause, Place, Press, ReadMail, Say, Scene, Show
from tui.demo.scenes.beats import NEW_PASSWORD, answer_for_the_first_time, choose_password, find, sign_in

PERSON = "chris.webber@example.ca"


def prepare(desk: Desk) -> None:
    """Chris Webber stands in the list without an account, as the upload brought him."""


SCENE = Scene(
    key="1",
    name="first login",
    summary="Sue gives Chris Webber an account; he opens the mail, chooses a password and is in.",
    prepare=prepare,
    signed_in=SUPERVISOR,
    parts=(
        Part(
            "Sue creates the account",
            "Search for Chris with /, Enter, and show that he has no account.\n"
            "Press i. The wizard shows everything that will happen, and the mail itself, before its last yes: "
            "F2 from step to step, y, and Enter once the mail is sent.",
            (
                Await("Clients"),
                Say("Chris Webber is a new client. Sue looks him up: / searches while she types."),
                *find("chris web", "Chris Webber"),
                Mark("no-account"),
                Say("He has no account yet. Key i manages the user account, his identity."),
                Press(("i",)),
                Await("Step 1 of 3"),
                Say("User name and e-mail address are the same. F2 goes on."),
                Press(("f2",)),
                Await("Step 2 of 3"),
                Press(("f2",)),
                Await("Step 3 of 3"),
                Say("The last step shows the mail as it will look, before anything happens."),
                Mark("identity-review"),
                Press(("f2",)),
                Await("Are you sure?"),
                Press(("y",)),
                Await("is created"),
                Say("The account stands, and its mail is on the way. Nobody at the desk sees the link."),
                Await("sent"),
                Press(("enter",)),
                Await("not activated"),
            ),
        ),
        Part(
            "Chris opens his mail",
            "Open the mailbox, ctrl+t m, and with Enter the newest mail. Point out who granted the access, the "
            "company code, the user name, "
            "and the address to bookmark.\n"
            "Click the link, or press Enter: it opens in his browser, at the right step.",
            (
                Say("This is the mail that Chris gets: who gave him access, to what, and one link."),
                ReadMail(PERSON, "", follow=False),
                Mark("welcome-mail"),
                Pause(2),
                Say("The link opens in his browser. Opening it uses nothing up: mail scanners do that too."),
                ReadMail(PERSON, "", follow=True),
                Await("Activate your account"),
                Mark("activation"),
            ),
        ),
        Part(
            "Chris chooses a password",
            "Enter goes on. Type something too short first: the rules say what is missing.\n"
            "ctrl+u clears a field: clear both. Then choose a password, twice, and press F2.",
            choose_password(),
        ),
        Part(
            "Chris signs in and answers three questions",
            "He signs in with it. Three questions follow, all different: they help when he calls one day.\n"
            "For each: Enter takes the question, then the answer and Enter.",
            (
                Say("Company code and user name are there already. He signs in with his new password."),
                *sign_in(NEW_PASSWORD, "Question 1  Step"),
                Say("Three security questions, once. Only hashes of the answers are kept."),
                Mark("questions"),
                *answer_for_the_first_time(),
                Await("Welcome, Chris Webber"),
                Say("He is in."),
                Mark("client-home"),
            ),
        ),
        Part(
            "The desk sees it",
            "ctrl+t d: back at the desk Chris is active. p opens his panel. It tells what happened, without "
            "one secret.",
            (
                Show(Place.DESK),
                Await("● active"),
                # Where the panel stands beside the list already, p does nothing.
                Press(("p",)),
                Await("used"),
                Say("At the desk Chris is active now, and the trail of his mail says: used."),
                Mark("desk-active"),
                Pause(2),
            ),
        ),
    ),
)
