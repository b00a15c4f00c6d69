"""The scenes, one file each; a file is imported when the list is asked for."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.demo.scene import Scene

_FILES = (
    "first_login",
    "wrong_address",
    "forgot_password",
    "lost_phone",
    "old_account",
    "caller",
    "kiosk_and_desk",
)


@cache
def scenes() -> tuple[Scene, ...]:
    """All of them, in the order of the menu."""
    return tuple(import_module(f"{__name__}.{file}").SCENE for file in _FILES)


def named(name: str) -> Scene | None:
    """The scene of this name in whatever case, or with this key; None if there is none."""
    wanted = " ".join(name.casefold().split())
    return next((scene for scene in scenes() if wanted in (scene.name.casefold(), scene.key)), None)
