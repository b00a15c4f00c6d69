"""The mail server: whether it answers, takes the sign-in, and shows a certificate that holds for a while yet."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from services.doctor.finding import Finding, bad, good, hint, unused
from services.doctor.patience import MOST, PATIENCE, NoAnswer, within
from services.settings import MailSecurity, MailSettings

SOON = timedelta(days=14)
"""A certificate that ends within this time should have been renewed: those who renew by themselves do it at 30 days."""

_REMEDIES = (
    ("has expired", "Renew the certificate of the mail server."),
    ("not valid for", "Write the name that stands in its certificate into mail.host in trakdesk.toml."),
    ("mismatch", "Write the name that stands in its certificate into mail.host in trakdesk.toml."),
    ("not trusted", "If the certificate is of your own authority, name its file: mail.ca_file in trakdesk.toml."),
    ("does not offer", "Set mail.security to what the server speaks: starttls at port 587, tls at 465."),
    ("encrypted line", "Set mail.security to what the server speaks: starttls at port 587, tls at 465."),
    ("user name and password", "Correct mail.user, and the password in the file of mail.password_file."),
    ("password_file", "Name the file that holds the password: mail.password_file in trakdesk.toml."),
    ("chmod 600", "Run that command."),
    ("certificate authority", "Correct mail.ca_file in trakdesk.toml."),
    ("Nobody knows where", "Correct mail.host in trakdesk.toml, or the name service of this machine."),
)
"""What mends it, by what the sentence says."""

_ANYTHING = "Correct [mail] in trakdesk.toml, or start the server."


def examine(settings: MailSettings, now: datetime) -> Finding:
    """How it is, at `now`."""
    if not settings.host:
        return unused("mail", "no server is set: mail stays in the built-in mailbox", "Set [mail] in trakdesk.toml.")
    server = f"{settings.host}:{settings.port}"
    try:
        trouble, ends = within(MOST, lambda: _reach(settings))
    except NoAnswer:
        return bad("mail", f"{server} does not answer.", _ANYTHING)
    if trouble:
        remedy = next((remedy for sign, remedy in _REMEDIES if sign in trouble), _ANYTHING)
        return bad("mail", trouble, remedy)
    signed_in = "and takes the sign-in" if settings.user else "without a sign-in"
    if ends is None:
        return good("mail", f"{server} answers {signed_in}, in clear on this machine")
    words = f"{server} answers {signed_in}, {settings.security.value}; its certificate holds until {ends:%Y-%m-%d}"
    if ends - now < SOON:
        return hint("mail", words, "See that the certificate of the mail server is renewed.")
    return good("mail", words)


def _reach(settings: MailSettings) -> tuple[str, datetime | None]:
    # yagmail takes a while to import.
    from services.mail.smtp import Smtp

    with Smtp(replace(settings, timeout=min(settings.timeout, PATIENCE))) as server:
        trouble = server.reach()
        encrypted = not trouble and settings.security is not MailSecurity.NONE
        return trouble, server.certificate_ends if encrypted else None
