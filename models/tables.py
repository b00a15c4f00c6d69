"""All tables, in the order in which they can be made."""

from __future__ import annotations

from models.agency import Agency, Installation, Office
from models.audit import AuditEntry, AuditHead
from models.base import Table
from models.client import Client, Mortgage, Property, Upload, UploadChange, UploadMapping
from models.help_queue import HelpLine, HelpRequest, KioskVisit, StepRelease
from models.identity import (
    BulkRow,
    BulkRun,
    Credential,
    Identity,
    LegacyUser,
    Membership,
    OneTimeToken,
    Preference,
    SecurityAnswer,
    Session,
    Throttle,
)
from models.kiosk import Kiosk
from models.outbox import OutboxMessage
from models.security import Approval, CallerCheck, KnownPlace, RecoveryCode, SecondFactor
from models.ssh_key import SshKey
from models.staff import StaffMember
from models.unfinished import Draft, SessionReturn

ALL_TABLES: tuple[type[Table], ...] = (
    Installation,
    Agency,
    Office,
    OutboxMessage,
    Kiosk,
    Identity,
    Membership,
    SecurityAnswer,
    LegacyUser,
    Credential,
    OneTimeToken,
    Session,
    SecondFactor,
    RecoveryCode,
    CallerCheck,
    Approval,
    KnownPlace,
    BulkRun,
    BulkRow,
    Preference,
    Throttle,
    Upload,
    Client,
    UploadChange,
    UploadMapping,
    Property,
    Mortgage,
    StaffMember,
    KioskVisit,
    StepRelease,
    HelpRequest,
    HelpLine,
    SshKey,
    Draft,
    SessionReturn,
    AuditEntry,
    AuditHead,
)
