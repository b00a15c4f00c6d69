"""The page and its files."""

from __future__ import annotations

import gzip
import re

from tui.portal.files import read_files, read_index

FILES = read_files()
INDEX = read_index(FILES).octets.decode()


def test_whatever_the_page_names_is_served() -> None:
    named = re.findall(r'(?:src|href|data-script)="(?!data:)([^"]+)"', INDEX)
    assert len(named) > 5
    for name in named:
        path = name.removeprefix("./").partition("?")[0]
        assert path.removeprefix("static/") in FILES, name


def test_addresses_name_the_version_of_what_they_serve() -> None:
    assert f"static/textual.js?v={FILES['textual.js'].tag}" in INDEX


def test_nothing_that_is_loaded_stands_on_another_host() -> None:
    assert not re.search(r'(?:src|href|action)="(?:https?:)?//', INDEX)
    for name, file in FILES.items():
        if name.endswith(".css"):
            assert not re.search(rb"url\(['\"]?(?:https?:)?//", file.octets), name


def test_the_page_has_no_script_and_no_style_of_its_own() -> None:
    assert not re.search(r"<script(?![^>]*\bsrc=)", INDEX)
    assert "<style" not in INDEX
    assert not re.search(r"\son\w+=", INDEX)
    assert not re.search(r"\sstyle=", INDEX)


def test_the_only_script_that_the_page_names_needs_no_other_to_say_that_one_is_missing() -> None:
    assert re.findall(r'<script [^>]*src="static/([\w.]+)', INDEX) == ["opening.js"]
    assert not re.search(rb"^\s*(?:import|export)\b(?!\()", FILES["opening.js"].octets, flags=re.M)


def test_what_the_page_is_made_of_is_loaded_at_once() -> None:
    modules = {name for name, file in FILES.items() if re.search(rb"^(?:import|export) ", file.octets, flags=re.M)}
    ours = {name for name in modules if name.endswith(".js") and name != "textual.js"}
    assert set(re.findall(r'rel="modulepreload" href="\./static/([\w.]+)"', INDEX)) == ours


def test_nothing_but_files_of_a_page_is_served() -> None:
    kinds = {name.rpartition(".")[2] for name in FILES}
    assert kinds <= {"js", "css", "svg", "png", "woff2", "txt", "webmanifest", "ico"}, kinds


def test_what_is_packed_is_the_same() -> None:
    packed = [file for file in FILES.values() if file.packed]
    assert FILES["textual.js"] in packed
    assert all(gzip.decompress(file.packed) == file.octets for file in packed)
