"""The tenant: founded once, with its first administrator, and viewed by everybody."""

from __future__ import annotations

from dataclasses import dataclass, replace

from models.agency import Agency, Installation
from models.identity import Identity
from models.staff import StaffMember
from models.states import Access, IdentityState, Role, TokenPurpose
from services import agency_policy, audit
from services.accounts.identities import code_key, full_name, held, store_verifier
from services.actor import Origin
from services.clients import fields as client_fields
from services.context import Context
from services.conventions import Conventions
from services.credentials import codes, tokens
from services.credentials.passwords import Passwords
from services.credentials.policy import PasswordPolicy
from services.errors import NotFound, Refused
from services.new_agency import CleanAgency, NewAgency, clean_agency

_FOUNDER = "setup"


@dataclass(frozen=True, slots=True)
class Founded:
    """The agency that now stands.

    Attributes:
        existing: it stood already.
        code: the administrator's one-time activation code, to be shown once; None with a password, or for an
            administrator who has chosen one.
    """

    agency_id: int
    company_code: str
    user_name: str
    existing: bool
    code: str | None


@dataclass(frozen=True, slots=True)
class AgencyView:
    """An agency as screens and mails show it.

    Attributes:
        phone: as people write it, not E.164.
        portal_address: where its people sign in, to bookmark; empty while there is no portal.
        profile: which set of numbers is its policy.
    """

    id: int
    name: str
    code: str
    address: str
    phone: str
    email: str
    portal_address: str
    profile: str


class Agencies:
    """Founds the agency and tells about it."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._passwords = Passwords(ctx.keys, ctx.bcrypt_cost)

    def found(self, draft: NewAgency, origin: Origin) -> Founded:
        """Make the agency and its first administrator, whom the password makes active at once.

        The same call again finds what stands; as long as the administrator has no password, it gives a fresh code,
        because one that was lost could not be had in another way. Raises Invalid, or Refused if another agency stands.
        """
        clean = clean_agency(draft)
        with audit.refusals_recorded(self._ctx, origin, audit.Action.AGENCY_FOUNDED, subject=clean.admin.address):
            with self._ctx.read():
                standing = _standing(clean)
            if standing is not None:
                return standing if draft.password is not None else self._with_fresh_code(standing, origin)
            verifier = None if draft.password is None else self._passwords.hash(draft.password)
            with self._ctx.unit():
                # Two founders at once: the second waits here and then finds the first one's agency.
                held(self._ctx, Installation.select()).execute()
                return _standing(clean) or self._store(clean, verifier, origin)

    def view(self, agency_id: int) -> AgencyView:
        """The agency as screens and mails show it. Raises NotFound."""
        with self._ctx.read():
            return view(self._ctx, _get(agency_id))

    def policy(self, agency_id: int) -> PasswordPolicy:
        """What the agency asks of passwords. Raises NotFound."""
        with self._ctx.read():
            return agency_policy.policy_of(_get(agency_id)).password(second_factor=False)

    def conventions(self, agency_id: int) -> Conventions:
        """How the agency writes amounts, rates, days and phone numbers."""
        with self._ctx.read():
            return agency_policy.conventions_of(agency_id)

    def only(self, company_code: str = "") -> AgencyView | None:
        """The agency that a command means: the one with this code, or without a code the only one; None before any.

        Raises Refused when the code is not known, or when there are several and none is named.
        """
        with self._ctx.read():
            agencies = list(Agency.select().order_by(Agency.id))
            meant = [row for row in agencies if not company_code.strip() or row.code_key == code_key(company_code)]
            if not agencies:
                return None
            if len(meant) != 1:
                known = ", ".join(row.code for row in agencies)
                raise Refused(f"Name the agency by its company code. Known ones: {known}.")
            return view(self._ctx, meant[0])

    def _store(self, clean: CleanAgency, verifier: str | None, origin: Origin) -> Founded:
        now = self._ctx.clock.now()
        agency = Agency.create(
            name=clean.name,
            code=clean.code,
            code_key=clean.code.lower(),
            address=clean.address,
            phone=clean.phone,
            email=clean.email,
            created_at=now,
        )
        identity = Identity.create(
            agency=agency,
            email=clean.admin.address,
            email_key=clean.admin.key,
            name=full_name(clean.first, clean.last),
            role=Role.ADMINISTRATOR,
            state=IdentityState.PENDING if verifier is None else IdentityState.ACTIVE,
            created_at=now,
            activated_at=None if verifier is None else now,
            state_changed_at=now,
            state_changed_by=_FOUNDER,
        )
        StaffMember.create(
            agency=agency,
            identity=identity,
            first_name=clean.first,
            last_name=clean.last,
            email=clean.admin.address,
            email_key=clean.admin.key,
            role=Role.ADMINISTRATOR,
            created_at=now,
            changed_at=now,
            changed_by=_FOUNDER,
            search=client_fields.search_text(clean.first, clean.last, clean.admin.address, ""),
            name_key=client_fields.name_key(clean.first, clean.last),
            access=Access.PENDING if verifier is None else Access.ACTIVE,
        )
        code = None
        if verifier is None:
            code = self._activation_code(identity)
        else:
            store_verifier(self._ctx, identity.id, verifier)
        audit.record(
            self._ctx,
            origin,
            audit.Action.AGENCY_FOUNDED,
            agency_id=agency.id,
            identity_id=identity.id,
            subject=identity.email,
            details={"agency": agency.name, "code": agency.code},
        )
        return Founded(agency.id, agency.code, identity.email, existing=False, code=code)

    def _with_fresh_code(self, standing: Founded, origin: Origin) -> Founded:
        with self._ctx.unit():
            identity = Identity.get((Identity.agency == standing.agency_id) & (Identity.email == standing.user_name))
            if identity.state is not IdentityState.PENDING:
                return standing
            audit.record(
                self._ctx,
                origin,
                audit.Action.WELCOME_RESENT,
                agency_id=identity.agency_id,
                identity_id=identity.id,
                subject=identity.email,
            )
            return replace(standing, code=self._activation_code(identity))

    def _activation_code(self, identity: Identity) -> str:
        token = tokens.issue(self._ctx, identity, TokenPurpose.ACTIVATE, by=_FOUNDER)
        code = codes.typed_code(self._ctx.keys.mail, token.message.uuid, TokenPurpose.ACTIVATE.value)
        return codes.show_code(code)


def view(ctx: Context, agency: Agency) -> AgencyView:
    """The agency as a value."""
    return AgencyView(
        id=agency.id,
        name=agency.name,
        code=agency.code,
        address=agency.address,
        phone=agency_policy.policy_of(agency).conventions.phone(agency.phone),
        email=agency.email,
        portal_address=agency.portal_address or ctx.settings.portal_address,
        profile=agency.profile,
    )


def _get(agency_id: int) -> Agency:
    agency = Agency.get_or_none(Agency.id == agency_id)
    if agency is None:
        raise NotFound("This agency is not here any more. Sign in again.")
    return agency


def _standing(clean: CleanAgency) -> Founded | None:
    """The agency of an earlier call with the same company code and administrator; None if there is no agency."""
    agency = Agency.select().order_by(Agency.id).first()
    if agency is None:
        return None
    row = (
        Identity.select(Identity.email, Agency)
        .join(Agency)
        .where(
            (Agency.code_key == clean.code.lower())
            & (Identity.email_key == clean.admin.key)
            & (Identity.role == Role.ADMINISTRATOR)
        )
        .first()
    )
    if row is None:
        raise Refused(
            f"This desk belongs to {agency.name} ({agency.code}) already. "
            "Sign in there, or choose another home folder and database for another agency."
        )
    return Founded(row.agency.id, row.agency.code, row.email, existing=True, code=None)
