"""The desk as one object: what a surface is handed, and nothing else."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

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
    from services.approvals.approvals import Approvals
    from services.auditing.export import AuditExport
    from services.auditing.trail import AuditTrail
    from services.clients.clients import Clients
    from services.clients.export import ClientExport
    from services.clients.importing import ClientImport
    from services.creation.bulk import BulkCreation
    from services.creation.creation import IdentityCreation
    from services.credentials.temporary import TemporaryPasswords
    from services.email_undo import EmailUndo
    from services.kiosks.visits import Visits
    from services.legacy.importing import LegacyImport
    from services.legacy.legacy import Legacy
    from services.mail.delivery import Delivery
    from services.mail.mailbox import Mailbox
    from services.offices import Offices
    from services.people import People
    from services.preferences import Preferences
    from services.recovery import Recovery
    from services.sign_in import SignIn
    from services.staff.importing import StaffImport
    from services.staff.staff import Staff
    from services.verification.verification import Verification


class Desk:
    """All services over one context; each is imported when it is first asked for, for the first screen's sake."""

    def __init__(self, ctx: Context) -> None:
        self.ctx = ctx

    def is_founded(self) -> bool:
        """Whether an agency stands, so that people can sign in; what every start asks first."""
        with self.ctx.read():
            return bool(Agency.select().exists())

    @cached_property
    def agencies(self) -> Agencies:
        """The tenant: founding and viewing it."""
        from services.agencies import Agencies

        return Agencies(self.ctx)

    @cached_property
    def sign_in(self) -> SignIn:
        """Signing in and out."""
        from services.sign_in import SignIn

        return SignIn(self.ctx)

    @cached_property
    def recovery(self) -> Recovery:
        """What somebody with an e-mail address, a link or a code can do."""
        from services.recovery import Recovery

        return Recovery(self.ctx)

    @cached_property
    def email_undo(self) -> EmailUndo:
        """Undoing a change of address from the old one."""
        from services.email_undo import EmailUndo

        return EmailUndo(self.ctx)

    @cached_property
    def own(self) -> OwnAccount:
        """A person's own account."""
        from services.accounts.own_account import OwnAccount

        return OwnAccount(self.ctx)

    @cached_property
    def own_security(self) -> OwnSecurityView:
        """What protects a person's own account, and what happened to it."""
        from services.accounts.own_security import OwnSecurityView

        return OwnSecurityView(self.ctx)

    @cached_property
    def own_questions(self) -> OwnQuestions:
        """A person's own security questions."""
        from services.accounts.own_questions import OwnQuestions

        return OwnQuestions(self.ctx)

    @cached_property
    def own_sessions(self) -> OwnSessions:
        """Where a person is signed in."""
        from services.accounts.own_sessions import OwnSessions

        return OwnSessions(self.ctx)

    @cached_property
    def rules(self) -> AgencyRules:
        """What the agency asks of its people."""
        from services.agency_rules import AgencyRules

        return AgencyRules(self.ctx)

    @cached_property
    def second_factor(self) -> SecondFactors:
        """A person's own second factor."""
        from services.accounts.second_factor import SecondFactors

        return SecondFactors(self.ctx)

    @cached_property
    def accounts(self) -> Accounts:
        """What staff do with a client's account."""
        from services.accounts.accounts import Accounts

        return Accounts(self.ctx)

    @cached_property
    def clearing(self) -> Clearing:
        """Takes lost second factors off accounts."""
        from services.accounts.clearing import Clearing

        return Clearing(self.ctx)

    @cached_property
    def verification(self) -> Verification:
        """Shows whether a caller is who they say."""
        from services.verification.verification import Verification

        return Verification(self.ctx)

    @cached_property
    def approvals(self) -> Approvals:
        """The yes of a second person to the dangerous few actions."""
        from services.approvals.approvals import Approvals

        return Approvals(self.ctx)

    @cached_property
    def account_access(self) -> AccountAccess:
        """What an account may do, and whose people it sees."""
        from services.accounts.account_access import AccountAccess

        return AccountAccess(self.ctx)

    @cached_property
    def clients(self) -> Clients:
        """The client list."""
        from services.clients.clients import Clients

        return Clients(self.ctx)

    @cached_property
    def offices(self) -> Offices:
        """Which offices somebody looks at."""
        from services.offices import Offices

        return Offices(self.ctx)

    @cached_property
    def people(self) -> People:
        """Everything about one person."""
        from services.people import People

        return People(self.ctx)

    @cached_property
    def preferences(self) -> Preferences:
        """How a person likes the desk to look."""
        from services.preferences import Preferences

        return Preferences(self.ctx)

    @cached_property
    def mail(self) -> Mailbox:
        """The mail that was written, and what became of it."""
        from services.mail.mailbox import Mailbox

        return Mailbox(self.ctx)

    @cached_property
    def delivery(self) -> Delivery:
        """Sends what waits in the outbox."""
        from services.mail.delivery import Delivery

        return Delivery(self.ctx)

    @cached_property
    def imports(self) -> ClientImport:
        """Takes in lists of clients."""
        from services.clients.importing import ClientImport

        return ClientImport(self.ctx)

    @cached_property
    def exports(self) -> ClientExport:
        """Gives out the list of clients."""
        from services.clients.export import ClientExport

        return ClientExport(self.ctx)

    @cached_property
    def staff(self) -> Staff:
        """The office staff."""
        from services.staff.staff import Staff

        return Staff(self.ctx)

    @cached_property
    def staff_imports(self) -> StaffImport:
        """Takes in lists of office staff."""
        from services.staff.importing import StaffImport

        return StaffImport(self.ctx)

    @cached_property
    def legacy(self) -> Legacy:
        """The accounts of the old system, and the way in by access key."""
        from services.legacy.legacy import Legacy

        return Legacy(self.ctx)

    @cached_property
    def legacy_imports(self) -> LegacyImport:
        """Takes in the accounts of the old system."""
        from services.legacy.importing import LegacyImport

        return LegacyImport(self.ctx)

    @cached_property
    def onboarding(self) -> Onboarding:
        """What somebody still owes who has just signed in."""
        from services.accounts.onboarding import Onboarding

        return Onboarding(self.ctx)

    @cached_property
    def temporary(self) -> TemporaryPasswords:
        """Sends temporary passwords."""
        from services.credentials.temporary import TemporaryPasswords

        return TemporaryPasswords(self.ctx)

    @cached_property
    def creation(self) -> IdentityCreation:
        """Creates an account for a person: shown first, then done."""
        from services.creation.creation import IdentityCreation

        return IdentityCreation(self.ctx)

    @cached_property
    def bulk(self) -> BulkCreation:
        """Creates accounts for many people at once."""
        from services.creation.bulk import BulkCreation

        return BulkCreation(self.ctx)

    @cached_property
    def audit(self) -> AuditTrail:
        """What happened, for those who answer for the agency."""
        from services.auditing.trail import AuditTrail

        return AuditTrail(self.ctx)

    @cached_property
    def audit_exports(self) -> AuditExport:
        """Gives out the audit."""
        from services.auditing.export import AuditExport

        return AuditExport(self.ctx)

    @cached_property
    def visits(self) -> Visits:
        """The people in front of a kiosk, one after another."""
        from services.kiosks.visits import Visits

        return Visits(self.ctx)
