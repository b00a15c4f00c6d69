"""SSH keys, line by line."""

from __future__ import annotations

from models.staff import StaffMember
from services import person_key
from services.desk import Desk
from tests import making
from tests.making import MadeAgency
from tests.services.officing import again
from tests.services.ssh_keys.keying import a_key, print_of
from tests.talking import talk


def test_an_administrator_binds_the_key_of_a_colleague_and_revokes_it(desk: Desk, ray: MadeAgency) -> None:
    making.make_staff(desk, ray.agency, "ann@raystaging.example.com", first="Ann", last="Zed")
    with desk.ctx.read():
        ann = person_key.staff(StaffMember.get(StaffMember.last_name == "Zed").id)
    making.verified(desk, ray.admin, ann)
    line = a_key("ann@laptop")
    # Whoever leaves a talk is signed out.
    heard = talk(desk, "2", "zed", "1", "?", actor=again(desk, ray.admin)).heard
    number = next(text.split(":")[0] for text in heard.splitlines() if text.endswith("SSH keys"))
    heard = talk(desk, "2", "zed", "1", number, "1", "rubbish", line, "y", "2", "y", "2", actor=ray.admin).heard
    assert "This is no SSH public key." in heard
    assert f"Its fingerprint is {print_of(line)}." in heard
    assert "The key is bound. Ann Zed gets a notice." in heard
    assert f"Revoke ann@laptop, {print_of(line)}, last used never" in " ".join(heard.split())
    assert "The key is revoked." in heard
    assert "by Sue Wright." in heard
    [key] = desk.ssh_keys.list(again(desk, ray.admin))
    assert key.revoked_at


def test_ones_own_are_told_and_revoked(desk: Desk, ray: MadeAgency) -> None:
    with desk.ctx.read():
        sue = person_key.staff(StaffMember.get(StaffMember.identity == ray.admin.identity_id).id)
    desk.ssh_keys.bind(ray.admin, sue, a_key())
    heard = talk(desk, "4", "4", "1", "y", "b", "b", actor=ray.admin).heard
    assert "SSH keys: 1 bound, and a new password leaves it." in heard
    assert "The key is revoked." in heard
    assert desk.own_ssh_keys.list(again(desk, ray.admin))[0].revoked_at
