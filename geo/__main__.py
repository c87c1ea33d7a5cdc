"""``python -m geo import FILE --geography legacy|current``: official boundaries from a map file.

Exit status: 0 done (or, with ``--dry-run``, would be), 2 refused with every reason; nothing is changed then.
"""

from __future__ import annotations

import argparse
import datetime
import sys
from collections.abc import Sequence
from pathlib import Path

from data.contracts import GEOGRAPHIES
from data.problems import Refused, language
from geo.boundaries import Columns, boundaries_file, boundaries_folder
from geo.boundaries_apart import MEMORY, import_apart
from geo.boundaries_texts import STAGES


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status."""
    asked = _parser().parse_args(arguments)
    output = None if asked.dry_run else boundaries_folder()
    try:
        report = import_apart(
            asked.file,
            geography=asked.geography,
            mapping=Columns(
                code=asked.code, province=asked.province, district=asked.district, commune=asked.commune
            ),
            crs=asked.crs,
            date=asked.date,
            output=output,
            progress=_show,
            memory=asked.memory,
        )
    except Refused as refusal:
        for problem in refusal.problems:
            print(problem.text(), file=sys.stderr)
        return 2
    print(report.text())
    if output is not None:
        print(f"→ {boundaries_file(output, asked.geography)}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m geo", description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(required=True, metavar="import")
    command = commands.add_parser(
        "import", help="boundaries from a map file (Shapefile, GeoJSON, GeoPackage, …)"
    )
    command.add_argument("file", type=Path)
    command.add_argument("--geography", choices=GEOGRAPHIES, required=True)
    for role in ("code", "province", "district", "commune"):
        command.add_argument(
            f"--{role}", metavar="COLUMN", help=f"the column with the {role}, if not to be guessed"
        )
    command.add_argument(
        "--crs", metavar="EPSG:xxxx", help="the coordinate system, where the file does not say it"
    )
    command.add_argument(
        "--date",
        type=datetime.date.fromisoformat,
        metavar="YYYY-MM-DD",
        help="the day whose communes the file draws, if names should not decide",
    )
    command.add_argument(
        "--memory", type=int, default=MEMORY, metavar="MB", help="the memory it may take (%(default)s)"
    )
    command.add_argument("--dry-run", action="store_true", help="report only; write nothing")
    return parser


def _show(stage: str, share: float) -> None:
    print(f"{share:4.0%}  {STAGES[stage][language()]}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
