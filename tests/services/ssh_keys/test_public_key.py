"""The line of an SSH public key: what is taken, and what each thing that people paste instead is told."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP384R1, SECP521R1

from services.rule_lines import Problem
from services.ssh_keys.fingerprint import as_typed, fingerprint_of
from services.ssh_keys.public_key import read_key
from tests.services.ssh_keys.keying import a_key, curve_point, ed25519_point, line_of, number, part, print_of

MODULUS = (1 << 3_071) | 1
ED = line_of("ssh-ed25519", part(ed25519_point()))
BLOB = ED.split()[1]

GOOD = {
    "ed25519": ED,
    "rsa": line_of("ssh-rsa", number(65_537), number(MODULUS)),
    "256": line_of("ecdsa-sha2-nistp256", part(b"nistp256"), part(curve_point())),
    "384": line_of("ecdsa-sha2-nistp384", part(b"nistp384"), part(curve_point(SECP384R1()))),
    "521": line_of("ecdsa-sha2-nistp521", part(b"nistp521"), part(curve_point(SECP521R1()))),
    "sk-ed25519": line_of("sk-ssh-ed25519@openssh.com", part(ed25519_point()), part(b"ssh:")),
    "sk-256": line_of("sk-ecdsa-sha2-nistp256@openssh.com", part(b"nistp256"), part(curve_point()), part(b"ssh:")),
}


@pytest.mark.parametrize("line", GOOD.values(), ids=GOOD)
def test_every_type_that_openssh_makes_is_taken(line: str) -> None:
    key = read_key(f"  {line}   Sue's laptop, Müller \r\n")
    kind, blob = line.split()
    assert (key.kind, key.blob, key.comment) == (kind, blob, "Sue's laptop, Müller")
    assert read_key(line).comment == ""


@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="ssh-keygen is not installed")
@pytest.mark.parametrize("kind", [("ed25519",), ("ecdsa", "-b", "384"), ("rsa", "-b", "3072")], ids=" ".join)
def test_a_key_of_ssh_keygen_has_the_fingerprint_that_ssh_keygen_shows(tmp_path: Path, kind: tuple[str, ...]) -> None:
    path = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-N", "", "-C", "sue@laptop", "-f", path, "-t", *kind], check=True)
    shown = subprocess.run(["ssh-keygen", "-l", "-f", path], check=True, capture_output=True, text=True).stdout
    key = read_key(path.with_suffix(".pub").read_text())
    assert (key.fingerprint, key.comment) == (shown.split()[1], "sue@laptop")
    with pytest.raises(Problem, match="private key"):
        read_key(path.read_text())


WRONG = {
    "nothing": (" \n", "no key yet"),
    "private, first line": ("-----BEGIN OPENSSH PRIVATE KEY-----", "private key: whoever has it can use it"),
    "private of PuTTY": ("PuTTY-User-Key-File-3: ssh-ed25519", "private key"),
    "other form": ("---- BEGIN SSH2 PUBLIC KEY ----", "in another form"),
    "PEM": ("-----BEGIN PUBLIC KEY-----", "in another form"),
    "several lines": (f"{ED}\n{ED}", "several lines"),
    "two lines by another sign": (f"{ED}\x85{ED}", "several lines"),
    "too long": (f"{ED} {'x' * 9_000}", "more than 8,000 signs"),
    "words": ("hello there", "no SSH public key"),
    "options": (f'command="id" {ED}', "in front of the key"),
    "options with blanks": (f'from="10.0.0.1",command="rm -rf /" {ED}', "in front of the key"),
    "certificate authority": (f"cert-authority {ED}", "in front of the key"),
    "no type": (BLOB, "type in front of the key is missing"),
    "DSA": ("ssh-dss AAAAB3NzaC1kc3M", "DSA keys"),
    "certificate": ("ssh-ed25519-cert-v01@openssh.com AAAA", "certificate"),
    "no blob": ("ssh-ed25519", "not whole"),
    "no base64": ("ssh-ed25519 $$$$", "not whole"),
    "beyond ASCII": ("ssh-ed25519 ÄÄÄÄ", "not whole"),
    "cut": (ED[:-8], "not whole"),
    "more behind": (line_of("ssh-ed25519", part(ed25519_point()), part(b"x")), "not whole"),
    "another type inside": (line_of("ssh-ed25519", part(ed25519_point()), inside="ssh-rsa"), "not whole"),
    "another curve inside": (
        line_of("ecdsa-sha2-nistp256", part(b"nistp384"), part(curve_point(SECP384R1()))),
        "not whole",
    ),
    "not on the curve": (line_of("ecdsa-sha2-nistp256", part(b"nistp256"), part(b"\4" + b"\1" * 64)), "not whole"),
    "lengths that lie": ("ssh-ed25519 /////w==", "not whole"),
    # "ssh:" ends in "o=", and the bits behind the "o" are nobody's.
    "stray bits": (GOOD["sk-ed25519"].removesuffix("o=") + "p=", "not whole"),
    "short RSA": (line_of("ssh-rsa", number(65_537), number((1 << 2_047) | 1)), "2,048 bits, and at least 3,072"),
    "huge RSA": (line_of("ssh-rsa", number(65_537), number((1 << 16_999) | 1)), "17,000 bits, and SSH takes 16,384"),
    "zeros before it": (
        line_of("ssh-rsa", number(65_537), part(b"\0" + MODULUS.to_bytes(385, "big"))),
        "not whole",
    ),
    "even exponent": (line_of("ssh-rsa", number(4), number(MODULUS)), "not whole"),
    "comment with ESC": (f"{ED} a\x1b]0;gone", "U\\+001B ESCAPE"),
    "comment with a turn": (f"{ED} \u202eevil", "RIGHT-TO-LEFT OVERRIDE"),
    "long comment": (f"{ED} {'x' * 101}", "Shorten it to 100"),
}


@pytest.mark.parametrize(("text", "told"), WRONG.values(), ids=WRONG)
def test_what_will_not_do_is_told_by_its_reason(text: str, told: str) -> None:
    with pytest.raises(Problem, match=told) as problem:
        read_key(text)
    assert problem.value.sentence.endswith(".")
    assert BLOB not in problem.value.sentence


def test_markup_in_a_comment_is_mere_text() -> None:
    assert read_key(a_key("[/x] [@click=app.quit]x[/]")).comment == "[/x] [@click=app.quit]x[/]"


def test_a_fingerprint_may_be_typed_with_or_without_what_stands_before_it() -> None:
    line = a_key()
    bare = print_of(line).removeprefix("SHA256:")
    assert as_typed(f" {bare} ") == as_typed(f"SHA256:{bare}") == print_of(line)


@pytest.mark.parametrize("blob", ["", "ä", "====", "A" * 7_000])
def test_what_is_no_blob_has_no_fingerprint(blob: str) -> None:
    assert fingerprint_of(blob) == ""
