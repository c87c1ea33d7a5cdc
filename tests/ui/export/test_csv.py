"""The CSV download holds the table as it is shown, says where it comes from, and runs nothing in a spreadsheet."""

import csv
import io

import pandas as pd
import pytest

from answers.results import Results
from answers.scope import Scope
from answers.staffing import table
from answers.summary import in_scope, of_year
from answers.words import language
from data.store import open_store
from pages.staffing.table import TABLES
from ui.draw.csv import csv_bytes


@pytest.fixture(scope="module")
def results(demo_store):
    return Results(open_store(demo_store).current())


def rows_of(content: bytes) -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf"), "Excel needs the mark to read UTF-8"
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


@pytest.mark.parametrize("geography", ["legacy", "current"])
def test_the_staffing_table_downloads_with_its_numbers_and_its_source(results, geography):
    scope = Scope("92", geography, "commune", 2024, "en")
    with language("en"):
        frame = table.download(table.rows(results, scope, "points"))
        rows = rows_of(
            csv_bytes(frame, index_label="code", title="x", snapshot=results.snapshot, tables=TABLES)
        )
    assert rows[1][0] == "Illustrative"
    assert results.snapshot.id in rows[1]
    assert rows[2][0].startswith("Source:")
    expected = of_year(in_scope(results.staffing(geography, "commune"), scope, "commune"), 2024)
    assert len(rows) - 4 == len(expected)
    existing = rows[3].index("Existing")
    found = {row[0]: row[existing] for row in rows[4:]}
    assert {code: text for code, text in found.items() if text} == {
        code: str(int(value)) for code, value in expected["existing"].dropna().items()
    }


def test_no_cell_is_a_formula(results):
    frame = pd.DataFrame(
        {"name": ["=1+1", "+2", "-x", "@a", "Xã"], "gap": [-3, 2, 0, 1, None]}, index=list("abcde")
    )
    with language("vi"):
        content = csv_bytes(
            frame, index_label="code", title="=cmd", snapshot=results.snapshot, tables=["population"]
        )
    cells = [cell for row in rows_of(content) for cell in row]
    assert [cell for cell in cells if cell.startswith(("=", "+", "@"))] == []
    assert "-3.0" in cells
