import csv
import datetime as dt
import shutil
from pathlib import Path

import pytest
import yaml
from pydantic import TypeAdapter

from data.codes import codes
from metrics import registry
from metrics.pilot_indicators import pilot_indicators
from metrics.registry import Indicator, Norm, indicators, norms, read_indicators
from metrics.registry_files import RegistryError, read_folder
from metrics.wisn_parameters import parameter_sets

SHARED = Path(__file__).resolve().parents[2].parent / "shared"


def _copy(folder: Path, **changes: dict) -> None:
    """Write copies of a good indicator, each changed; a field set to None is left out."""
    good = yaml.safe_load((registry.INDICATORS / "doctors_per_10000.yaml").read_text(encoding="utf-8"))
    for stem, change in changes.items():
        entry = {key: value for key, value in (good | {"id": stem} | change).items() if value is not None}
        (folder / f"{stem}.yaml").write_text(yaml.safe_dump(entry), encoding="utf-8")


def _staffing(**change) -> dict:
    return {"numerator": {"table": "staffing", "column": "headcount", "aggregate": "sum"} | change}


def _problems(folder: Path) -> list[str]:
    with pytest.raises(RegistryError) as raised:
        read_indicators(folder=folder, norms=norms())
    return [str(problem) for problem in raised.value.problems]


def test_every_file_is_an_entry_named_after_it():
    assert set(indicators()) == {path.stem for path in registry.INDICATORS.iterdir()}
    assert set(norms()) == {path.stem for path in registry.NORMS.iterdir()}


@pytest.mark.parametrize("entry", [*indicators().values(), *norms().values()], ids=lambda entry: entry.id)
def test_vietnamese_texts_are_not_left_in_english(entry):
    def texts(node):
        if isinstance(node, dict):
            if set(node) == {"vi", "en"}:
                yield node
            for value in node.values():
                yield from texts(value)
        elif isinstance(node, (list, tuple)):
            for value in node:
                yield from texts(value)

    same = [text["vi"] for text in texts(entry.model_dump()) if text["vi"] == text["en"]]
    assert [text for text in same if text != "%"] == []


def test_ids_agree_with_the_published_targets():
    path = SHARED / "facts" / "targets.csv"
    if not path.exists():
        pytest.skip("the shared facts are not beside the project")
    targets = {row["indicator"] for row in csv.DictReader(path.open(encoding="utf-8"))}
    assert {
        "stations_with_doctor",
        "stations_with_permanent_doctor",
        "health_insurance_coverage",
        "communes_meeting_national_criteria",
        "villages_with_trained_health_worker",
        "doctors_per_10000",
        "doctors_per_station",
        "beds_per_10000",
    } <= targets & set(indicators())


def test_the_registry_cannot_be_changed():
    with pytest.raises(TypeError):
        indicators()["new"] = indicators()["staff"]  # type: ignore[index]


def test_adding_an_indicator_is_one_file(tmp_path):
    shutil.copytree(registry.INDICATORS, tmp_path, dirs_exist_ok=True)
    _copy(
        tmp_path,
        assistant_doctors_per_10000={
            "numerator": {
                "table": "staffing",
                "column": "headcount",
                "where": {"cadre": ["assistant_doctor"]},
                "aggregate": "sum",
            }
        },
    )
    read = read_indicators(folder=tmp_path, norms=norms())
    assert set(read) == set(indicators()) | {"assistant_doctors_per_10000"}


def test_all_faults_of_all_files_are_told_at_once(tmp_path):
    _copy(
        tmp_path,
        a={"name": {"vi": "Tên"}, "decimals": -1},
        b={"unit": {"vi": "%", "en": " "}, "colour": "red"},
    )
    (tmp_path / "c.yaml").write_text("id: c\nid: c\n", encoding="utf-8")
    found = _problems(tmp_path)
    assert [problem.split(": ")[:2] for problem in found] == [
        ["a.yaml", "name.en"],
        ["a.yaml", "decimals"],
        ["b.yaml", "unit.en"],
        ["b.yaml", "colour"],
        ["c.yaml", "(file)"],
    ]
    assert "written twice" in found[-1]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"denominator": None}, "denominator: only ratio needs one"),
        ({"denominator_text": None}, "denominator_text"),
        ({"formula": "compliance"}, "numerator: all but compliance need one"),
        ({"norm": "circular_03_2023"}, "norm: only staffing formulas need one"),
        ({"palette": "diverging"}, "center: only a diverging palette needs one"),
        ({"breaks": [1, 3, 2]}, "breaks: must rise"),
        ({"caution": None}, "caution: say why"),
        (_staffing(table="staff"), "no table 'staff'"),
        (_staffing(column="heads"), "numerator.column: staffing has no 'heads'"),
        (_staffing(where={"post": ["x"]}), "numerator.where: staffing has no 'post'"),
        (_staffing(where={"cadre": ["docter"]}), "numerator.where.cadre: staffing has no 'docter'"),
        (
            {"formula": "staffing_gap", "denominator": None, "denominator_text": None, "norm": "circular_99"},
            "no norm 'circular_99'",
        ),
        ({"id": "other"}, "is 'other', the file is named 'x'"),
    ],
)
def test_a_fault_is_named(tmp_path, change, said):
    _copy(tmp_path, x=change)
    assert any(said in problem and problem.startswith("x.yaml") for problem in _problems(tmp_path))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"kind": "guess"}, "kind"),
        ({"base": 0}, "base"),
        ({"areas": {"1": {"threshold": 1, "step_low": 3000, "step_high": 2000}}}, "must not exceed"),
        ({"confidence": {"base": "V"}}, "missing for area_kind, areas, cap, force, posts"),
        ({"posts": [{"cadres": ["wizard"], "grade": {"vi": "a", "en": "b"}}]}, "posts.0.cadres.0"),
    ],
)
def test_a_faulty_norm_is_named(tmp_path, change, said):
    good = yaml.safe_load((registry.NORMS / "circular_03_2023.yaml").read_text(encoding="utf-8"))
    (tmp_path / "circular_03_2023.yaml").write_text(yaml.safe_dump(good | change), encoding="utf-8")
    with pytest.raises(RegistryError, match=said):
        read_folder(folder=tmp_path, form=TypeAdapter(Norm))


def test_the_fixed_norm_is_reference_from_2026():
    norm = norms()["circular_03_2023"]
    days = [dt.date(2023, 4, 4), dt.date(2023, 4, 5), dt.date(2025, 12, 31), dt.date(2026, 1, 1)]
    assert [force and force.status for force in map(norm.force_on, days)] == [
        None, "in_force", "in_force", "reference"]  # fmt: skip


def test_an_indicator_refuses_what_it_does_not_know():
    with pytest.raises(ValueError, match="Field required"):
        TypeAdapter(Indicator).validate_python({"id": "x"})


def test_what_is_counted_has_a_code():
    """An indicator of an activity that nobody can report would always be missing."""
    for indicator in indicators().values():
        for measure in (indicator.numerator, indicator.denominator):
            for column, values in (measure.where if measure else {}).items():
                assert set(values) <= set(codes(column)), indicator.id
    wanted = {row.activity for one in parameter_sets().values() for row in one.activities}
    for indicator in pilot_indicators().values():
        wanted |= {indicator.numerator, indicator.denominator} - {"population"}
    assert wanted <= set(codes("activity"))
