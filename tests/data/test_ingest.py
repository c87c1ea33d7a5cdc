"""Taking files in: what lands in the snapshot, and that a refusal leaves the store as it was."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from data.ingest import ingest
from data.manifest import Provenance
from data.problems import Refused
from data.reference_tables import published
from data.store import Snapshot, Store, open_store
from tests.data.bad import (
    Sheets,
    bomb,
    census,
    encrypted,
    province,
    small_census,
    spoiled,
    with_error_cell,
    write,
)
from tests.data.samples import PROVENANCE

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
FILE = SHARED / "raw" / "census2019_population_ward_urban_rural.xlsx"
REAL = Provenance(title="a", producer="b", date="2024", licence="c", nature="real")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(tmp_path / "store")


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("held")
    ingest([write(folder / "first.xlsx", province())], store=open_store(folder / "store"))
    return folder / "store"


@pytest.fixture
def loaded(held: Path, tmp_path: Path) -> Store:
    """Return a store that already holds a province's workbook."""
    shutil.copytree(held, tmp_path / "store")
    return open_store(tmp_path / "store")


def digest(store: Store) -> str:
    """Return one hash over every file of the store and its name."""
    files = sorted(
        path for path in Path(store.location).rglob("*") if path.is_file() and path.suffix != ".lock"
    )
    content = [str(path).encode() + path.read_bytes() for path in files]
    return hashlib.sha256(b"".join(content)).hexdigest()


def now(store: Store) -> Snapshot:
    current = store.current()
    assert current is not None
    return current


def take(store: Store, tmp_path: Path, sheets: Sheets, name: str = "second.xlsx") -> Snapshot:
    ingest([write(tmp_path / name, sheets)], store=store)
    return now(store)


def test_a_workbook_becomes_real_tables(loaded: Store) -> None:
    snapshot = now(loaded)
    assert set(snapshot.tables) == {
        "units",
        "crosswalk",
        "stations",
        "staffing",
        "insurance",
        "criteria_scores",
        *published(),
    }
    assert {snapshot.nature(name) for name in snapshot.tables} == {"real", "published"}
    assert snapshot.nature("staffing") == "real"
    provenance = snapshot.tables["staffing"].provenance
    assert provenance.file == "first.xlsx"
    assert snapshot.frame("staffing")["headcount"].tolist() == [1, 2, 3]


def test_a_small_census_becomes_population_and_rejected_rows(store: Store, tmp_path: Path) -> None:
    report = ingest([write(tmp_path / "c.xlsx", census(small_census()))], store=store)
    snapshot = now(store)
    people = snapshot.frame("population").set_index("commune")
    assert people["total"].to_dict() == {
        "31117": 70,  # Cái Khế
        "31135": 150,  # Tân An took An Hội in
        "31178": 30,  # Bình Thuỷ is Bình Thủy
        "31366": 13,
        "31369": 60,  # Đông Thạnh, written Đông Thanh, took the main part of Phú An
    }
    assert people.loc["31366", ["urban", "rural"]].tolist() == [11, 2]
    rejected = snapshot.frame("rejected_rows")
    assert rejected[["table", "reason", "people"]].to_numpy().tolist() == [["population", "unknown_unit", 7]]
    assert rejected["content"].tolist() == ["Thành phố Cần Thơ | Quận Bình Thuỷ | Phường Không Có"]
    text = report.text("vi")
    assert "330; đã đặt vào đơn vị hành chính ngày 30/6/2025: 323 (97,879%)" in text
    assert "Phường Không Có, Quận Bình Thuỷ, Thành phố Cần Thơ, 7 người" in text
    assert "Xã Phú An, Huyện Châu Thành, Tỉnh Hậu Giang, 40 người (→ 31369 Xã Đông Thạnh)" in text
    assert "323 (97.879%)" in report.text("en")
    assert f"{snapshot.id} written" in report.text("en")


def test_nobody_is_lost_between_file_and_snapshot(store: Store, tmp_path: Path) -> None:
    ingest([write(tmp_path / "c.xlsx", census(small_census()))], store=store)
    placed = now(store).frame("population")["total"].sum()
    lost = now(store).frame("rejected_rows")["people"].sum()
    everyone = sum(sum(part) for d in small_census().values() for c in d.values() for part in c.values())
    assert placed + lost == everyone


@pytest.mark.parametrize("replace", [False, True])
def test_a_second_census_goes_over_the_first_and_its_rejected_rows(
    store: Store, tmp_path: Path, replace: bool
) -> None:
    ingest([write(tmp_path / "c.xlsx", census(small_census()))], store=store)
    tree = small_census()
    tree["Thành phố Cần Thơ"] = {"Quận Ninh Kiều": {"Phường Cái Khế": (71, 0), "Phường Lạ": (1, 0)}}
    del tree["Tỉnh Hậu Giang"]
    ingest([write(tmp_path / "c.xlsx", census(tree))], store=store, replace=replace)
    people = now(store).frame("population").set_index("commune")["total"]
    kept = {} if replace else {"31135": 150, "31178": 30}
    assert people.to_dict() == {"31117": 71, "31366": 13, "31369": 60, **kept}
    assert now(store).frame("rejected_rows")["people"].tolist() == [1]
    note = now(store).tables["population"].provenance.note
    assert note is not None
    assert "c.xlsx" in note["vi"]


def test_the_same_census_under_another_name_rejects_nobody_twice(store: Store, tmp_path: Path) -> None:
    for name in ("c.xlsx", "c (1).xlsx"):
        take(store, tmp_path, census(small_census()), name)
    assert now(store).frame("rejected_rows")["people"].tolist() == [7]


STAFFING = ["station", "year", "cadre", "headcount", "permanent"]


def test_only_the_rows_a_file_names_change(loaded: Store, tmp_path: Path) -> None:
    report = ingest(
        [write(tmp_path / "one.xlsx", {"staffing": [STAFFING, ["TYT-31241", 2024, "doctor", 4, 4]]})],
        store=loaded,
    )
    frame = now(loaded).frame("staffing")
    rows = frame.set_index(["station", "cadre"])["headcount"].to_dict()
    assert rows == {("TYT-31241", "doctor"): 4, ("TYT-31241", "nurse"): 3, ("TYT-31198", "doctor"): 1}
    change = report.changes["staffing"]
    assert (change.added, change.changed, change.same, len(change.gone)) == (0, 1, 0, 0)
    assert "staffing: 0 rows added, 1 changed, 0 as they were" in report.text("en")
    assert "staffing: thêm 0 dòng, sửa 1, giữ nguyên 0" in report.text("vi")


def test_what_a_file_has_no_column_for_stays_and_an_empty_cell_is_missing(
    loaded: Store, tmp_path: Path
) -> None:
    header = ["station", "year", "cadre", "headcount"]
    snapshot = take(loaded, tmp_path, {"staffing": [header, ["TYT-31241", 2024, "doctor", 5]]})
    staff = snapshot.frame("staffing").set_index(["station", "cadre"])
    assert staff.loc[("TYT-31241", "doctor"), ["headcount", "permanent"]].tolist() == [5, 1]
    snapshot = take(loaded, tmp_path, {"staffing": [STAFFING, ["TYT-31241", 2024, "doctor", 5, ""]]})
    staff = snapshot.frame("staffing").set_index(["station", "cadre"])
    assert pd.isna(staff.loc[("TYT-31241", "doctor"), "permanent"])


def test_a_row_that_breaks_what_it_leaves_as_it_was_is_refused(loaded: Store, tmp_path: Path) -> None:
    before = digest(loaded)
    header = ["station", "year", "cadre", "headcount"]
    sheets = {"staffing": [header, ["TYT-31241", 2024, "nurse", 1]]}  # three of them are permanent
    with pytest.raises(Refused) as refused:
        ingest([write(tmp_path / "a.xlsx", sheets)], store=loaded)
    (problem,) = refused.value.problems
    assert (problem.code, problem.file, problem.sheet, problem.row) == (
        "inconsistent",
        "a.xlsx",
        "staffing",
        2,
    )
    assert digest(loaded) == before


def test_a_station_alone_is_added_and_nothing_else_is_touched(loaded: Store, tmp_path: Path) -> None:
    before = now(loaded)
    row = ["TYT-NEW-1", "Trạm mới", "31117", "31120", "trạm", 1, 10.03, 105.7]
    snapshot = take(loaded, tmp_path, {"stations": [province()["Trạm y tế"][0], row]})
    assert len(snapshot.frame("stations")) == len(before.frame("stations")) + 1
    for name in set(before.tables) - {"stations"}:
        assert snapshot.tables[name] == before.tables[name], name


def test_the_sources_of_what_stands_together_are_all_said(loaded: Store, tmp_path: Path) -> None:
    for n in (1, 2):
        take(loaded, tmp_path, {"staffing": [STAFFING, ["TYT-31241", 2024, "doctor", n, 0]]}, f"{n}.xlsx")
    provenance = now(loaded).tables["staffing"].provenance
    assert provenance.file == "2.xlsx"
    assert provenance.note is not None
    for note in provenance.note.values():
        assert "1.xlsx" in note
        assert "first.xlsx" in note


def test_replacing_takes_whole_provinces_and_years_and_says_what_goes(loaded: Store, tmp_path: Path) -> None:
    vinh_long = [["TYT-28756", "Trạm Y tế phường Phú Khương", "28756", "28756", "trạm", 1, "", ""]]
    take(
        loaded,
        tmp_path,
        {
            "stations": [province()["Trạm y tế"][0], *vinh_long],
            "staffing": [STAFFING, ["TYT-28756", 2024, "doctor", 5, 5]],
        },
    )
    assert len(now(loaded).frame("stations")) == 4
    take(loaded, tmp_path, {"staffing": [STAFFING, ["TYT-31241", 2025, "doctor", 7, 7]]})
    again = write(tmp_path / "again.xlsx", {"staffing": [STAFFING, ["TYT-31241", 2024, "doctor", 4, 4]]})
    before = digest(loaded)
    told = ingest([again], store=loaded, replace=True, dry_run=True)
    assert digest(loaded) == before
    report = ingest([again], store=loaded, replace=True)
    assert sorted(now(loaded).frame("staffing")["headcount"]) == [4, 5, 7]
    assert report.changes["staffing"].gone.to_dict() == {("924", "2024"): 1, ("919", "2024"): 1}
    for text in (told.text("en"), report.text("en")):
        assert "2 earlier rows of staffing taken out" in text
        assert "Quận Cái Răng, 2024: 1 rows" in text
        assert "Huyện Vĩnh Thạnh, 2024: 1 rows" in text
    assert "bỏ 2 dòng cũ của bảng staffing" in report.text("vi")


def test_illustrative_rows_go_the_moment_real_ones_come(store: Store, tmp_path: Path) -> None:
    take(store, tmp_path, province())
    base = now(store)
    stations = base.frame("stations")
    activity = pd.DataFrame(
        {"station": stations["station"], "year": 2024, "activity": "visits", "quantity": [1.0, 2.0, 3.0]}
    ).astype({"year": "Int64", "activity": "str"})
    tables = {name: (base.frame(name), PROVENANCE) for name in ("stations", "staffing")}
    store.write(tables | {"activity": (activity, PROVENANCE)}, message="minh họa", base=base)
    fewer = province()["Trạm y tế"][:3]
    staff = province()["staffing"][:2]
    report = ingest([write(tmp_path / "real.xlsx", {"stations": fewer, "staffing": staff})], store=store)
    snapshot = now(store)
    assert snapshot.nature("stations") == snapshot.nature("staffing") == "real"
    assert len(snapshot.frame("staffing")) == 1
    assert snapshot.nature("activity") == "illustrative"
    assert set(snapshot.frame("activity")["station"]) == set(snapshot.frame("stations")["station"])
    assert report.dropped == {"activity": 1}
    assert report.superseded == {"stations": ("illustrative", 3), "staffing": ("illustrative", 3)}
    assert "all 3 illustrative rows of staffing taken out" in report.text("en")
    assert "bỏ cả 3 dòng minh họa của bảng staffing" in report.text("vi")
    assert "activity" in report.text("vi")


def test_a_real_station_with_real_rows_cannot_vanish(loaded: Store, tmp_path: Path) -> None:
    before = digest(loaded)
    fewer = {"stations": province()["Trạm y tế"][:2]}
    with pytest.raises(Refused) as refused:
        ingest([write(tmp_path / "fewer.xlsx", fewer)], store=loaded, replace=True)
    assert [(p.file, p.column, p.found) for p in refused.value.problems] == [
        ("staffing", "station", "TYT-31198")
    ]
    assert digest(loaded) == before


def test_a_dry_run_tells_and_writes_nothing(loaded: Store, tmp_path: Path) -> None:
    before = digest(loaded)
    report = ingest([write(tmp_path / "c.xlsx", census(small_census()))], store=loaded, dry_run=True)
    assert report.snapshot is None
    assert report.files[0].rows == {"population": 5}
    assert "Dry run" in report.text("en")
    assert digest(loaded) == before


def test_the_same_file_twice_is_the_same_snapshot(store: Store, tmp_path: Path) -> None:
    path = write(tmp_path / "a.xlsx", province())
    first = ingest([path], store=store).snapshot
    assert ingest([path], store=store).snapshot == first


def put(sheet: str, row: int, place: int, cell: object) -> Callable[[Sheets], None]:
    return lambda sheets: sheets[sheet][row].__setitem__(place, cell)


STATIONS, INSURANCE = "Trạm y tế", "Bảo hiểm y tế"
MISTAKES = {
    "missing column": (
        lambda sheets: [row.pop(2) for row in sheets["staffing"]].clear(),
        [("missing_column", "staffing", 1, "Chức danh (cadre)")],
    ),
    "renamed sheet": (
        lambda sheets: sheets.__setitem__("Sheet1", sheets.pop(INSURANCE)),
        [("unknown_sheet", "Sheet1", None, None)],
    ),
    "text in a number": (put("staffing", 2, 3, "ba"), [("not_a_number", "staffing", 3, "headcount")]),
    "a negative": (put("staffing", 2, 4, -2), [("negative", "staffing", 3, "permanent")]),
    "a duplicate commune": (
        lambda sheets: sheets[INSURANCE].append(["cũ", "31241", 2024, 5]),
        [("duplicate", INSURANCE, row, "Địa giới, Mã xã, Năm") for row in (2, 4)],
    ),
    "an unknown commune": (put(INSURANCE, 1, 1, "99999"), [("unknown_unit", INSURANCE, 2, "Mã xã")]),
    "an unknown station": (put("staffing", 3, 0, "TYT-99999"), [("unknown_unit", "staffing", 4, "station")]),
    "a commune of the other geography": (
        put(INSURANCE, 2, 1, 31241),
        [("unknown_unit", INSURANCE, 3, "Mã xã")],
    ),
    "a pair the reform does not know": (
        put(STATIONS, 1, 3, 31186),
        [("inconsistent", STATIONS, 2, "Mã xã mới")],
    ),
    "a year out of range": (put("staffing", 1, 1, 24), [("out_of_range", "staffing", 2, "year")]),
    "a choice that is none": (put("staffing", 1, 2, "thợ"), [("not_allowed", "staffing", 2, "cadre")]),
    "more permanent than there are": (
        put("staffing", 3, 4, 9),
        [("inconsistent", "staffing", 4, "permanent, headcount")],
    ),
    "a date that is text": (
        lambda sheets: sheets.update(
            {"pilots": [["station", "opened", "model"], ["TYT-31241", "tháng 10", "family_doctor_clinic"]]}
        ),
        [("not_a_date", "pilots", 2, "opened")],
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_refuses_the_workbook_and_the_store_stays(
    loaded: Store, tmp_path: Path, mistake: str
) -> None:
    spoil, wanted = MISTAKES[mistake]
    before = digest(loaded)
    with pytest.raises(Refused) as refused:
        ingest([write(tmp_path / "bad.xlsx", spoiled(spoil))], store=loaded)
    found = [(p.code, p.sheet, p.row, p.column) for p in refused.value.problems]
    assert found == wanted
    assert {problem.file for problem in refused.value.problems} == {"bad.xlsx"}
    assert digest(loaded) == before


def test_an_error_cell_refuses_the_workbook(loaded: Store, tmp_path: Path) -> None:
    before = digest(loaded)
    path = with_error_cell(write(tmp_path / "bad.xlsx", province()), "staffing", "D3")
    with pytest.raises(Refused) as refused:
        ingest([path], store=loaded)
    (problem,) = refused.value.problems
    assert (
        problem.text("en")
        == "bad.xlsx, sheet “staffing”, row 3, column “headcount”: not a number (found: #REF!)"
    )
    assert digest(loaded) == before


FILES: dict[str, tuple[Callable[[Path], Path], str]] = {
    "empty": (lambda folder: (folder / "bad.xlsx", (folder / "bad.xlsx").write_bytes(b""))[0], "empty_file"),
    "text": (lambda folder: (folder / "bad.xlsx", (folder / "bad.xlsx").write_text("a,b"))[0], "not_excel"),
    "truncated": (
        lambda folder: (
            folder / "bad.xlsx",
            (folder / "bad.xlsx").write_bytes(write(folder / "x.xlsx", province()).read_bytes()[:4000]),
        )[0],
        "not_excel",
    ),
    "password": (
        lambda folder: encrypted(folder / "bad.xlsx", write(folder / "x.xlsx", province())),
        "password",
    ),
    "bomb": (lambda folder: bomb(folder / "bad.xlsx"), "too_large"),
    "nowhere": (lambda folder: folder / "bad.xlsx", "not_found"),
    "another workbook": (lambda folder: write(folder / "bad.xlsx", {"Sheet1": [["a"]]}), "unknown_layout"),
    "no sheet content": (lambda folder: write(folder / "bad.xlsx", {"Sheet1": []}), "unknown_layout"),
}


@pytest.mark.parametrize("file", FILES)
def test_a_bad_file_is_refused_and_the_store_stays(loaded: Store, tmp_path: Path, file: str) -> None:
    make, code = FILES[file]
    before = digest(loaded)
    with pytest.raises(Refused) as refused:
        ingest([make(tmp_path)], store=loaded)
    assert [(problem.file, problem.code) for problem in refused.value.problems] == [("bad.xlsx", code)]
    assert digest(loaded) == before


def test_a_census_that_disagrees_with_itself_is_refused(loaded: Store, tmp_path: Path) -> None:
    sheets = census(small_census())
    sheets["Cube1a_DansoChung"][4][3] = "1"
    before = digest(loaded)
    with pytest.raises(Refused) as refused:
        ingest([write(tmp_path / "bad.xlsx", sheets)], store=loaded)
    assert {problem.code for problem in refused.value.problems} == {"totals_differ"}
    assert digest(loaded) == before


def test_one_bad_file_refuses_the_good_one_beside_it(loaded: Store, tmp_path: Path) -> None:
    before = digest(loaded)
    good = write(tmp_path / "good.xlsx", census(small_census()))
    bad = write(tmp_path / "bad.xlsx", spoiled(put("staffing", 1, 4, -1)))
    with pytest.raises(Refused) as refused:
        ingest([good, bad, tmp_path / "none.xlsx"], store=loaded)
    assert {(p.file, p.code) for p in refused.value.problems} == {
        ("bad.xlsx", "negative"),
        ("none.xlsx", "not_found"),
    }
    assert digest(loaded) == before


def test_unreadable_cells_and_broken_rules_are_told_together(loaded: Store, tmp_path: Path) -> None:
    def spoil(sheets: Sheets) -> None:
        sheets["staffing"][1][3] = "hai"
        sheets["staffing"][2][4] = -3
        sheets[INSURANCE][1][1] = "Thạnh Tiến"
        sheets[STATIONS][3][2] = "00000"

    with pytest.raises(Refused) as refused:
        ingest([write(tmp_path / "bad.xlsx", spoiled(spoil))], store=loaded)
    found = {(p.code, p.sheet, p.row): p for p in refused.value.problems}
    assert set(found) == {
        ("not_a_number", "staffing", 2),
        ("negative", "staffing", 3),
        ("unknown_unit", INSURANCE, 2),
        ("unknown_unit", STATIONS, 4),
    }
    assert found["unknown_unit", INSURANCE, 2].expected == "31241 Xã Thạnh Tiến"


@pytest.mark.skipif(not FILE.is_file(), reason="the statistics office's export is not here")
def test_the_whole_country_goes_in(store: Store) -> None:
    report = ingest([FILE], store=store)
    snapshot = now(store)
    people, rejected = snapshot.frame("population"), snapshot.frame("rejected_rows")
    assert people["total"].sum() + rejected["people"].sum() == 96_208_984
    assert people["total"].sum() / 96_208_984 > 0.999
    assert snapshot.nature("population") == "real"
    assert rejected["people"].sum() == 28_347
    assert "Xã An Vĩnh" in report.text("vi")


def test_a_total_that_disagrees_with_its_rows_refuses_the_workbook(store: Store, tmp_path: Path) -> None:
    def with_total(total: int) -> Sheets:
        return spoiled(lambda sheets: sheets["staffing"].append(["Tổng cộng", "", "", total, 5]))

    with pytest.raises(Refused) as refused:
        ingest([write(tmp_path / "bad.xlsx", with_total(7))], store=store)
    assert [(p.code, p.sheet, p.row, p.column, p.found, p.expected) for p in refused.value.problems] == [
        ("totals_differ", "staffing", 5, "headcount", "7", "6")
    ]
    snapshot = take(store, tmp_path, with_total(6))
    assert snapshot.frame("staffing")["headcount"].sum() == 6
