"""A kiosk's identity: enrolled, used, revoked at once, and written down."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from models.help_queue import KioskVisit
from models.identity import Membership, OneTimeToken
from models.kiosk import Kiosk
from models.states import AuditResult, MailState, Role, Surface, TokenPurpose, TokenState
from services import person_key
from services.actor import Actor, Origin
from services.clock import ManualClock
from services.credentials.passwords import Secret
from services.desk import Desk
from services.errors import Forbidden, Invalid, NotFound, Refused, TooSoon
from services.kiosks import key_file, limits
from services.kiosks.standing import KioskClosed, require
from services.kiosks.values import KioskView
from tests import making
from tests.making import MadeAgency
from tests.services.creating import make_office


def origin_of(kiosk: KioskView) -> Origin:
    return Origin(Surface.KIOSK, kiosk.name, kiosk.id)


@pytest.fixture
def lobby(desk: Desk, ray: MadeAgency) -> tuple[KioskView, Secret]:
    return desk.kiosks.enrol(ray.admin, "Lobby")


def test_a_kiosk_is_known_by_the_secret_that_it_was_given(desk: Desk, ray: MadeAgency) -> None:
    office = make_office(desk, ray.agency)
    kiosk, secret = desk.kiosks.enrol(ray.admin, "  Main   Lobby ", office.id, "contrast")
    assert desk.kiosks.open(secret) == kiosk
    assert (kiosk.name, kiosk.office, kiosk.theme, kiosk.agency_name) == (
        "Main Lobby",
        office.name,
        "contrast",
        ray.agency.name,
    )
    with desk.ctx.read():
        assert secret.reveal() not in str(list(Kiosk.select().dicts()))
    entry = making.entries(desk.ctx, "kiosk_enrolled")[-1]
    assert (entry.subject, entry.result) == ("Main Lobby", AuditResult.DONE)


@pytest.mark.parametrize("secret", ["", "x" * 43, "x" * 100_000])
def test_a_secret_of_nobody_opens_nothing(desk: Desk, lobby: object, secret: str) -> None:
    with pytest.raises(KioskClosed, match="not enrolled") as refusal:
        desk.kiosks.open(Secret(secret))
    assert not refusal.value.revoked


def test_two_open_kiosks_have_no_name_in_common(desk: Desk, ray: MadeAgency, lobby: tuple[KioskView, Secret]) -> None:
    with pytest.raises(Refused, match="There is a kiosk"):
        desk.kiosks.enrol(ray.admin, "LOBBY")
    assert making.entries(desk.ctx, "kiosk_enrolled")[-1].result is AuditResult.REFUSED
    desk.kiosks.revoke(ray.admin, lobby[0].id)
    desk.kiosks.enrol(ray.admin, "Lobby")


def test_of_two_who_enrol_the_same_name_at_once_one_is_told(
    desk: Desk, ray: MadeAgency, at_once: Callable[..., list[Any]]
) -> None:
    outcomes = at_once(*[lambda: desk.kiosks.enrol(ray.admin, "Lobby")] * 2)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Refused", "tuple"]


@pytest.mark.parametrize(
    ("name", "theme", "field"),
    [("", "", "name"), ("!!!", "", "name"), ("a\x1bb", "", "name"), ("Lobby", "pink", "theme")],
)
def test_what_cannot_stand_is_told_beside_its_field(
    desk: Desk, ray: MadeAgency, name: str, theme: str, field: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        desk.kiosks.enrol(ray.admin, name, None, theme)
    assert list(refusal.value.problems) == [field]


def test_an_office_of_another_agency_is_not_there(desk: Desk, ray: MadeAgency) -> None:
    other = making.make_agency(desk, "OTHER-1", "ann@other.example.com")
    theirs = make_office(desk, other.agency)
    with pytest.raises(Invalid) as refusal:
        desk.kiosks.enrol(ray.admin, "Lobby", theirs.id)
    assert list(refusal.value.problems) == ["office"]


@pytest.mark.parametrize("role", [Role.AGENT, Role.SUPERVISOR, Role.AUDITOR])
def test_kiosks_are_for_administrators(
    desk: Desk, ray: MadeAgency, lobby: tuple[KioskView, Secret], role: Role
) -> None:
    actor = making.make_staff(desk, ray.agency, "other@example.com", role=role)
    kiosk = lobby[0]
    acts: list[Callable[[], object]] = [
        lambda: desk.kiosks.enrol(actor, "Other"),
        lambda: desk.kiosks.list(actor),
        lambda: desk.kiosks.revoke(actor, kiosk.id),
        lambda: desk.kiosks.move(actor, kiosk.id, None),
        lambda: desk.kiosks.recolour(actor, kiosk.id, "dark"),
    ]
    for act in acts:
        with pytest.raises(Forbidden):
            act()
    refused = [entry for entry in making.entries(desk.ctx) if entry.result is AuditResult.REFUSED]
    assert len(refused) == len(acts)


def test_a_kiosk_of_another_agency_or_office_is_not_there(
    desk: Desk, ray: MadeAgency, lobby: tuple[KioskView, Secret]
) -> None:
    other = making.make_agency(desk, "OTHER-1", "ann@other.example.com")
    narrow = making.make_staff(desk, ray.agency, "narrow@example.com", role=Role.ADMINISTRATOR)
    office = make_office(desk, ray.agency)
    with desk.ctx.unit():
        Membership.create(identity=narrow.identity_id, office=office)
    for actor in (other.admin, narrow):
        assert desk.kiosks.list(actor) == []
        with pytest.raises(NotFound):
            desk.kiosks.revoke(actor, lobby[0].id)
        with pytest.raises(NotFound):
            desk.kiosks.recolour(actor, lobby[0].id, "")
    with pytest.raises(Invalid):
        desk.kiosks.enrol(narrow, "Own")
    own, _ = desk.kiosks.enrol(narrow, "Own", office.id)
    with pytest.raises(Invalid):
        desk.kiosks.move(narrow, own.id, None)
    assert desk.kiosks.list(narrow) == [own]


def test_a_revoked_kiosk_is_closed_at_once(
    desk: Desk, clock: ManualClock, ray: MadeAgency, lobby: tuple[KioskView, Secret]
) -> None:
    kiosk, secret = lobby
    origin = origin_of(kiosk)
    visit = desk.visits.begin(origin)
    client = making.make_client(desk, ray.agency)
    desk.accounts.create_and_welcome(ray.admin, person_key.client(client.id))
    token = making.tokens_of(desk.ctx, making.identity_of(desk.ctx, client))[-1]
    with desk.ctx.unit():
        OneTimeToken.update(purpose=TokenPurpose.KIOSK, kiosk=kiosk.id).where(OneTimeToken.id == token.id).execute()
    assert desk.kiosks.revoke(ray.admin, kiosk.id).revoked_at == clock.now()
    with desk.ctx.read():
        token = OneTimeToken.get_by_id(token.id)
        assert (token.state, token.message.state) == (TokenState.REVOKED, MailState.SUPERSEDED)
        assert KioskVisit.get_by_id(visit).ended_at == clock.now()
        with pytest.raises(KioskClosed, match="closed by an administrator"):
            require(origin)
    for act in (
        lambda: desk.kiosks.open(secret),
        lambda: desk.kiosks.pulse(origin),
        lambda: desk.kiosks.started(origin),
    ):
        with pytest.raises(KioskClosed) as refusal:
            act()
        assert refusal.value.revoked
    desk.kiosks.revoke(ray.admin, kiosk.id)
    assert len(making.entries(desk.ctx, "kiosk_revoked")) == 1


def test_a_revoked_kiosk_that_goes_on_trying_is_written_down_once_an_hour(
    desk: Desk, clock: ManualClock, ray: MadeAgency, lobby: tuple[KioskView, Secret]
) -> None:
    desk.kiosks.revoke(ray.admin, lobby[0].id)
    for _ in range(3):
        with pytest.raises(KioskClosed):
            desk.kiosks.open(lobby[1])
    assert [entry.result for entry in making.entries(desk.ctx, "kiosk_started")] == [AuditResult.REFUSED]
    clock.advance(hours=1)
    with pytest.raises(KioskClosed):
        desk.kiosks.open(lobby[1])
    assert len(making.entries(desk.ctx, "kiosk_started")) == 2


def test_other_surfaces_are_no_kiosk(desk: Desk, lobby: tuple[KioskView, Secret]) -> None:
    with desk.ctx.read():
        for origin in (making.HERE, Origin(Surface.PORTAL, "Lobby", lobby[0].id)):
            with pytest.raises(Refused, match="only possible at a kiosk"):
                require(origin)
        with pytest.raises(KioskClosed):
            require(Origin(Surface.KIOSK, "Lobby"))


def test_an_idle_kiosk_writes_once_a_minute(
    desk: Desk, clock: ManualClock, lobby: tuple[KioskView, Secret], monkeypatch: pytest.MonkeyPatch
) -> None:
    origin = origin_of(lobby[0])
    desk.kiosks.pulse(origin)
    first = desk.kiosks.pulse(origin).seen_at
    clock.advance(seconds=59)
    desk.kiosks.pulse(origin)
    assert desk.kiosks.pulse(origin).seen_at == first
    clock.advance(seconds=1)
    desk.kiosks.pulse(origin)
    assert desk.kiosks.pulse(origin).seen_at == clock.now()


def test_office_and_colours_can_be_changed(desk: Desk, ray: MadeAgency, lobby: tuple[KioskView, Secret]) -> None:
    office = make_office(desk, ray.agency)
    desk.kiosks.move(ray.admin, lobby[0].id, office.id)
    desk.kiosks.recolour(ray.admin, lobby[0].id, "ansi")
    told = desk.kiosks.pulse(origin_of(lobby[0]))
    assert (told.office, told.theme) == (office.name, "ansi")
    desk.kiosks.recolour(ray.admin, lobby[0].id, "ansi")
    assert len(making.entries(desk.ctx, "kiosk_changed")) == 2
    with pytest.raises(Invalid):
        desk.kiosks.recolour(ray.admin, lobby[0].id, "pink")
    desk.kiosks.revoke(ray.admin, lobby[0].id)
    with pytest.raises(Refused, match="revoked"):
        desk.kiosks.move(ray.admin, lobby[0].id, None)


def test_what_a_kiosk_meets_stands_in_the_audit_in_its_own_line(desk: Desk, lobby: tuple[KioskView, Secret]) -> None:
    origin = origin_of(lobby[0])
    desk.kiosks.started(origin)
    desk.kiosks.fault(origin, "A1B2C3")
    started, fault = (making.entries(desk.ctx, f"kiosk_{what}")[-1] for what in ("started", "fault"))
    assert (started.surface, started.place, started.subject) == (Surface.KIOSK, "Lobby", "Lobby")
    assert "A1B2C3" in fault.details


def test_whoever_stood_there_at_a_fault_has_gone(desk: Desk, lobby: tuple[KioskView, Secret]) -> None:
    gone, here = (desk.visits.begin(origin_of(lobby[0])) for _ in range(2))
    desk.kiosks.fault(origin_of(lobby[0]), "A1B2C3", here)
    with desk.ctx.read():
        assert KioskVisit.get_by_id(gone).ended_at is not None
        assert KioskVisit.get_by_id(here).ended_at is None


@pytest.mark.parametrize(("role", "may"), [(Role.AGENT, False), (Role.SUPERVISOR, True), (Role.ADMINISTRATOR, True)])
def test_who_may_leave_a_kiosk(
    desk: Desk, ray: MadeAgency, lobby: tuple[KioskView, Secret], role: Role, may: bool
) -> None:
    making.make_staff(desk, ray.agency, "other@example.com", role=role)
    actor = desk.sign_in.sign_in(ray.agency.code, "other@example.com", making.PASSWORD, origin_of(lobby[0]))
    for act in (desk.kiosks.may_leave, desk.kiosks.left):
        if may:
            act(actor)
        else:
            with pytest.raises(Forbidden, match="supervisor"):
                act(actor)
    entries = making.entries(desk.ctx, "kiosk_left")
    assert [entry.result for entry in entries] == ([AuditResult.DONE] if may else [AuditResult.REFUSED] * 2)


def test_staff_of_another_agency_do_not_open_this_kiosk(desk: Desk, lobby: tuple[KioskView, Secret]) -> None:
    other = making.make_agency(desk, "OTHER-1", "ann@other.example.com")
    actor: Actor = desk.sign_in.sign_in(
        other.agency.code, "ann@other.example.com", making.PASSWORD, origin_of(lobby[0])
    )
    with pytest.raises(Refused, match="another agency"):
        desk.kiosks.left(actor)


@pytest.mark.parametrize(
    ("claim", "most"), [(limits.claim_mail, limits.MAILS_AN_HOUR), (limits.claim_code, limits.WRONG_CODES_AN_HOUR)]
)
def test_one_kiosk_causes_so_much_an_hour_and_no_more(
    desk: Desk,
    clock: ManualClock,
    ray: MadeAgency,
    lobby: tuple[KioskView, Secret],
    claim: Callable[..., None],
    most: int,
) -> None:
    origin = origin_of(lobby[0])
    other = origin_of(desk.kiosks.enrol(ray.admin, "Door")[0])
    with desk.ctx.unit():
        for _ in range(most):
            claim(desk.ctx, origin)
        with pytest.raises(TooSoon, match="Try again in 60 minutes"):
            claim(desk.ctx, origin)
        claim(desk.ctx, other)
    clock.advance(minutes=60)
    with desk.ctx.unit():
        claim(desk.ctx, origin)


def test_a_right_code_is_not_counted(desk: Desk, lobby: tuple[KioskView, Secret]) -> None:
    origin = origin_of(lobby[0])
    with desk.ctx.unit():
        for _ in range(limits.WRONG_CODES_AN_HOUR + 5):
            limits.claim_code(desk.ctx, origin)
            limits.was_right(desk.ctx, origin)


def test_a_clock_that_was_set_back_closes_no_kiosk_for_days(
    desk: Desk, clock: ManualClock, lobby: tuple[KioskView, Secret]
) -> None:
    origin = origin_of(lobby[0])
    with desk.ctx.unit():
        for _ in range(limits.MAILS_AN_HOUR):
            limits.claim_mail(desk.ctx, origin)
    clock.advance(days=-3)
    with desk.ctx.unit():
        limits.claim_mail(desk.ctx, origin)
    desk.kiosks.pulse(origin)
    assert desk.kiosks.pulse(origin).seen_at == clock.now()


def test_the_secret_rests_in_a_file_that_only_its_owner_reads(tmp_path: Path) -> None:
    secret = Secret("k" * 43)
    path = key_file.keep(tmp_path, "Main  Lobby", secret)
    assert path == tmp_path / "kiosks" / "main-lobby.key"
    assert (stat.S_IMODE(path.stat().st_mode), stat.S_IMODE(path.parent.stat().st_mode)) == (0o600, 0o700)
    assert key_file.load(tmp_path, "MAIN LOBBY") == secret
    assert key_file.load(tmp_path, "Door") is None
    key_file.keep(tmp_path, "Main Lobby", Secret("n" * 43))
    assert key_file.load(tmp_path, "Main Lobby") == Secret("n" * 43)


@pytest.mark.parametrize(("spoil", "words"), [("mode", "chmod 600"), ("text", "damaged"), ("folder", "is no file")])
def test_a_key_that_cannot_be_trusted_is_refused(tmp_path: Path, spoil: str, words: str) -> None:
    path = key_file.keep(tmp_path, "Lobby", Secret("k" * 43))
    if spoil == "mode":
        path.chmod(0o640)
    elif spoil == "text":
        path.write_text("nonsense \xff")
    else:
        path.unlink()
        path.mkdir()
    with pytest.raises(key_file.KioskKeyUnusable, match=words):
        key_file.load(tmp_path, "Lobby")


def test_a_kiosk_runs_once_on_a_machine(tmp_path: Path) -> None:
    assert key_file.claim(tmp_path, "Lobby") is not None
    assert key_file.claim(tmp_path, "lobby") is None
    assert key_file.claim(tmp_path, "Door") is not None
