"""One form for every table: checked against its contract, in contract order, sorted by its key.

The same rows give the same bytes in whatever order they arrive, so that content can be named by its hash.
"""

from __future__ import annotations

import io
from functools import cache
from typing import Any, Final

import ibis
import pandas as pd
import pandera.pandas as pa
import pyarrow
import pyarrow.parquet
from ibis.expr.operations import DatabaseTable

from data.codes import nearest
from data.contracts import TABLES, absent_row
from data.manifest import StoreError
from data.problems import TOLD, Problem

_DATE: Final = "datetime64[us]"
_ARROW: Final = {
    "str": pyarrow.string(),
    "Int64": pyarrow.int64(),
    "float64": pyarrow.float64(),
    "bool": pyarrow.bool_(),
    _DATE: pyarrow.timestamp("us"),
}
_CODES: Final = {
    "column_in_dataframe": "missing_column",
    "column_in_schema": "unknown_column",
    "multiple_fields_uniqueness": "duplicate",
    "not_nullable": "missing_value",
    "greater_than_or_equal_to": "negative",
    "in_range": "out_of_range",
    "isin": "not_allowed",
    "str_matches": "not_allowed",
}
# What a code looks like: an example says it to more people than its pattern.
_LIKE: Final = {
    "station": "TYT-31241",
    "month": "2024-03",
    "district": "916",
    **dict.fromkeys(("commune", "legacy_commune", "current_commune"), "31241"),
}
_DTYPE_CODES: Final = {
    "str": "not_allowed",
    "Int64": "not_whole",
    "float64": "not_a_number",
    "bool": "not_allowed",
    _DATE: "not_a_date",
}


def contract(name: str) -> pa.DataFrameSchema:
    """Return the contract of a table, or say that there is no such table (StoreError)."""
    if name not in TABLES:
        raise StoreError("unknown_table", name)
    return TABLES[name]


def key(name: str) -> list[str]:
    """Return the columns that tell one row of a table from another."""
    return list(contract(name).unique or [])


def dtypes(name: str) -> dict[str, str]:
    """Return the pandas type of each column of a table, in contract order."""
    return dict(_dtypes(name))


@cache
def _dtypes(name: str) -> dict[str, str]:
    kinds = {column: str(kind.type) for column, kind in contract(name).dtypes.items()}
    # pandera knows dates by kind only and always says nanoseconds
    return {column: _DATE if kind.startswith("datetime64") else kind for column, kind in kinds.items()}


def ibis_table(connection: ibis.BaseBackend, name: str, stored_as: str) -> ibis.Table:
    """Return a stored table for queries; its contract says the types, so the engine need not be asked."""
    schema = ibis.Schema.from_pyarrow(arrow_schema(name))
    return DatabaseTable(name=stored_as, schema=schema, source=connection).to_expr()


def arrow_schema(name: str) -> pyarrow.Schema:
    """Return the types in which a table is kept."""
    return pyarrow.schema([(column, _ARROW[kind]) for column, kind in dtypes(name).items()])


def describe(name: str) -> dict[str, Any]:
    """Define a table: its key, what an absent row means, and each column's type, rules and may-be-missing."""
    columns = contract(name).columns
    return {
        "key": key(name),
        "absent_row": absent_row(name),
        "columns": {
            column: {
                "type": kind,
                "may_be_missing": bool(columns[column].nullable),
                "rules": [str(check.error) for check in columns[column].checks],
            }
            for column, kind in dtypes(name).items()
        },
    }


def rule_text(rule: str) -> str | None:
    """Write a contract's rule for people; the form of a code, which a column's meaning tells, is left out.

    >>> rule_text("greater_than_or_equal_to(0)"), rule_text("isin(['legacy', 'current'])")
    ('>= 0', 'legacy, current')
    """
    name, _, limits = rule.rstrip(")").partition("(")
    return {
        "greater_than_or_equal_to": f">= {limits}",
        "in_range": limits.replace(", ", " … "),
        "isin": limits.strip("[]").replace("'", ""),
    }.get(name)


def violations(name: str, frame: pd.DataFrame) -> list[Problem]:
    """Return every way in which a frame breaks its contract; none when it holds.

    ``file`` is the table's name and ``row`` the label in the frame's index.
    """
    try:
        contract(name).validate(frame, lazy=True)
    except pa.errors.SchemaErrors as errors:
        return _problems(name, frame, errors.failure_cases)
    return []


def _problems(name: str, frame: pd.DataFrame, cases: pd.DataFrame) -> list[Problem]:
    columns = ["schema_context", "column", "check", "failure_case", "index"]
    rows = _Rows(name, frame)
    problems: dict[tuple[object, ...], Problem] = {}
    for context, column, check, value, at in zip(*(cases[one].tolist() for one in columns), strict=True):
        # pandera repeats a failure over several columns once per column
        across = context == "DataFrameSchema"
        place = (across, None if across else column, check, value if pd.isna(at) else at)
        if place not in problems and (found := rows.problem(context, str(column), str(check), value, at)):
            problems[place] = found
    return list(problems.values())


class _Rows:
    """A table's rows by label, to say what stands in one; the columns are taken out once for all problems."""

    def __init__(self, name: str, frame: pd.DataFrame) -> None:
        self.name = name
        self.frame = frame
        self.kinds = dtypes(name)
        self.key = key(name)
        self.positions = {label: n for n, label in enumerate(frame.index)}
        self.cells: dict[str, list[Any]] = {}
        self.near: dict[str, str | None] = {}

    def problem(self, context: str, column: str, check: str, value: Any, at: Any) -> Problem | None:
        """Turn one pandera failure into a problem; None for a check that could only fail because another had."""
        row = int(at) if isinstance(at, int) else None
        found = None if pd.isna(value) else str(value)
        if check in ("column_in_dataframe", "column_in_schema"):
            return Problem(code=_CODES[check], file=self.name, column=str(value))
        if check.startswith("dtype("):
            kind = self.kinds[column]
            return Problem(
                code=_DTYPE_CODES[kind],
                file=self.name,
                row=row,
                column=column,
                found=str(value),
                expected=kind,
            )
        if at is None or pd.isna(at):
            return None
        if context == "DataFrameSchema":
            return self._across(check, at, row)
        near = self._near(column, found) if check.startswith("isin(") and found else None
        return Problem(
            code=_CODES[check.split("(")[0]],
            file=self.name,
            row=row,
            column=column,
            found=found,
            nearest=near,
            expected=None
            if near or check == "not_nullable"
            else rule_text(check) or _LIKE.get(column, check),
        )

    def _near(self, column: str, found: str) -> str | None:
        """Return the nearest code; comparing takes long, so not for more texts than will be told."""
        if found not in self.near and len(self.near) < TOLD:
            self.near[found] = nearest(column, found)
        return self.near.get(found)

    def _across(self, check: str, at: Any, row: int | None) -> Problem:
        """Describe a rule over several columns."""
        duplicate = check == "multiple_fields_uniqueness"
        columns = self.key if duplicate else [word for word in check.split() if word in self.frame.columns]
        for column in columns:
            if column not in self.cells:
                self.cells[column] = self.frame[column].tolist()
        values = {column: self.cells[column][self.positions[at]] for column in columns}
        return Problem(
            code="duplicate" if duplicate else "inconsistent",
            file=self.name,
            row=row,
            column=", ".join(columns),
            found=", ".join(f"{column} = {value}" for column, value in values.items()),
            expected=None if duplicate else check,
        )


def to_arrow(name: str, frame: pd.DataFrame) -> pyarrow.Table:
    """Put a frame that holds its contract into the canonical form; NaN becomes missing."""
    schema = arrow_schema(name)
    return ordered(name, pyarrow.Table.from_pandas(frame[schema.names], schema=schema, preserve_index=False))


def ordered(name: str, table: pyarrow.Table) -> pyarrow.Table:
    """Put rows of the right types into the canonical form."""
    columns = table.select(arrow_schema(name).names).cast(arrow_schema(name))
    return columns.sort_by([(column, "ascending") for column in key(name)])


def to_bytes(table: pyarrow.Table) -> bytes:
    """Write a canonical table as Parquet, without the writer's metadata: the bytes follow the content."""
    buffer = io.BytesIO()
    pyarrow.parquet.write_table(table, buffer, compression="zstd", store_schema=False)
    return buffer.getvalue()


def empty_frame(name: str) -> pd.DataFrame:
    """Return a table without rows, with exactly the types of its contract.

    >>> len(empty_frame("stations")), empty_frame("staffing")["year"].dtype
    (0, Int64Dtype())
    """
    return pd.DataFrame({column: pd.Series(dtype=kind) for column, kind in dtypes(name).items()})


def to_frame(name: str, table: pyarrow.Table) -> pd.DataFrame:
    """Return a table as a frame with exactly the types of its contract."""
    kinds = dtypes(name)
    frame: pd.DataFrame = table.select(list(kinds)).to_pandas(
        types_mapper={pyarrow.int64(): pd.Int64Dtype()}.get
    )
    return frame.astype(kinds)
