"""Keys are turned while desks run, and none goes that something needs; a lost one is told plainly."""

from __future__ import annotations

import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from models.identity import Credential
from models.security import SecondFactor
from models.states import FactorState
from services import key_rotation
from services.actor import Actor
from services.context import Context
from services.credentials import factor, sealing
from services.credentials.passwords import Passwords, Secret
from services.credentials.sealing import SealBroken
from services.desk import Desk
from services.doctor.examination import examine
from services.keys import Keys, KeysUnusable
from tests import making
from tests.making import HERE, PASSWORD, MadeAgency
from tests.services.auditing.conftest import AT_THE_MACHINE
from tests.services.signing_in import CODE

USER = "sue@raystaging.example.com"
TOTP_KEY = "JBSWY3DPEHPK3PXP"


@pytest.fixture
def here(ctx: Context, ray: MadeAgency) -> Context:
    """Sue has a password, and a second factor that she has not confirmed yet; the keys are those of the file."""
    ctx = replace(ctx, keys=Keys.load(ctx.settings.keys_path))
    with ctx.unit():
        whose = ray.admin.identity_id
        sealed = sealing.seal(ctx.keys, TOTP_KEY, factor.owner(whose or 0))
        SecondFactor.create(identity=whose, state=FactorState.PENDING, sealed=sealed, created_at=ctx.clock.now())
    return ctx


def secret_of(ctx: Context) -> str:
    with ctx.read():
        row = SecondFactor.get()
    return sealing.unseal(ctx.keys, row.sealed, factor.owner(row.identity_id))


def verifier(ctx: Context) -> str:
    with ctx.read():
        return str(Credential.get().verifier)


def sign_in(ctx: Context) -> Actor:
    return Desk(ctx).sign_in.sign_in(CODE, USER, PASSWORD, HERE)


def turn(ctx: Context, **wanted: bool) -> key_rotation.Rotated:
    return key_rotation.rotate(ctx, AT_THE_MACHINE, **({"pepper": True, "cipher": True} | wanted))


def test_new_keys_are_in_use_and_the_old_ones_stay(here: Context) -> None:
    before = Keys.load(here.settings.keys_path)
    told = turn(here)
    keys = Keys.load(here.settings.keys_path)
    assert (told.pepper, told.cipher, told.sealed, told.broken) == ("2", "2", 1, 0)
    assert (keys.current, keys.current_cipher) == ("2", "2")
    assert (keys.peppers["1"], keys.ciphers["1"]) == (before.peppers["1"], before.ciphers["1"])
    assert keys.check_value() == before.check_value()
    assert stat.S_IMODE(here.settings.keys_path.stat().st_mode) == 0o600


def test_the_old_file_is_kept_under_the_name_that_is_told(here: Context) -> None:
    before = here.settings.keys_path.read_bytes()
    first, second = turn(here), turn(here)
    assert first.kept != second.kept
    assert first.kept.read_bytes() == before
    assert stat.S_IMODE(first.kept.stat().st_mode) == 0o600
    assert Keys.load(second.kept).current == "2"


def test_a_desk_that_runs_reads_what_the_new_keys_made_and_goes_on_with_them(here: Context) -> None:
    elsewhere = replace(here, keys=Keys.load(here.settings.keys_path))
    turn(here)
    with here.read():
        assert SecondFactor.get().sealed.startswith("es1$2$")
    assert secret_of(elsewhere) == TOTP_KEY
    assert Passwords(elsewhere.keys, 4).hash(Secret("x")).startswith("dk1$2$")
    assert sealing.seal(elsewhere.keys, "x", "y").startswith("es1$2$")


def test_a_password_takes_the_new_pepper_at_the_next_sign_in(here: Context) -> None:
    assert verifier(here).startswith("dk1$1$")
    turn(here, cipher=False)
    sign_in(here)
    assert verifier(here).startswith("dk1$2$")
    sign_in(here)


def test_only_the_key_that_was_named_is_turned(here: Context) -> None:
    assert turn(here, cipher=False).cipher is None
    keys = Keys.load(here.settings.keys_path)
    assert (keys.current, keys.current_cipher, len(keys.ciphers)) == ("2", "1", 1)


def test_prepared_keys_wait_until_every_machine_has_them(here: Context) -> None:
    turn(here, prepare=True)
    keys = Keys.load(here.settings.keys_path)
    assert (keys.current, keys.current_cipher, set(keys.peppers)) == ("1", "1", {"1", "2"})
    waiting = keys.peppers["2"]
    assert key_rotation.retire(here, AT_THE_MACHINE).gone == ()
    turn(here)
    keys = Keys.load(here.settings.keys_path)
    assert (keys.current, keys.current_cipher, keys.peppers["2"]) == ("2", "2", waiting)
    assert set(keys.peppers) == {"1", "2"}


def test_a_key_goes_when_nothing_needs_it_and_not_before(here: Context) -> None:
    turn(here)
    told = key_rotation.retire(here, AT_THE_MACHINE)
    assert (told.gone, told.needed) == (("cipher 1",), ("pepper 1: 1 password",))
    assert told.kept is not None
    sign_in(here)
    assert key_rotation.retire(here, AT_THE_MACHINE).gone == ("pepper 1",)
    keys = Keys.load(here.settings.keys_path)
    assert (set(keys.peppers), set(keys.ciphers)) == ({"2"}, {"2"})
    sign_in(here)
    assert secret_of(here) == TOTP_KEY
    assert key_rotation.retire(here, AT_THE_MACHINE) == key_rotation.Retired((), (), None)


def test_a_secret_that_changes_meanwhile_is_left_to_whoever_changes_it(
    here: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    unseal = sealing.unseal

    def slow(keys: Keys, sealed: str, owner: str) -> str:
        text = unseal(keys, sealed, owner)
        with here.unit():
            SecondFactor.update(sealed="changed meanwhile").execute()
        return text

    monkeypatch.setattr(sealing, "unseal", slow)
    assert turn(here).sealed == 0
    with here.read():
        assert SecondFactor.get().sealed == "changed meanwhile"


def test_a_secret_that_nothing_opens_is_counted_and_left(here: Context) -> None:
    with here.unit():
        SecondFactor.update(sealed="es1$9$AAAA").execute()
    told = turn(here)
    assert (told.sealed, told.broken) == (0, 1)


def test_both_are_written_down_without_any_key(here: Context) -> None:
    turn(here)
    key_rotation.retire(here, AT_THE_MACHINE)
    rotated, retired = making.entries(here)[-2:]
    assert (rotated.action, retired.action) == ("keys_rotated", "keys_retired")
    keys = Keys.load(here.settings.keys_path)
    for entry in (rotated, retired):
        assert not any(key.hex()[:16] in entry.details for key in (*keys.peppers.values(), *keys.ciphers.values()))


def test_a_folder_that_cannot_be_written_changes_nothing(here: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    before = here.settings.keys_path.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(KeysUnusable, match="cannot be replaced: No space left"):
        turn(here)
    assert here.settings.keys_path.read_bytes() == before


@pytest.mark.parametrize("how", ["gone", "damaged", "open to others", "of another database"])
def test_a_desk_that_runs_goes_on_while_its_key_file_is_not_as_it_should_be(here: Context, how: str) -> None:
    path = here.settings.keys_path
    match how:
        case "gone":
            path.unlink()
        case "damaged":
            path.write_text("half a fi")
        case "open to others":
            path.chmod(0o644)
        case "of another database":
            path.unlink()
            Keys.create(path)
    sign_in(here)
    assert secret_of(here) == TOTP_KEY


def lost(ctx: Context, **rings: object) -> Context:
    """The same desk after somebody lost keys, and gave it others."""
    return replace(ctx, keys=replace(ctx.keys, **rings))  # type: ignore[arg-type]


def test_without_its_pepper_a_password_is_wrong_and_a_reset_helps(here: Context, ray: MadeAgency) -> None:
    without = lost(here, peppers={"2": os.urandom(32)}, current="2")
    with pytest.raises(Exception, match="do not belong together"):
        sign_in(without)
    with without.unit():
        fresh = Passwords(without.keys, 4).hash(PASSWORD)
        Credential.update(verifier=fresh).execute()
    without.clock.advance(minutes=5)  # type: ignore[attr-defined]
    sign_in(without)


def test_without_its_cipher_a_second_factor_says_so_in_a_sentence(here: Context) -> None:
    with pytest.raises(SealBroken, match="trakdesk doctor"):
        secret_of(lost(here, ciphers={"2": os.urandom(32)}, current_cipher="2"))


def test_the_doctor_names_what_no_key_opens(here: Context) -> None:
    keys = Keys.load(here.settings.keys_path)
    grown = replace(keys, peppers={"7": os.urandom(32)}, current="7", ciphers={"7": os.urandom(32)}, current_cipher="7")
    here.settings.keys_path.write_text(grown.text())
    told = {finding.part: finding for finding in examine(here.settings)}["keys in use"]
    assert (told.well, told.words) == (
        False,
        "no key opens 1 password of pepper 1, 1 second factor of cipher 1",
    )
