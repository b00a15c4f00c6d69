"""The secrets that live outside the database, in a file that only its owner can read."""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
import stat
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from services import private_files
from services.errors import DeskError

_LENGTH = 32
_ID = re.compile(r"[a-z0-9]{1,8}")
_HEX = re.compile(rf"[0-9a-f]{{{2 * _LENGTH}}}")
_SINGLE = ("mail", "lookup", "audit")
_LARGEST = 65_536
_CHECK_LABEL = b"desk/keys/check/v1\0"
_RESTORE = "Put the copy back that was kept with the backups"

_HEADER = """\
# Trakdesk key file. Secret: show it to nobody, and keep a copy apart from the database and its backups.
# Without it no password of its database can be checked, and everybody needs a reset.
"""


class KeysUnusable(DeskError):
    """The key file cannot be made or read; the sentence names the remedy."""


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Keys:
    """All secrets of a desk; each is 32 bytes.

    Attributes:
        peppers: the keys of the password hashes by their id; an old one stays until its last hash is gone.
        current: the id of the pepper that new hashes use.
        ciphers: the keys that lock secrets which must be readable again, by their id.
        current_cipher: the id of the one that locks new secrets.
        mail: derives the links and codes that stand in mails.
        lookup: turns addresses and codes into what the database keeps of them.
        audit: seals the audit trail.

    Those of a file turn while desks run: whoever hashes or seals asks `now` for the rings.
    """

    peppers: Mapping[str, bytes]
    current: str
    ciphers: Mapping[str, bytes]
    current_cipher: str
    mail: bytes
    lookup: bytes
    audit: bytes
    _file: _KeyFile | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        if self.current not in self.peppers or self.current_cipher not in self.ciphers:
            raise ValueError("the current key is not in its ring")
        for name in (*self.peppers, *self.ciphers):
            if not _ID.fullmatch(name):
                raise ValueError("the id of a key is one to eight lower-case letters or digits")
        rings = (*self.peppers.values(), *self.ciphers.values())
        for value in (*rings, *(getattr(self, name) for name in _SINGLE)):
            if len(value) != _LENGTH:
                raise ValueError(f"a key has {_LENGTH} bytes")

    def __repr__(self) -> str:
        return f"Keys(ids={sorted(self.peppers)}, ciphers={sorted(self.ciphers)})"

    @classmethod
    def generate(cls) -> Keys:
        """New random keys, kept nowhere yet."""
        fresh = {name: secrets.token_bytes(_LENGTH) for name in _SINGLE}
        peppers, ciphers = ({"1": secrets.token_bytes(_LENGTH)} for _ in range(2))
        return cls(peppers=peppers, current="1", ciphers=ciphers, current_cipher="1", **fresh)

    @classmethod
    def create(cls, path: Path) -> Keys:
        """Make new keys and the file that holds them; never overwrites one. Raises KeysUnusable."""
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            private_files.write_once(path, cls.generate().text())
        except FileExistsError as error:
            raise KeysUnusable(
                f"There is already a key file at {path}, and its database needs it. "
                "Use it, or move it away together with its database."
            ) from error
        except OSError as error:
            raise KeysUnusable(
                f"The key file {path} cannot be written: {error.strerror}. "
                "Make the folder writable, or choose another home folder."
            ) from error
        return cls.load(path)

    @classmethod
    def load(cls, path: Path, *, looking: bool = False) -> Keys:
        """Read the keys. Raises KeysUnusable if the file is missing, open to others or damaged.

        Args:
            looking: nothing will be changed with them; see `private_files.why_not_ours`.
        """
        try:
            data = private_files.read(path, partial(_refuse_open_doors, looking), _LARGEST)
        except FileNotFoundError as error:
            raise KeysUnusable(
                f"The key file {path} is missing. {_RESTORE}, or run `trakdesk init` for a new desk."
            ) from error
        except OSError as error:
            raise KeysUnusable(
                f"The key file {path} cannot be read: {error.strerror}. Start the desk as its owner."
            ) from error
        keys = _parse(data)
        if keys is None:
            raise KeysUnusable(f"The key file {path} is damaged. {_RESTORE}.")
        # Keys are frozen for everybody else; what `replace` makes of them is of no file.
        object.__setattr__(keys, "_file", _KeyFile(path, _look(path), keys))
        return keys

    def now(self) -> Keys:
        """These keys with the rings that the file holds now; what was read last, if it cannot be read."""
        return self if self._file is None else self._file.now()

    def with_new(self, *, pepper: bool, cipher: bool, use: bool) -> Keys:
        """The same with new keys in the rings; one that was put there for later is taken into use first.

        Args:
            use: whether new hashes and secrets use it, or it only waits until every machine has it.
        """
        grown = self
        if pepper:
            peppers, newest = _grown(self.peppers, self.current)
            grown = replace(grown, peppers=peppers, current=newest if use else self.current)
        if cipher:
            ciphers, newest = _grown(self.ciphers, self.current_cipher)
            grown = replace(grown, ciphers=ciphers, current_cipher=newest if use else self.current_cipher)
        return grown

    def check_value(self) -> str:
        """16 signs that tell these keys from others and say nothing about them; kept in the database.

        The rings are left out, so that turning them does not part the file from its database.
        """
        seal = hmac.new(self.lookup, _CHECK_LABEL + self.mail + self.audit, hashlib.sha256)
        return seal.hexdigest()[:16]

    def text(self) -> str:
        """What the file holds."""
        lines = [_HEADER + "version = 1"]
        lines += [f'current_pepper = "{self.current}"', f'current_cipher = "{self.current_cipher}"']
        lines += [f'{name} = "{getattr(self, name).hex()}"' for name in _SINGLE]
        for title, ring in (("peppers", self.peppers), ("ciphers", self.ciphers)):
            lines += ["", f"[{title}]", *(f'{name} = "{value.hex()}"' for name, value in ring.items())]
        return "\n".join(lines) + "\n"


class _KeyFile:
    """Looks whether a key file has changed, and reads it again only then."""

    def __init__(self, path: Path, seen: tuple[int, ...], keys: Keys) -> None:
        self._path = path
        self._seen = seen
        self._keys = keys

    def now(self) -> Keys:
        """What it holds now; the last that it held while it is away, damaged, or of another database."""
        with suppress(OSError):
            seen = _look(self._path)
            if seen != self._seen:
                with suppress(KeysUnusable):
                    keys = Keys.load(self._path)
                    if keys.check_value() == self._keys.check_value():
                        self._keys = keys
                self._seen = seen
        return self._keys


def _look(path: Path) -> tuple[int, ...]:
    found = path.stat()
    return found.st_ino, found.st_mtime_ns, found.st_size


def _grown(ring: Mapping[str, bytes], current: str) -> tuple[dict[str, bytes], str]:
    """The ring with a key that is newer than the current one, and its id."""
    numbers = [int(name) for name in ring if name.isdigit()]
    newest = str(max(numbers, default=0))
    if newest in ring and newest != current and current.isdigit() and int(newest) > int(current):
        return dict(ring), newest
    newest = str(max(numbers, default=0) + 1)
    return {**ring, newest: secrets.token_bytes(_LENGTH)}, newest


def replace_file(path: Path, keys: Keys, kept: Path) -> None:
    """Put another file in its place in one step, and keep the old one under another name. Raises KeysUnusable.

    A crash leaves either of them whole.
    """
    try:
        kept.hardlink_to(path)
        draft = private_files.draft(path, keys.text())
        draft.replace(path)
        private_files.sync_folder(path)
    except OSError as error:
        raise KeysUnusable(
            f"The key file {path} cannot be replaced: {error.strerror}. Nothing was changed; make its folder writable."
        ) from error


def _refuse_open_doors(looking: bool, path: Path, found: os.stat_result) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise KeysUnusable(f"{path} is no file. {_RESTORE}.")
    if foreign := private_files.why_not_ours(f"The key file {path}", path, found, path.parent, looking=looking):
        raise KeysUnusable(foreign)
    if found.st_mode & 0o077:
        raise KeysUnusable(
            f"Others on this machine can read the key file {path}. Run `chmod 600 {path}`, then start again."
        )


def _parse(data: bytes) -> Keys | None:
    """None for anything but a whole key file: an error of the parser could quote a secret."""
    if len(data) == _LARGEST:
        return None
    try:
        told = tomllib.loads(data.decode("ascii"))
        if told.pop("version") != 1:
            return None
        peppers, ciphers = (_ring(told.pop(title)) for title in ("peppers", "ciphers"))
        current, current_cipher = told.pop("current_pepper"), told.pop("current_cipher")
        if set(told) != set(_SINGLE) or not (isinstance(current, str) and isinstance(current_cipher, str)):
            return None
        return Keys(
            peppers=peppers,
            current=current,
            ciphers=ciphers,
            current_cipher=current_cipher,
            **{name: _secret(told[name]) for name in _SINGLE},
        )
    except (ValueError, KeyError, AttributeError):
        return None


def _ring(told: Mapping[str, object]) -> dict[str, bytes]:
    return {name: _secret(value) for name, value in told.items()}


def _secret(value: object) -> bytes:
    if not isinstance(value, str) or not _HEX.fullmatch(value):
        raise ValueError("not a key")
    return bytes.fromhex(value)
