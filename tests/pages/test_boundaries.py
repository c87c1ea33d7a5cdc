"""The data page's boundaries: where borders come from, an import at work, and a refused file that changes nothing."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from answers import kept as cache
from answers.words import catalogue
from tests.geo.boundary_files import communes, saved
from ui.shell import ROOT


def came_from(address: str | None, monkeypatch) -> None:
    monkeypatch.setattr("streamlit.runtime.context.ContextProxy.ip_address", property(lambda _: address))


@pytest.fixture
def at(demo, tmp_path, monkeypatch):
    """Open the data page on its boundaries, with an empty folder of imported ones."""
    monkeypatch.setenv("ATLAS_BOUNDARIES", str(tmp_path / "imported"))
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    at.query_params["lang"] = "en"
    at.session_state["data.tabs"] = catalogue("en")["data.tab.boundaries"]
    came_from(None, monkeypatch)
    at.run()
    return at.switch_page("pages/data/page.py").run()


def shown(at) -> str:
    return "\n".join(element.proto.body for element in at.get("html"))


def test_without_an_import_both_geographies_are_simplified(at):
    assert not at.exception
    assert not at.error
    assert shown(at).count("Simplified, drawn from commune coordinates") == 2


def test_a_good_file_is_imported_and_counted(at, tmp_path):
    path = saved(communes("current", "92"), tmp_path / "can-tho.gpkg")
    at.file_uploader[0].upload(path.name, path.read_bytes(), "application/octet-stream").run()
    at.button(key="boundaries.go").click().run()
    assert not at.exception
    assert [one.value for one in at.success] == [
        "Imported: 103 of 103 communes drawn. Maps use the new boundaries now."
    ]
    assert (cache.boundaries_dir() / "current.parquet").is_file()
    at.run()
    assert "can-tho.gpkg" in shown(at)


def test_a_bad_file_is_refused_with_its_reason_and_nothing_changes(at):
    at.file_uploader[0].upload("cut.zip", b"PK\x03\x04 cut short", "application/zip").run()
    at.button(key="boundaries.go").click().run()
    assert not at.exception
    assert "zip" in at.error[0].value
    assert not cache.boundaries_dir().exists() or not list(cache.boundaries_dir().glob("*.parquet"))


def test_a_visitor_from_elsewhere_cannot_replace_everybodys_borders(at, monkeypatch):
    monkeypatch.setattr(
        "streamlit.runtime.context.ContextProxy.ip_address", property(lambda _: "203.0.113.7")
    )
    at.run()
    assert not at.exception
    assert not at.get("file_uploader")
    assert any("python -m geo import" in info.value for info in at.info)
    monkeypatch.setattr("streamlit.user_info.UserInfoProxy.get", lambda *_: True)
    at.run()
    assert len(at.get("file_uploader")) == 1
