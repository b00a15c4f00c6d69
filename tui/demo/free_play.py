"""Free play: the sandbox without a story, and what is needed to sign in there."""

from __future__ import annotations

from functools import partial

from services.sandbox.people import ADMINISTRATOR, AGENT, COMPANY_CODE, PASSWORD, SUPERVISOR, authenticator_code
from tui.demo.scene import Part, Scene, Type

FREE = Scene(
    "f",
    "free play",
    "The sandbox as it is, to try things by hand.",
    (),
    prepare=lambda _: None,
    signed_in=SUPERVISOR,
)
"""No story at all; Sue sits at the desk."""


def _app(name: str, email: str) -> Type:
    return Type(partial(authenticator_code, email=email), known_as=f"{name}'s app")


BY_HAND = Part(
    "by hand",
    "No scene has been begun. Everything here can be tried by hand; ctrl+t begins a scene.\n"
    "Sue Wright sits at the desk. q, y signs her out. Whoever signs in types the company code, an address and the "
    "password that all have; those below work there, and are asked for the code of their app too.",
    (
        Type(COMPANY_CODE),
        *(Type(email) for email in (SUPERVISOR, AGENT, ADMINISTRATOR)),
        Type(PASSWORD),
        *(_app(*who) for who in (("Sue", SUPERVISOR), ("Frank", AGENT), ("Ray", ADMINISTRATOR))),
    ),
)
"""What the notes say in free play; nothing plays it by itself."""
