"""Somebody with an account of the old system moves over; their old door closes behind them."""

from __future__ import annotations

from services.desk import Desk
from services.sandbox.people import ACCESS_KEY, PASSWORD, SUPERVISOR, authenticator_code
from tui.demo.scene import Await, Mark, Part, Pause, Place, Press, ReadMail, Say, Scene, Show, Type
from tui.demo.scenes.beats import NEW_PASSWORD, choose_password, find, instead, sign_in, sign_in_as

PERSON = "pamela.curtis@hometraksupport.example"
OLD_NAME = "pcurtis"


def prepare(desk: Desk) -> None:
    """Pamela Curtis has nothing but her account of the old system, as the upload brought it."""


def sues_app(desk: Desk) -> str:
    """What Sue's authenticator app shows."""
    return authenticator_code(desk, SUPERVISOR)


def new_app(desk: Desk) -> str:
    """What Pamela's authenticator app shows, right after she has scanned the picture."""
    return authenticator_code(desk, PERSON)


BY_KEY = (
    Press(("f5",)),
    Await("accounts of the old system"),
    *instead(ACCESS_KEY),
    Press(("tab",)),
    *instead(OLD_NAME),
    Press(("tab",)),
    Type(f"legacy-{OLD_NAME}", hidden=True),
    Press(("tab",)),
    *instead("Ray Staging"),
    Press(("f2",)),
)

SCENE = Scene(
    key="5",
    name="old account to new",
    summary="Pamela Curtis comes in by access key for the last time; Sue moves her over, and the old door closes.",
    prepare=prepare,
    parts=(
        Part(
            "The old door",
            "F5 on the sign-in form: access key, old user name, old password, office; Tab between them, F2. ctrl+u "
            "clears a field where something stands already.\n"
            "It still opens. q and y sign her out.",
            (
                Await("Sign in with your account"),
                Say("Pamela Curtis works with the old system's account: an access key, a user name, an office."),
                *BY_KEY[:-1],
                Mark("old-door"),
                BY_KEY[-1],
                Await("Office staff"),
                Say("It still opens, until she has moved. Her old password is checked as it came, and kept nowhere."),
                Press(("q",)),
                Await("Sign out"),
                Press(("y",)),
                Await("Sign in with your account"),
            ),
        ),
        Part(
            "Sue moves her over",
            "Sue signs in: password, and the code of her app. 2 for office staff, Pamela with / and Enter, i.\n"
            "F4 takes the address as the user name, F2 goes on. The wizard offers the migration: F2 means yes. "
            "F2, y, Enter.",
            (
                *sign_in_as(SUPERVISOR, PASSWORD, "the code of your app"),
                Type(sues_app, hidden=True, known_as="Sue's app"),
                Press(("enter",)),
                Await("Clients"),
                Press(("2",)),
                Await("Deborah Campbell"),
                *find("pamela", "Pamela Curtis"),
                Say("No account yet, but one of the old system. Key i takes her over."),
                Mark("old-account"),
                Press(("i",)),
                Await("Step 1 of 4"),
                Say("The new user name must be the e-mail address. F4 takes it."),
                Press(("f4", "f2")),
                Await("Step 2 of 4"),
                Press(("f2",)),
                Await("Migrate it?"),
                Say("The wizard found the old account. Migrated, it opens nothing any more."),
                Mark("migrate"),
                Press(("f2",)),
                Await("Step 4 of 4"),
                Press(("f2",)),
                Await("Are you sure?"),
                Press(("y",)),
                Await("is created"),
                Mark("created"),
                Press(("enter",)),
                Await("not activated"),
            ),
        ),
        Part(
            "Pamela activates the new account",
            "ctrl+t m, Enter, Enter: the mail and its link. A password, and she signs in. Staff also set up an "
            "authenticator app, F2, and keep its recovery codes, Space and Enter. Then the questions.",
            (
                ReadMail(PERSON, "Activate", follow=True),
                Await("Activate your account"),
                *choose_password(),
                *sign_in(NEW_PASSWORD, "Second step  Step 1"),
                Say("Whoever has rights over others needs a second factor: an authenticator app, set up at once."),
                Press(("f2",)),
                Await("Set up an authenticator app"),
                Mark("second-factor"),
                Type(new_app, hidden=True, known_as="Pamela's app"),
                Press(("enter",)),
                Await("Keep these recovery codes"),
                Say("Ten recovery codes, shown once, for the day on which the telephone is lost."),
                Type(" "),
                Press(("enter",)),
                Await("Question 1  Step"),
                Pause(1),
            ),
        ),
        Part(
            "The old door is closed",
            "ctrl+t d, q, y: sign Sue out. F5, and try the access key again; ctrl+u clears what a field remembers. "
            "It says that Pamela has moved.",
            (
                Show(Place.DESK),
                Press(("q",)),
                Await("Sign out"),
                Press(("y",)),
                Await("Sign in with your account"),
                Say("And the old door? The same key, the same name, the same password."),
                *BY_KEY,
                Await("This account has moved"),
                Say("Closed, for her alone. Everybody else keeps theirs until they have moved too."),
                Mark("closed"),
                Pause(2),
            ),
        ),
    ),
)
