"""Writes a mail from its templates: subject, plain text and HTML.

Link and code are derived here, at the moment when they are needed; nothing keeps them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from models.states import MailPurpose, TokenPurpose
from services import temporary_credential
from services.credentials import codes, tokens
from services.mail import notice_words, outbox
from services.mail.facts import OPENED_BY, AgencyFacts, MailFacts
from services.mail.notice_words import Notice
from services.settings import Settings
from services.text import safe

if TYPE_CHECKING:
    from jinja2 import Environment, Template

NAME_SHOWN = 100
"""Signs of a name that a mail shows: more would bury what it says."""

LINES_SHOWN = 8
"""Lines of the agency's postal address that a mail shows."""

HIDDEN = "••••"
"""Stands where staff must not read a secret."""

_TEMPLATES = Path(__file__).parent / "templates"

_SUBJECTS = {
    MailPurpose.WELCOME: "Activate your account at {}",
    MailPurpose.RESET: "Choose a new password for {}",
    MailPurpose.TEMPORARY: "Your temporary password for {}",
    MailPurpose.PASSWORD_CHANGED: "Your password at {} was changed",
    MailPurpose.EMAIL_CHANGED_OLD: "Your e-mail address at {} was changed",
    MailPurpose.EMAIL_CHANGED_NEW: "This is now your user name at {}",
    MailPurpose.DEACTIVATED: "Your account at {} is deactivated",
    MailPurpose.REACTIVATED: "Your account at {} is open again",
    MailPurpose.CONFIRM_RESET: "Confirm that you want a new password for {}",
    MailPurpose.SIGN_IN_CODE: "Your code to sign in at {}",
    MailPurpose.CALLER_CODE: "Your code for the call with {}",
    MailPurpose.KIOSK_CODE: "Your code for the kiosk of {}",
}


@dataclass(frozen=True, slots=True)
class RenderedMail:
    """A mail ready to be put into an envelope.

    Attributes:
        message_id: with its angle brackets; the same for every retry.
        reply_to: the agency's own address, or empty.
    """

    from_address: str
    from_name: str
    to_address: str
    to_name: str
    reply_to: str
    subject: str
    message_id: str
    date: datetime
    text: str = field(repr=False)
    html: str = field(repr=False)


class Renderer:
    """Writes mails for one desk."""

    def __init__(self, settings: Settings, mail_key: bytes) -> None:
        self._mail = settings.mail
        self._public_url = settings.public_url
        self._key = mail_key
        self._domain = _domain(settings.mail.from_address)

    def render(self, facts: MailFacts, at: datetime, *, hide_secrets: bool = False) -> RenderedMail:
        """The mail in words. Raises whatever a template raises that lacks a fact.

        Args:
            at: when it leaves, which dates it: what it says of hours counts from then.
            hide_secrets: put signs without meaning in the place of link and code.
        """
        agency = _shown(facts.agency)
        subject = subject_of(facts.purpose, facts.agency.name, facts.details)
        values = {
            "subject": subject,
            "to_name": _name(facts.to_name),
            "user_name": safe(facts.user_name),
            "agency": agency,
            "portal": agency["portal"] or self._public_url,
            "asked_by": _asked_by(facts),
            "moment": _moment(facts.created_at),
            **self._opening(facts, hide_secrets),
            **_addresses(facts),
            **_kiosk(facts),
            **_ssh_keys(facts),
            **_notice(facts),
        }
        text, html = _templates(facts.purpose)
        return RenderedMail(
            from_address=self._mail.from_address,
            from_name=_name(self._mail.from_name) or str(agency["name"]),
            to_address=facts.to_address,
            to_name=_name(facts.to_name),
            reply_to=facts.agency.email,
            subject=subject,
            message_id=f"<{facts.uuid}@{self._domain}>",
            date=at.replace(microsecond=0),
            text=text.render(values),
            html=html.render(values),
        )

    def _opening(self, facts: MailFacts, hide_secrets: bool) -> dict[str, str]:
        """What opens the account and how long it does, for the mails that carry it."""
        if facts.purpose is MailPurpose.TEMPORARY:
            password = "-".join([HIDDEN] * 4) if hide_secrets else self._temporary(facts)
            return {"link": "", "code": "", "temporary": password, "lifetime": in_words(temporary_credential.LIFETIME)}
        purpose = OPENED_BY.get(facts.purpose)
        if purpose is None or (purpose is TokenPurpose.UNDO_EMAIL and not facts.undo):
            return {"link": "", "code": ""}
        if hide_secrets:
            token, code = HIDDEN, f"{HIDDEN}-{HIDDEN}"
        else:
            token = codes.link_token(self._key, facts.uuid, purpose.value)
            code = tokens.code_of(self._key, facts.uuid, purpose)
            code = code if purpose is TokenPurpose.CALLER else codes.show_code(code)
        return {
            # A fragment: browsers send it to no server, so that it stands in no log.
            "link": "" if purpose in tokens.CODE_ONLY else f"{self._public_url}/#{purpose.value}={token}",
            "code": code,
            "lifetime": in_words(tokens.lifetime(facts.agency.profile, purpose)),
            "code_lifetime": in_words(tokens.code_lifetime(facts.agency.profile, purpose)),
        }

    def _temporary(self, facts: MailFacts) -> str:
        return codes.show_code(codes.temporary_password(self._key, facts.uuid))


def subject_of(purpose: MailPurpose, agency_name: str, details: str) -> str:
    """The subject of a mail; all of a kind from one agency have the same one, but for notices, which say what it was.

    Args:
        details: as the outbox keeps them.
    """
    if purpose is MailPurpose.NOTICE:
        return notice_words.subject(Notice(json.loads(details)["notice"]), _name(agency_name))
    return _SUBJECTS[purpose].format(_name(agency_name))


def masked(address: str) -> str:
    """An address as its owner recognises it, and a stranger does not."""
    mailbox, _, domain = safe(address).rpartition("@")
    return f"{mailbox[:1]}{HIDDEN}@{domain}"


def in_words(span: timedelta) -> str:
    """Whole minutes, hours, or days from two on: "10 minutes", "1 hour", "24 hours", "3 days"."""
    minutes = int(span.total_seconds()) // 60
    if minutes < 60:
        return f"{minutes} minutes"
    hours = minutes // 60
    if hours >= 48 and hours % 24 == 0:
        return f"{hours // 24} days"
    return "1 hour" if hours == 1 else f"{hours} hours"


@cache
def _environment() -> Environment:
    # A desk that only shows its tables need not pay for the import.
    from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

    return Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=select_autoescape(("html.j2",)),
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


@cache
def _templates(purpose: MailPurpose) -> tuple[Template, Template]:
    environment = _environment()
    return environment.get_template(f"{purpose}.txt.j2"), environment.get_template(f"{purpose}.html.j2")


@lru_cache(maxsize=32)
def _shown(agency: AgencyFacts) -> Mapping[str, object]:
    """The agency as its mails show it; worked out once, since a batch is mostly one agency's."""
    lines = [safe(line).strip() for line in agency.address.splitlines()]
    phone = safe(agency.written.phone(agency.phone))
    return {
        "name": _name(agency.name),
        "code": safe(agency.code),
        "contact": [_name(line) for line in lines if line][:LINES_SHOWN] + ([phone] if phone else []),
        "email": safe(agency.email),
        "portal": safe(agency.portal_address),
    }


def _name(text: str) -> str:
    shown = safe(text).strip()
    return shown if len(shown) <= NAME_SHOWN else f"{shown[: NAME_SHOWN - 1].rstrip()}…"


def _asked_by(facts: MailFacts) -> str:
    """Who acted, if it was somebody else than the person who gets the mail."""
    if facts.created_by in (outbox.SELF_SERVICE, facts.to_name):
        return ""
    return _name(facts.created_by)


def _addresses(facts: MailFacts) -> dict[str, str]:
    """The two addresses of a change. The old one may be a stranger's, who need not learn the new one."""
    if facts.purpose is not MailPurpose.EMAIL_CHANGED_OLD:
        return {}
    told = json.loads(facts.details)
    return {"old_address": safe(told["old"]), "new_address_hidden": masked(told["new"])}


def _kiosk(facts: MailFacts) -> dict[str, str]:
    """The kiosk at which a code was asked for."""
    if facts.purpose is not MailPurpose.KIOSK_CODE:
        return {}
    return {"kiosk": _name(json.loads(facts.details)["kiosk"])}


def _ssh_keys(facts: MailFacts) -> dict[str, int]:
    """How many SSH keys open an account whose password was changed: they go on doing so."""
    if facts.purpose is not MailPurpose.PASSWORD_CHANGED:
        return {}
    return {"ssh_keys": int(json.loads(facts.details).get("ssh_keys", 0))}


def _notice(facts: MailFacts) -> dict[str, object]:
    """What happened, and what to do if it was somebody else."""
    if facts.purpose is not MailPurpose.NOTICE:
        return {}
    told = {name: safe(text).strip()[:300] for name, text in json.loads(facts.details).items()}
    notice = Notice(told.pop("notice"))
    return {
        "happened": notice_words.happened(notice, {"by": _name(facts.created_by), **told}),
        "unexpected": notice_words.unexpected(notice),
        "names_account": notice_words.names_account(notice),
    }


def _moment(moment: datetime) -> str:
    local = moment.astimezone(UTC)
    return f"{local:%B} {local.day}, {local.year} at {local:%H:%M} UTC"


def _domain(address: str) -> str:
    domain = address.rpartition("@")[2]
    return domain if domain.isascii() and domain else domain.encode("idna").decode() or "localhost"
