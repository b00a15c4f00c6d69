"""The desk as one object: what a surface is handed, and nothing else."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

from models.agency import Agency
from services.context import Context

if TYPE_CHECKING:
    from services.accounts.account_access import AccountAccess
    from services.accounts.accounts import Accounts
    from services.accounts.clearing import Clearing
    from services.accounts.onboarding import Onboarding
    from services.accounts.own_account import OwnAccount
    from services.accounts.own_questions import OwnQuestions
    from services.accounts.own_security import OwnSecurityView
    from services.accounts.own_sessions import OwnSessions
    from services.accounts.second_factor import SecondFactors
    from services.agencies import Agencies
    from services.agency_rules import AgencyRules
    from services.analytics.agency import AgencyAnalytics
    from services.analytics.client import ClientAnalytics
    from services.analytics.export import ChartExport
    from services.approvals.approvals import Approvals
    from services.auditing.export import AuditExport
    from services.auditing.trail import AuditTrail
    from services.clients.clients import Clients
    from services.clients.export import ClientExport
    from services.clients.importing import ClientImport
    from services.clients.importing.folders import Folders
    from services.clients.importing.uploads import Uploads
    from services.creation.bulk import BulkCreation
    from services.creation.creation import IdentityCreation
    from services.credentials.temporary import TemporaryPasswords
    from services.drafts import Drafts
    from services.email_undo import EmailUndo
    from services.help_queue.answering import HelpQueue
    from services.help_queue.asking import HelpAsking
    from services.help_queue.signals import HelpSignals
    from services.kiosks.activations import KioskActivations
    from services.kiosks.kiosks import Kiosks
    from services.kiosks.releases import Releases
    from services.kiosks.resets import KioskResets
    from services.kiosks.visits import Visits
    from services.legacy.importing import LegacyImport
    from services.legacy.legacy import Legacy
    from services.mail.delivery import Delivery
    from services.mail.mailbox import Mailbox
    from services.offices import Offices
    from services.people import People
    from services.preferences import Preferences
    from services.properties.properties import Properties
    from services.recovery import Recovery
    from services.reports.reports import Reports
    from services.returns import Returns
    from services.sign_in import SignIn
    from services.ssh_keys.own_ssh_keys import OwnSshKeys
    from services.ssh_keys.ssh_keys import SshKeys
    from services.staff.importing import StaffImport
    from services.staff.staff import Staff
    from services.verification.verification import Verification


S = TypeVar("S")


class Made(Generic[S]):
    """A service that is imported and made when it is first asked for, for the first screen's sake, and kept then."""

    def __init__(self, where: str) -> None:
        """`where` names the class with its module; it is made from the context."""
        self.where = where

    def __set_name__(self, _owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, desk: None, owner: type) -> Made[S]: ...

    @overload
    def __get__(self, desk: Desk, owner: type) -> S: ...

    def __get__(self, desk: Desk | None, owner: type) -> Any:
        """The service; the next time it is found in the desk itself."""
        if desk is None:
            return self
        module, _, name = self.where.rpartition(".")
        service = desk.__dict__[self._name] = getattr(import_module(module), name)(desk.ctx)
        return service


class Desk:
    """All services over one context."""

    agencies: Made[Agencies] = Made("services.agencies.Agencies")
    """The tenant: founding and viewing it."""

    sign_in: Made[SignIn] = Made("services.sign_in.SignIn")
    """Signing in and out."""

    returns: Made[Returns] = Made("services.returns.Returns")
    """Coming back into a session in the browser."""

    recovery: Made[Recovery] = Made("services.recovery.Recovery")
    """What somebody with an e-mail address, a link or a code can do."""

    email_undo: Made[EmailUndo] = Made("services.email_undo.EmailUndo")
    """Undoing a change of address from the old one."""

    own: Made[OwnAccount] = Made("services.accounts.own_account.OwnAccount")
    """A person's own account."""

    own_security: Made[OwnSecurityView] = Made("services.accounts.own_security.OwnSecurityView")
    """What protects a person's own account, and what happened to it."""

    own_questions: Made[OwnQuestions] = Made("services.accounts.own_questions.OwnQuestions")
    """A person's own security questions."""

    own_sessions: Made[OwnSessions] = Made("services.accounts.own_sessions.OwnSessions")
    """Where a person is signed in."""

    rules: Made[AgencyRules] = Made("services.agency_rules.AgencyRules")
    """What the agency asks of its people."""

    second_factor: Made[SecondFactors] = Made("services.accounts.second_factor.SecondFactors")
    """A person's own second factor."""

    accounts: Made[Accounts] = Made("services.accounts.accounts.Accounts")
    """What staff do with a client's account."""

    clearing: Made[Clearing] = Made("services.accounts.clearing.Clearing")
    """Takes lost second factors off accounts."""

    ssh_keys: Made[SshKeys] = Made("services.ssh_keys.ssh_keys.SshKeys")
    """Which SSH keys stand for the first step of whose sign-in."""

    own_ssh_keys: Made[OwnSshKeys] = Made("services.ssh_keys.own_ssh_keys.OwnSshKeys")
    """A person's own SSH keys."""

    verification: Made[Verification] = Made("services.verification.verification.Verification")
    """Shows whether a caller is who they say."""

    approvals: Made[Approvals] = Made("services.approvals.approvals.Approvals")
    """The yes of a second person to the dangerous few actions."""

    account_access: Made[AccountAccess] = Made("services.accounts.account_access.AccountAccess")
    """What an account may do, and whose people it sees."""

    clients: Made[Clients] = Made("services.clients.clients.Clients")
    """The client list."""

    properties: Made[Properties] = Made("services.properties.properties.Properties")
    """What clients own and owe."""

    offices: Made[Offices] = Made("services.offices.Offices")
    """Which offices somebody looks at."""

    people: Made[People] = Made("services.people.People")
    """Everything about one person."""

    drafts: Made[Drafts] = Made("services.drafts.Drafts")
    """What somebody was typing when their line dropped."""

    preferences: Made[Preferences] = Made("services.preferences.Preferences")
    """How a person likes the desk to look."""

    mail: Made[Mailbox] = Made("services.mail.mailbox.Mailbox")
    """The mail that was written, and what became of it."""

    delivery: Made[Delivery] = Made("services.mail.delivery.Delivery")
    """Sends what waits in the outbox."""

    imports: Made[ClientImport] = Made("services.clients.importing.ClientImport")
    """Takes in lists of clients."""

    uploads: Made[Uploads] = Made("services.clients.importing.uploads.Uploads")
    """The lists that were taken in, and taking one back."""

    folders: Made[Folders] = Made("services.clients.importing.folders.Folders")
    """Where the lists lie that somebody uploads at the desk."""

    exports: Made[ClientExport] = Made("services.clients.export.ClientExport")
    """Gives out the list of clients."""

    staff: Made[Staff] = Made("services.staff.staff.Staff")
    """The office staff."""

    staff_imports: Made[StaffImport] = Made("services.staff.importing.StaffImport")
    """Takes in lists of office staff."""

    legacy: Made[Legacy] = Made("services.legacy.legacy.Legacy")
    """The accounts of the old system, and the way in by access key."""

    legacy_imports: Made[LegacyImport] = Made("services.legacy.importing.LegacyImport")
    """Takes in the accounts of the old system."""

    onboarding: Made[Onboarding] = Made("services.accounts.onboarding.Onboarding")
    """What somebody still owes who has just signed in."""

    temporary: Made[TemporaryPasswords] = Made("services.credentials.temporary.TemporaryPasswords")
    """Sends temporary passwords."""

    creation: Made[IdentityCreation] = Made("services.creation.creation.IdentityCreation")
    """Creates an account for a person: shown first, then done."""

    bulk: Made[BulkCreation] = Made("services.creation.bulk.BulkCreation")
    """Creates accounts for many people at once."""

    audit: Made[AuditTrail] = Made("services.auditing.trail.AuditTrail")
    """What happened, for those who answer for the agency."""

    reports: Made[Reports] = Made("services.reports.reports.Reports")
    """What whoever answers for the agency asks every week."""

    audit_exports: Made[AuditExport] = Made("services.auditing.export.AuditExport")
    """Gives out the audit."""

    analytics: Made[AgencyAnalytics] = Made("services.analytics.agency.AgencyAnalytics")
    """The numbers of the agency."""

    client_analytics: Made[ClientAnalytics] = Made("services.analytics.client.ClientAnalytics")
    """The numbers of one client."""

    chart_exports: Made[ChartExport] = Made("services.analytics.export.ChartExport")
    """Gives out the numbers of charts."""

    kiosks: Made[Kiosks] = Made("services.kiosks.kiosks.Kiosks")
    """The identities of the locked terminals."""

    visits: Made[Visits] = Made("services.kiosks.visits.Visits")
    """The people in front of a kiosk, one after another."""

    kiosk_resets: Made[KioskResets] = Made("services.kiosks.resets.KioskResets")
    """A forgotten password, at a kiosk."""

    kiosk_activations: Made[KioskActivations] = Made("services.kiosks.activations.KioskActivations")
    """A first password, at a kiosk."""

    releases: Made[Releases] = Made("services.kiosks.releases.Releases")
    """Lets people at kiosks pass a step."""

    help_asking: Made[HelpAsking] = Made("services.help_queue.asking.HelpAsking")
    """Asking for a human."""

    help_queue: Made[HelpQueue] = Made("services.help_queue.answering.HelpQueue")
    """Answering whoever asks for a human."""

    help_signals: Made[HelpSignals] = Made("services.help_queue.signals.HelpSignals")
    """Hearing at once of what changes in the help queue."""

    def __init__(self, ctx: Context) -> None:
        self.ctx = ctx

    def is_founded(self) -> bool:
        """Whether an agency stands, so that people can sign in; what every start asks first."""
        with self.ctx.read():
            return bool(Agency.select().exists())
