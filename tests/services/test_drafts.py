"""What was being typed when a line dropped is kept for the same person alone, and never a secret with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from models.client import Client
from models.identity import Identity
from models.states import IdentityState, Role, Surface
from models.unfinished import Draft
from services import key_rotation, person_key, sessions
from services.actor import Actor, Origin
from services.agency_rules import adjusted
from services.clock import ManualClock
from services.context import Context
from services.desk import Desk
from services.drafts import FORMS, LIFETIME, MOST, DraftForm, DraftKey, Typed
from services.errors import Forbidden, Locked, NotFound, Refused, SignedOut
from services.keys import Keys
from tests import making
from tests.making import MadeAgency
from tests.services.auditing.conftest import AT_THE_MACHINE
from tests.services.creating import make_office
from tests.services.officing import again, join

NEW_CLIENT = DraftKey(DraftForm.CLIENT)
TYPED = Typed("New client", {"first_name": "Zebedee", "subscribed": False})


def about(client: Client) -> DraftKey:
    return DraftKey(DraftForm.CLIENT, person_key.client(int(client.id)))


def titles(desk: Desk, actor: Actor) -> list[str]:
    return [draft.title for draft in desk.drafts.waiting(actor)]


def test_a_draft_is_offered_at_the_next_sign_in_with_everything_that_was_typed(
    desk: Desk, ray: MadeAgency, brent: Client
) -> None:
    typed = Typed("Edit Brent Thomas", {"last_name": "[/x]"}, {"last_name": "Thomas"}, version=3)
    desk.drafts.keep(ray.admin, about(brent), typed)
    back = again(desk, ray.admin)
    [waiting] = desk.drafts.waiting(back)
    assert (waiting.key, waiting.title, waiting.gone) == (about(brent), "Edit Brent Thomas", False)
    assert waiting.kept_at == desk.ctx.clock.now()
    assert desk.drafts.take(back, waiting.id) == typed
    assert titles(desk, back), "it stays until it is saved or thrown away"


def test_a_form_has_one_draft_for_each_person_it_is_about(desk: Desk, ray: MadeAgency, brent: Client) -> None:
    desk.drafts.keep(ray.admin, about(brent), Typed("old", {}))
    desk.drafts.keep(ray.admin, NEW_CLIENT, TYPED)
    desk.ctx.clock.advance(minutes=1)  # type: ignore[attr-defined]
    desk.drafts.keep(ray.admin, about(brent), Typed("new", {"phone": "1"}))
    assert titles(desk, ray.admin) == ["new", "New client"]


def test_a_draft_is_nobody_elses(desk: Desk, ray: MadeAgency) -> None:
    desk.drafts.keep(ray.admin, NEW_CLIENT, TYPED)
    [mine] = desk.drafts.waiting(ray.admin)
    for other in (
        making.make_staff(desk, ray.agency, "ann@example.com", role=Role.ADMINISTRATOR),
        making.make_agency(desk, "OTHER-1", "eve@example.com").admin,
    ):
        assert desk.drafts.waiting(other) == ()
        with pytest.raises(NotFound):
            desk.drafts.take(other, mine.id)
        desk.drafts.drop(other, NEW_CLIENT)
    assert titles(desk, ray.admin) == ["New client"]


def test_a_draft_that_was_dropped_is_gone(desk: Desk, ray: MadeAgency) -> None:
    desk.drafts.keep(ray.admin, NEW_CLIENT, TYPED)
    [mine] = desk.drafts.waiting(ray.admin)
    desk.drafts.drop(ray.admin, NEW_CLIENT)
    desk.drafts.drop(ray.admin, NEW_CLIENT)
    assert desk.drafts.waiting(ray.admin) == ()
    with pytest.raises(NotFound, match="not here any more"):
        desk.drafts.take(ray.admin, mine.id)


def test_nothing_of_a_draft_can_be_read_in_the_database(desk: Desk, ray: MadeAgency) -> None:
    desk.drafts.keep(ray.admin, NEW_CLIENT, TYPED)
    with desk.ctx.read():
        row = Draft.get()
    assert row.sealed.startswith("es1$")
    assert not any(word in str(row.__data__) for word in ("Zebedee", "New client", "first_name"))
    assert "Zebedee" not in f"{TYPED}{making.entries(desk.ctx)!r}"


@pytest.mark.parametrize("column", ["identity", "about", "form"])
def test_a_draft_that_was_moved_to_another_row_opens_nothing(desk: Desk, ray: MadeAgency, column: str) -> None:
    ann = making.make_staff(desk, ray.agency, "ann@example.com", role=Role.ADMINISTRATOR)
    desk.drafts.keep(ray.admin, NEW_CLIENT, TYPED)
    moved = {"identity": ann.identity_id, "about": "staff:1", "form": "staff"}[column]
    with desk.ctx.unit():
        Draft.update({column: moved}).execute()
    assert desk.drafts.waiting(ann) == desk.drafts.waiting(ray.admin) == ()


def test_no_form_that_keeps_drafts_has_a_field_for_a_secret() -> None:
    secret = ("password", "code", "answer", "token", "pin", "key", "secret")
    names = {name for form in FORMS.values() for name in form.fields}
    assert not [name for name in names if any(word in name for word in secret)]
    assert set(FORMS) == set(DraftForm)


def test_what_the_form_may_not_keep_is_left_out(desk: Desk, ray: MadeAgency) -> None:
    desk.drafts.keep(ray.admin, NEW_CLIENT, Typed("", {"first_name": "Zoe", "password": "plum"}, {"code": "1"}))
    [mine] = desk.drafts.waiting(ray.admin)
    taken = desk.drafts.take(ray.admin, mine.id)
    assert (taken.fields, taken.read) == ({"first_name": "Zoe"}, {})


def test_a_secret_in_a_request_for_help_is_masked_before_it_is_kept(desk: Desk, ray: MadeAgency) -> None:
    key = DraftKey(DraftForm.HELP)
    desk.drafts.keep(ray.admin, key, Typed("Get help", {"topic": "my password is plum orbit 7", "usual": ""}))
    [mine] = desk.drafts.waiting(ray.admin)
    assert desk.drafts.take(ray.admin, mine.id).fields["topic"] == "my password is ••••"


def test_one_that_is_too_large_is_refused_and_the_older_one_stays(desk: Desk, ray: MadeAgency) -> None:
    desk.drafts.keep(ray.admin, NEW_CLIENT, TYPED)
    with pytest.raises(Refused, match="16,000 can be kept"):
        desk.drafts.keep(ray.admin, NEW_CLIENT, Typed("", {"first_name": "z" * 16_000}))
    assert titles(desk, ray.admin) == ["New client"]


def test_of_many_drafts_the_oldest_makes_room(desk: Desk, ray: MadeAgency) -> None:
    for number in range(MOST + 2):
        client = making.make_client(desk, ray.agency, f"c{number}@example.com")
        desk.drafts.keep(ray.admin, about(client), Typed(f"{number}", {}))
    assert titles(desk, ray.admin) == [str(number) for number in range(MOST + 1, 1, -1)]


def test_a_draft_is_kept_for_seven_days(desk: Desk, ray: MadeAgency, clock: ManualClock) -> None:
    ann = making.make_staff(desk, ray.agency, "ann@example.com")
    desk.drafts.keep(ann, NEW_CLIENT, TYPED)
    clock.advance(seconds=(LIFETIME - timedelta(seconds=1)).total_seconds())
    assert titles(desk, again(desk, ann)) == ["New client"]
    clock.advance(seconds=1)
    back = again(desk, ann)
    assert titles(desk, back) == []
    desk.drafts.keep(again(desk, ray.admin), NEW_CLIENT, TYPED)
    with desk.ctx.read():
        assert [row.identity_id for row in Draft.select()] == [ray.admin.identity_id]


def test_a_locked_desk_keeps_and_offers_nothing(desk: Desk, ray: MadeAgency) -> None:
    desk.own_sessions.lock(ray.admin, idle=True)
    desk.drafts.keep(ray.admin, NEW_CLIENT, TYPED)
    with pytest.raises(Locked):
        desk.drafts.waiting(ray.admin)
    with pytest.raises(Locked):
        desk.drafts.take(ray.admin, 1)
    assert titles(desk, again(desk, ray.admin)) == ["New client"]


def test_an_ended_session_keeps_and_shows_nothing_and_may_throw_away_what_it_saved(desk: Desk, ray: MadeAgency) -> None:
    desk.drafts.keep(ray.admin, NEW_CLIENT, TYPED)
    back = again(desk, ray.admin)
    desk.sign_in.sign_out(ray.admin)
    for act in (
        lambda: desk.drafts.keep(ray.admin, NEW_CLIENT, TYPED),
        lambda: desk.drafts.waiting(ray.admin),
        lambda: desk.drafts.take(ray.admin, 1),
    ):
        with pytest.raises(SignedOut):
            act()
    assert titles(desk, back) == ["New client"]
    desk.drafts.drop(ray.admin, NEW_CLIENT)
    assert titles(desk, back) == []


def test_in_the_first_steps_nothing_is_kept_since_each_is_stored(desk: Desk, ray: MadeAgency) -> None:
    with desk.ctx.unit():
        newcomer = sessions.open_session(desk.ctx, Identity.get_by_id(ray.admin.identity_id), making.HERE, limited=True)
        sessions.Session.update(limited=True).where(sessions.Session.id == newcomer.session_id).execute()
    with pytest.raises(Refused):
        desk.drafts.keep(newcomer, NEW_CLIENT, TYPED)
    with pytest.raises(Refused):
        desk.drafts.waiting(newcomer)


def test_a_deactivated_account_leaves_its_drafts_sealed_and_unseen(desk: Desk, ray: MadeAgency) -> None:
    desk.drafts.keep(ray.admin, NEW_CLIENT, TYPED)
    with desk.ctx.unit():
        Identity.update(state=IdentityState.DEACTIVATED).where(Identity.id == ray.admin.identity_id).execute()
    with pytest.raises(SignedOut):
        desk.drafts.waiting(ray.admin)
    with desk.ctx.read():
        assert Draft.select().count() == 1


def test_at_a_kiosk_and_at_the_command_line_nothing_is_kept(desk: Desk, ray: MadeAgency) -> None:
    kiosk = replace(ray.admin, origin=Origin(Surface.KIOSK, "Lobby"))
    for actor in (kiosk, replace(AT_THE_MACHINE, agency_id=ray.agency.id)):
        desk.drafts.keep(actor, NEW_CLIENT, TYPED)
        desk.drafts.drop(actor, NEW_CLIENT)
    assert titles(desk, ray.admin) == []


def test_a_role_without_the_right_neither_keeps_nor_sees_the_draft(desk: Desk, ray: MadeAgency) -> None:
    rules = DraftKey(DraftForm.RULES)
    desk.drafts.keep(ray.admin, rules, Typed("Rules of the agency", {"minimum": "14"}))
    desk.drafts.keep(ray.admin, NEW_CLIENT, TYPED)
    with desk.ctx.unit():
        Identity.update(role=Role.AGENT).where(Identity.id == ray.admin.identity_id).execute()
    agent = again(desk, ray.admin)
    assert titles(desk, agent) == ["New client"]
    with pytest.raises(Forbidden):
        desk.drafts.keep(agent, rules, TYPED)


def test_a_draft_about_somebody_out_of_sight_is_neither_kept_nor_offered(desk: Desk, ray: MadeAgency) -> None:
    ottawa, windsor = (int(make_office(desk, ray.agency, name).id) for name in ("Ottawa", "Windsor"))
    ann = join(desk, making.make_staff(desk, ray.agency, "ann@example.com"), ottawa)
    hidden = making.make_client(desk, ray.agency, office=windsor)
    with pytest.raises(NotFound) as out_of_sight:
        desk.drafts.keep(ann, about(hidden), TYPED)
    with pytest.raises(NotFound) as unknown:
        desk.drafts.keep(ann, DraftKey(DraftForm.CLIENT, person_key.client(4711)), TYPED)
    assert out_of_sight.value.sentence == unknown.value.sentence
    mine = making.make_client(desk, ray.agency, "mine@example.com", office=ottawa)
    desk.drafts.keep(ann, about(mine), TYPED)
    [draft] = desk.drafts.waiting(ann)
    with desk.ctx.unit():
        Client.update(office=windsor).where(Client.id == mine.id).execute()
    assert desk.drafts.waiting(ann) == ()
    with pytest.raises(NotFound):
        desk.drafts.take(ann, draft.id)
    desk.drafts.drop(ann, about(mine))
    with desk.ctx.read():
        assert not Draft.select().exists()


def test_a_draft_says_that_the_person_it_is_about_has_gone(desk: Desk, ray: MadeAgency, brent: Client) -> None:
    desk.drafts.keep(ray.admin, about(brent), TYPED)
    with desk.ctx.unit():
        Client.delete().where(Client.id == brent.id).execute()
    [draft] = desk.drafts.waiting(ray.admin)
    assert draft.gone
    with pytest.raises(NotFound):
        desk.drafts.take(ray.admin, draft.id)


def test_a_draft_outlives_new_keys(desk: Desk, ray: MadeAgency) -> None:
    ctx: Context = replace(desk.ctx, keys=Keys.load(desk.ctx.settings.keys_path))
    desk = Desk(ctx)
    desk.drafts.keep(ray.admin, NEW_CLIENT, TYPED)
    key_rotation.rotate(ctx, AT_THE_MACHINE, pepper=False, cipher=True)
    with ctx.read():
        assert Draft.get().sealed.startswith("es1$2$")
    assert titles(desk, ray.admin) == ["New client"]
    assert key_rotation.retire(ctx, AT_THE_MACHINE).gone == ("cipher 1",)
    assert titles(desk, ray.admin) == ["New client"]


def test_a_draft_that_no_key_opens_is_not_offered_and_goes_with_the_next_new_keys(desk: Desk, ray: MadeAgency) -> None:
    ctx: Context = replace(desk.ctx, keys=Keys.load(desk.ctx.settings.keys_path))
    desk.drafts.keep(ray.admin, NEW_CLIENT, TYPED)
    with ctx.unit():
        Draft.update(sealed="es1$9$AAAA").execute()
    assert desk.drafts.waiting(ray.admin) == ()
    told = key_rotation.rotate(ctx, AT_THE_MACHINE, pepper=False, cipher=True)
    assert told.broken == 0, "only what somebody misses is counted"
    with ctx.read():
        assert not Draft.select().exists()


def test_what_is_kept_of_the_rules_makes_rules_again(desk: Desk, ray: MadeAgency) -> None:
    view = desk.rules.view(ray.admin)
    fields = {"minimum": "14", "questions": "no", "profile": view.policy.profile.value}
    desk.drafts.keep(ray.admin, DraftKey(DraftForm.RULES), Typed("Rules", fields, version=view.version))
    [draft] = desk.drafts.waiting(ray.admin)
    taken = desk.drafts.take(ray.admin, draft.id)
    wanted = adjusted(view.policy, taken.fields)
    assert (wanted.minimum, wanted.questions, taken.version) == (14, False, view.version)


def test_two_desks_of_one_person_keep_the_newer_draft(desk: Desk, ray: MadeAgency) -> None:
    other = again(desk, ray.admin)
    desk.drafts.keep(ray.admin, NEW_CLIENT, TYPED)
    desk.drafts.keep(other, NEW_CLIENT, Typed("at the other desk", {}))
    assert titles(desk, ray.admin) == titles(desk, other) == ["at the other desk"]


def test_a_draft_leaves_nothing_in_the_audit(desk: Desk, ray: MadeAgency) -> None:
    before = len(making.entries(desk.ctx))
    desk.drafts.keep(ray.admin, NEW_CLIENT, TYPED)
    desk.drafts.drop(ray.admin, NEW_CLIENT)
    assert len(making.entries(desk.ctx)) == before
