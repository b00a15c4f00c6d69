"""Opening a desk: new, again, with the wrong keys, with the wrong tables."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from models import schema
from models.agency import Installation
from services.errors import Unavailable
from services.keys import KeysUnusable
from services.opening import NotOpened, open_desk, open_unchecked
from services.settings import Settings


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", database_url=database_url)


def test_a_new_desk_makes_home_keys_and_tables_that_are_its_owners_only(settings: Settings) -> None:
    desk = open_desk(settings)
    assert stat.S_IMODE(settings.home.stat().st_mode) == 0o700
    assert stat.S_IMODE(settings.keys_path.stat().st_mode) == 0o600
    with desk.ctx.read():
        assert Installation.get().key_check == desk.ctx.keys.check_value()


def test_opening_again_finds_the_same_keys(settings: Settings) -> None:
    first = open_desk(settings).ctx.keys.check_value()
    assert open_desk(settings).ctx.keys.check_value() == first


def test_keys_of_another_database_are_noticed(settings: Settings) -> None:
    open_desk(settings)
    settings.keys_path.unlink()
    with pytest.raises(NotOpened, match="another database"):
        open_desk(settings)


def test_keys_that_others_can_read_are_refused(settings: Settings) -> None:
    open_desk(settings)
    settings.keys_path.chmod(0o644)
    with pytest.raises(KeysUnusable, match="keys"):
        open_desk(settings)


def test_an_older_database_names_the_one_command(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    open_desk(settings)
    done = schema.expected()
    monkeypatch.setattr(schema, "expected", lambda: [*done, "9999_new"])
    with pytest.raises(NotOpened, match="trakdesk db upgrade"):
        open_desk(settings)


def test_a_newer_database_is_left_alone(settings: Settings) -> None:
    ctx = open_desk(settings).ctx
    with ctx.unit():
        ctx.database.execute_sql(
            f"INSERT INTO {schema.HISTORY} (name, applied) VALUES ('9999_later', '2030-01-01 00:00:00')"
        )
    with pytest.raises(NotOpened, match="newer Trakdesk"):
        open_desk(settings)


def test_a_database_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home", database_url=f"sqlite:///{tmp_path}/missing/x.sqlite3")
    with pytest.raises(NotOpened, match="missing"):
        open_desk(settings)


def test_a_url_that_is_none_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotOpened, match="mysql"):
        open_unchecked(Settings(home=tmp_path / "home", database_url="mysql://x/y"))


def test_a_server_that_is_away_is_told(tmp_path: Path) -> None:
    url = "postgresql://nobody@127.0.0.1:1/nothing?connect_timeout=1"
    with pytest.raises(Unavailable):
        open_desk(Settings(home=tmp_path / "home", database_url=url))


def test_a_home_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(NotOpened, match="--home"):
        open_desk(Settings(home=tmp_path / "file" / "home", database_url=f"sqlite:///{tmp_path}/x"))
