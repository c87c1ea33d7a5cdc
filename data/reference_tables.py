"""The figures that ship with the atlas, each as its table's contract wants it, with where it comes from.

They stand in ``data/reference`` as CSV with a ``.meta.yml`` beside each. The two census tables are derived from
the statistics office's exports; to derive them anew::

    python -m data.reference_tables census2019_population_ward_urban_rural.xlsx census2019_age_district.xlsx
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

import pandas as pd
import yaml

from data import cleaning
from data.canonical import dtypes
from data.manifest import Provenance
from data.readers import gso_age, gso_census
from data.readers.excel import open_workbook
from data.units import REFERENCE, units

# Cần Thơ, Hậu Giang, Sóc Trăng; Vĩnh Long, Bến Tre, Trà Vinh
PROVINCES: Final = ("92", "93", "94", "86", "83", "84")
_Table = tuple[pd.DataFrame, Provenance]


def population_2019() -> _Table:
    """Return the census of 1 April 2019 by commune of 30 June 2025, six provinces (table ``population``)."""
    return _load("population_2019", "population", geography="legacy", year=gso_census.YEAR)


def population_age_2019() -> _Table:
    """Return the census of 1 April 2019 by district and age, six provinces (table ``population_age``)."""
    return _load("population_age_2019", "population_age", geography="legacy", year=gso_census.YEAR)


def facts() -> _Table:
    """Return the published figures (table ``facts``), the source of each beside it."""
    return _load("published_facts", "facts")


def targets() -> _Table:
    """Return the dated commitments (table ``targets``), the source of each beside it."""
    return _load("targets", "targets")


def pilots() -> _Table:
    """Return the three named family-doctor clinics (table ``pilots``)."""
    return _load("pilots", "pilots")


def published() -> dict[str, _Table]:
    """Return what is known of every province without its own data, by table: census, figures, commitments."""
    return {
        "population": population_2019(),
        "population_age": population_age_2019(),
        "facts": facts(),
        "targets": targets(),
    }


def provenance(name: str) -> Provenance:
    """Return where a table of ``data/reference`` comes from, as its ``.meta.yml`` says."""
    meta = yaml.safe_load((REFERENCE / f"{name}.meta.yml").read_text(encoding="utf-8"))
    known = {field: meta[field] for field in Provenance.model_fields if field in meta}
    sources = {"file": meta.get("source_file"), "sha256": meta.get("source_sha256")}
    return Provenance.model_validate({**sources, **known, "date": str(meta["date"])})


def _load(name: str, table: str, **fixed: str | int) -> _Table:
    """Read a reference table; what it does not hold and is not fixed is missing."""
    frame = pd.read_csv(REFERENCE / f"{name}.csv", dtype="str", keep_default_na=False, na_values=[""])
    frame = frame.assign(**fixed).reindex(columns=list(dtypes(table)))
    return frame.astype(dtypes(table)), provenance(name)


def write_census(population: Path, age: Path) -> None:
    """Derive the two census tables of the six provinces from the statistics office's exports."""
    legacy = units().loc[units()["geography"] == "legacy"].set_index(["level", "code"])["parent"]
    by_commune, _ = cleaning.population(gso_census.read(open_workbook(population), file=population.name))
    by_age, _ = cleaning.population_age(gso_age.read(open_workbook(age), file=age.name))
    province = by_commune["commune"].map(legacy["commune"]).map(legacy["district"])
    _write("population_2019", by_commune[province.isin(PROVINCES)], ["commune", "total", "urban", "rural"])
    province = by_age["district"].map(legacy["district"])
    columns = ["district", "age_group", "total", "urban", "rural"]
    _write("population_age_2019", by_age[province.isin(PROVINCES)], columns)


def _write(name: str, frame: pd.DataFrame, columns: list[str]) -> None:
    frame[columns].to_csv(REFERENCE / f"{name}.csv", index=False, lineterminator="\n")


if __name__ == "__main__":
    write_census(Path(sys.argv[1]), Path(sys.argv[2]))
