"""SSH keys: a colleague's as an administrator sees them, one's own, and the sign-in form for whoever comes with one."""

from __future__ import annotations

from models.ssh_key import SshKey
from models.staff import StaffMember
from services import person_key
from services.desk import Desk
from tests.making import PASSWORD, MadeAgency
from tests.screens.hostile import HOSTILE
from tests.services.ssh_keys.keying import a_key, print_of
from tests.surfaces.playing import fill
from tests.surfaces.shots.stage import Shoot, Stage, close, find, retype
from tests.surfaces.term import Term

_LINE = "198.51.100.4 50000 203.0.113.7 22"


def play(stage: Stage) -> None:
    """From the menu of a colleague to a desk that one of their keys opens."""
    desk, made = stage.found()
    stage.take_in("staff")
    with desk.ctx.read():
        sue = person_key.staff(StaffMember.get(StaffMember.identity == made.admin.identity_id).id)
    own = a_key("sue@workstation")
    desk.ssh_keys.bind(made.admin, sue, own)
    with stage.signed_in("Office staff") as (term, shoot):
        term.key("2").expect("Christina", 20)
        find(term, "sue@raystaging")
        term.key("enter").expect("SSH keys", 20)
        shoot("ssh-keys-menu")
        term.key("z").expect("SSH keys of Sue Wright", 20)
        shoot("ssh-keys-of-person")
        bind(term, shoot)
        many(desk, made, term, shoot)
        close(term)
        settings(term, shoot)
    over_ssh(stage, desk, made, own)


def bind(term: Term, shoot: Shoot) -> None:
    """What is asked, what is wrong, and what follows."""
    term.key("b").expect("Public key", 20)
    shoot("ssh-keys-bind")
    term.type("-----BEGIN OPENSSH PRIVATE KEY-----")
    term.key("enter").expect("private key", 20)
    shoot("ssh-keys-bind-private")
    retype(term, a_key("[/x] ann@laptop"))
    term.key("enter").expect("Bind this key", 20)
    shoot("ssh-keys-bind-question")
    close(term)


def many(desk: Desk, made: MadeAgency, term: Term, shoot: Shoot) -> None:
    """Hostile comments, a long one, a revoked one; one key in full, and revoking it."""
    with desk.ctx.read():
        sue = person_key.staff(StaffMember.get(StaffMember.identity == made.admin.identity_id).id)
    lines = [a_key(comment) for comment in ("yubikey", "", "x" * 100, "hostile", "lost laptop")]
    for line in lines:
        desk.ssh_keys.bind(made.admin, sue, line)
    desk.ssh_keys.revoke(made.admin, print_of(lines[-1]))
    with desk.ctx.unit():
        SshKey.update(comment=HOSTILE[:100]).where(SshKey.comment == "hostile").execute()
        SshKey.update(used_at=desk.ctx.clock.now()).where(SshKey.comment == "yubikey").execute()
    term.key("esc").settle(0.4, 3)
    term.key("z").expect("lost laptop", 20)
    shoot("ssh-keys-many")
    term.key("down").key("enter").expect("Esc closes", 20)
    shoot("ssh-keys-details")
    close(term)
    term.key("x").expect("Revoke this key?", 20)
    shoot("ssh-keys-revoke")
    close(term)


def settings(term: Term, shoot: Shoot) -> None:
    """One's own."""
    term.key("f9").expect("What happened lately", 20)
    shoot("ssh-keys-settings")
    term.key("z").expect("My SSH keys", 20)
    shoot("ssh-keys-own")
    close(term, 2)


def over_ssh(stage: Stage, desk: Desk, made: MadeAgency, own: str) -> None:
    """The desk for whoever comes with the key, the form after signing out, and a key that opens nothing."""
    told = desk.ctx.settings.home / "sshauth"
    told.write_text(f"publickey {own.rpartition(' ')[0]}\n")
    told.chmod(0o600)
    stage.environment |= {"SSH_CONNECTION": _LINE, "SSH_USER_AUTH": str(told)}
    with stage.terminal() as (term, shoot):
        term.expect("Clients", 30).settle(0.5, 5)
        close(term)
        term.key("q").expect("Sign out?", 20).key("y").expect("with your SSH key", 20)
        shoot("ssh-keys-form")
        term.key("f7").expect("Clients", 30).settle(0.5, 4)
        close(term)
        term.key("ctrl+l").expect("This desk is locked", 20)
        shoot("ssh-keys-locked")
    desk.ssh_keys.revoke(made.admin, print_of(own))
    with stage.terminal() as (term, shoot):
        term.expect("does not sign you in", 30)
        shoot("ssh-keys-form-refused")
        fill(term, "sue@raystaging.example.com", PASSWORD.reveal())
        term.key("enter").expect("Clients", 30)
    del stage.environment["SSH_CONNECTION"], stage.environment["SSH_USER_AUTH"]
