"""What the first steps of a new account say, on every surface."""

from __future__ import annotations

from services.agencies import AgencyView

TERMS = (
    "Your account is private: it is yours alone.",
    "Do not share its password, links or codes with anyone, for several security reasons. No colleague and no "
    "helpdesk needs them.",
    "Two people in one account can overwrite each other's work: data can be lost for good.",
    "Whatever is done in it is written down under your name.",
)
"""What everybody accepts who gets an account with a temporary password."""

PASSWORD_LEADS = {
    True: "Your own password takes the place of the temporary one, which works no more.",
    False: "Your agency asks for a longer password now. Choose one; the present one works until then.",
}
"""Whether it was a temporary one that must go."""

APP_ASKED = (
    "Your agency asks for two-step sign-in: from now on you sign in with your password and a code that an app on "
    "your phone shows.",
    "You need an authenticator app. Any will do: Aegis, 2FAS, FreeOTP, Google Authenticator, Microsoft "
    "Authenticator, or the one in your password manager.",
)

CODES_OWED = "Your authenticator app is set up, but you have not kept its recovery codes."

CODES_SHOWN = (
    "If you lose your phone, each of them lets you in once in the place of the app. They are shown only "
    "now: write them down or print them, and keep them apart from your phone and your password."
)

AT_THE_DESK = "the desk or a kiosk of your agency"
"""Where there is no portal to bookmark."""

KEEP_THIS = (
    "Keep this: you need it whenever you sign in. Bookmark the address; the same user name and password "
    'open the desk, the portal and the kiosk. If you forget the password, choose "Forgot password" there.'
)

LEAVING = "You are asked again at the next sign-in, and go on at this step. Until then nothing else opens."


def who_corrects(agency: AgencyView) -> str:
    """Whom to tell of a wrong name or user name."""
    contact = " or ".join(text for text in (agency.phone, agency.email) if text)
    turn_to = f"{agency.name}, {contact}," if contact else f"{agency.name}"
    return f"If name or user name are wrong, tell {turn_to} who corrects them."
