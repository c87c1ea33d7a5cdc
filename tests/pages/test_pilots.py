"""The clinics' page on data that cannot carry a verdict: every tab and method opens and says why."""

from __future__ import annotations

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from answers.words import catalogue
from data.store import Provenance, open_store
from ui.shell import ROOT

THREE = ["TYT-31198", "TYT-31228", "TYT-31241"]
PROVENANCE = Provenance(title="x", producer="x", date="2026", licence="x", nature="illustrative")
METHODS = ("before_after", "differences", "synthetic", "series", "several")


@pytest.fixture(scope="module")
def bad_store(demo_store, tmp_path_factory):
    """Nothing to judge: a clinic from before the data, one without a report since, one not open yet."""
    snapshot = open_store(demo_store).current()
    days = pd.to_datetime(["2022-01-05", "2024-10-21", "2026-03-01"]).astype("datetime64[us]")
    register = pd.DataFrame({"station": THREE, "opened": days, "model": "family_doctor_clinic"})
    reports = snapshot.frame("activity_monthly")
    reports = reports[reports["activity"].isin(["visits", "referrals"])].reset_index(drop=True)
    silent = reports["station"].eq(THREE[1]) & reports["month"].gt("2024-10")
    reports["quantity"] = reports["quantity"].mask(silent).mask(reports["activity"].eq("referrals"), 0.0)
    tables = {name: (snapshot.frame(name), table.provenance) for name, table in snapshot.tables.items()}
    tables["pilots"] = register.astype({"station": "str", "model": "str"}), PROVENANCE
    tables["activity_monthly"] = reports, PROVENANCE
    folder = tmp_path_factory.mktemp("bad") / "store"
    open_store(folder).write(tables, message="x")
    return folder


def opened(lang: str, tab: str, method: str = "differences") -> AppTest:
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=90)
    for key, value in {"province": "92", "geography": "legacy", "lang": lang}.items():
        at.query_params[key] = value
    at.run()
    at.session_state["pilots.tabs"] = catalogue(lang)[f"pilots.tab.{tab}"]
    at.session_state["pilots.method"] = method
    at.switch_page("pages/pilots/page.py").run()
    assert not at.exception
    assert not at.error, [error.value for error in at.error]
    return at


def said(at: AppTest) -> str:
    return "\n".join([element.proto.body for element in at.get("html")] + [one.value for one in at.info])


@pytest.mark.parametrize("method", METHODS)
def test_every_method_says_why_it_shows_nothing(bad_store, monkeypatch, method):
    monkeypatch.setenv("ATLAS_STORE", str(bad_store))
    text = said(opened("vi", "evidence", method))
    reason = {"series": "Chuỗi quá ngắn", "several": "Chưa thể kết luận"}.get(
        method, "mở trước khi có số liệu"
    )
    assert reason in text
    assert "nan" not in text


@pytest.mark.parametrize(
    ("tab", "told"),
    [("verdicts", "opened before the data begin"), ("cost", "No indicator has an estimated effect")],
)
def test_verdicts_and_cost_say_why(bad_store, monkeypatch, tab, told):
    monkeypatch.setenv("ATLAS_STORE", str(bad_store))
    assert told in said(opened("en", tab))
