"""The figures that ship: they hold their contracts, name their sources, and are what the raw files give."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
import yaml

from data import reference_tables
from data.canonical import violations
from data.store import Provenance
from data.units import REFERENCE, units

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
RAW = SHARED / "raw"
CENSUS = (RAW / "census2019_population_ward_urban_rural.xlsx", RAW / "census2019_age_district.xlsx")
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the raw files are not here")
LOADERS = {
    "population": reference_tables.population_2019,
    "population_age": reference_tables.population_age_2019,
    "facts": reference_tables.facts,
    "targets": reference_tables.targets,
    "pilots": reference_tables.pilots,
}


@pytest.mark.parametrize("table", LOADERS)
def test_a_table_holds_its_contract(table: str) -> None:
    frame, provenance = LOADERS[table]()
    assert violations(table, frame) == []
    assert len(frame)
    assert provenance.nature == ("real" if table.startswith("population") else "published")
    assert provenance.note is not None
    assert set(provenance.note) == {"vi", "en"}


def test_the_six_provinces_are_whole() -> None:
    frame, provenance = reference_tables.population_2019()
    assert len(frame) == 617
    assert frame["total"].sum() == 1_235_171 + 733_017 + 1_199_653 + 1_022_791 + 1_288_463 + 1_009_168
    assert provenance.date == "2019-04-01"
    ages, _ = reference_tables.population_age_2019()
    assert ages["total"].sum() == frame["total"].sum()


@needs_shared
def test_the_census_is_what_the_raw_files_give(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, file in zip(("population_2019", "population_age_2019"), CENSUS, strict=True):
        meta = yaml.safe_load((REFERENCE / f"{name}.meta.yml").read_text(encoding="utf-8"))
        assert meta["source_sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
    monkeypatch.setattr(reference_tables, "REFERENCE", tmp_path)
    reference_tables.write_census(*CENSUS)
    for name in ("population_2019.csv", "population_age_2019.csv"):
        assert (tmp_path / name).read_bytes() == (REFERENCE / name).read_bytes()


@needs_shared
@pytest.mark.parametrize(
    ("loader", "file", "names"),
    [
        (reference_tables.facts, "published_facts", {"frame": "geography"}),
        (reference_tables.targets, "targets", {"scope": "place"}),
    ],
)
def test_figures_are_those_of_the_project(
    loader: Callable[[], tuple[pd.DataFrame, Provenance]], file: str, names: dict[str, str]
) -> None:
    frame, _ = loader()
    with (SHARED / "facts" / f"{file}.csv").open(encoding="utf-8") as stream:
        wanted = [
            {names.get(name, name): value for name, value in row.items()} for row in csv.DictReader(stream)
        ]
    assert len(frame) == len(wanted)
    for (_, row), figure in zip(frame.iterrows(), wanted, strict=True):
        for name, value in figure.items():
            if name == "value":
                assert row[name] == float(value)
            elif name in ("date", "deadline"):
                assert (f"{row[name]:%Y-%m-%d}" if pd.notna(row[name]) else "") == value
            else:
                assert row[name] == value


def test_each_pilot_is_the_station_of_its_commune() -> None:
    frame, _ = reference_tables.pilots()
    communes = units()[(units()["geography"] == "legacy") & (units()["level"] == "commune")].set_index(
        "code"
    )["name"]
    names = frame["station"].str.removeprefix("TYT-").map(communes)
    assert names.tolist() == ["Phường Thường Thạnh", "Xã Thạnh Tiến", "Phường Thuận Hưng"]
    assert frame["opened"].eq(pd.Timestamp("2024-10-21")).all()
