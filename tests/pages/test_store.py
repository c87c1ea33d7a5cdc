"""A store that cannot be read: every page says why, in the visitor's language, and none fails."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from data.folder_store import FolderStore
from data.manifest import StoreError
from data.store import open_store
from tests.data.samples import PROVENANCE, sample
from ui.shell import PAGES, ROOT


def opened(lang: str) -> AppTest:
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    at.query_params["lang"] = lang
    return at.run()


@pytest.mark.parametrize(
    ("lang", "said"), [("vi", "không kết nối được cơ sở dữ liệu"), ("en", "cannot be reached")]
)
def test_a_database_that_is_not_reached_is_said(
    monkeypatch: pytest.MonkeyPatch, lang: str, said: str
) -> None:
    pytest.importorskip("psycopg", exc_type=ImportError)
    monkeypatch.setenv("ATLAS_STORE", "postgresql://atlas:secret@127.0.0.1:1/atlas")
    at = opened(lang)
    assert not at.exception
    assert [said in error.value for error in at.error] == [True]
    assert "secret" not in at.error[0].value


@pytest.mark.parametrize(("lang", "said"), [("vi", "kho dữ liệu bị hỏng"), ("en", "the store is damaged")])
def test_a_damaged_pointer_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lang: str, said: str
) -> None:
    store = open_store(tmp_path / "store")
    store.write({"stations": (sample("stations"), PROVENANCE)}, message="m")
    (tmp_path / "store" / "CURRENT").write_bytes(b"\xff\x00")
    monkeypatch.setenv("ATLAS_STORE", str(tmp_path / "store"))
    at = opened(lang)
    assert not at.exception
    assert [said in error.value for error in at.error] == [True]
    (tmp_path / "store" / "CURRENT").unlink()
    at.button[0].click().run()
    assert not at.exception
    assert not at.error


@pytest.mark.parametrize("name", PAGES)
def test_a_store_lost_while_a_page_is_open_is_said(
    demo: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    at = opened("en")
    assert not at.exception

    def lost(*_: object) -> None:
        raise StoreError("unreachable", "postgresql://somewhere/atlas")

    monkeypatch.setattr(FolderStore, "current", lost)
    at.switch_page(f"pages/{name}/page.py").run()
    assert not at.exception
    assert ["postgresql://somewhere/atlas" in error.value for error in at.error] == [True]


def test_a_part_whose_data_are_lost_says_what_is_lost() -> None:
    def script() -> None:
        from data.manifest import StoreError
        from ui import page

        with page.boundary("a part"):
            raise StoreError("damaged", "population: objects/12ab.parquet")

    at = AppTest.from_function(script).run()
    assert not at.exception
    assert "12ab.parquet" in at.error[0].value
