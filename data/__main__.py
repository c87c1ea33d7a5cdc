"""The data commands: ``python -m data ingest | snapshots | rollback | export | template | demo``.

Exit code 0: done. 2: refused, with every reason on standard error. Messages are Vietnamese unless ``ATLAS_LANG``
says ``en``; the store is at ``ATLAS_STORE``.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from data.ingest import ingest
from data.manifest import StoreError
from data.problems import Refused, language
from data.readers.workbook import template
from data.store import open_store

LARGE: Final = 1_000_000
"""Bytes of a file whose reading is announced."""
_TEXTS: Final[dict[str, dict[str, str]]] = {
    "program": {"vi": "Dữ liệu của Bản đồ Y tế cơ sở", "en": "The data of Commune Health Atlas"},
    "ingest": {"vi": "nạp tệp Excel vào kho dữ liệu", "en": "take Excel files into the store"},
    "files": {"vi": "tệp .xlsx", "en": ".xlsx files"},
    "dry_run": {"vi": "chỉ kiểm tra, không ghi", "en": "only check, write nothing"},
    "replace": {
        "vi": "thay trọn từng tỉnh và năm có trong tệp, thay vì chỉ sửa các dòng có trong tệp; nói rõ dòng nào bị bỏ",
        "en": "replace each province and year in the files, not only the rows in them; says which rows go",
    },
    "snapshots": {"vi": "liệt kê các bản dữ liệu", "en": "list the snapshots"},
    "rollback": {"vi": "quay lại một bản dữ liệu", "en": "go back to a snapshot"},
    "id": {"vi": "mã bản dữ liệu", "en": "the snapshot's id"},
    "export": {"vi": "xuất bản dữ liệu hiện hành ra CSV", "en": "write the current snapshot as CSV"},
    "folder": {"vi": "thư mục đích", "en": "the folder to write to"},
    "template": {"vi": "tạo biểu mẫu Excel để điền", "en": "write an Excel workbook to fill in"},
    "out": {"vi": "tệp .xlsx cần tạo", "en": "the .xlsx file to write"},
    "demo": {"vi": "tạo bộ dữ liệu minh họa", "en": "make the illustrative data set"},
    "if_empty": {"vi": "chỉ khi kho dữ liệu còn trống", "en": "only if the store is empty"},
    "refused": {"vi": "Bị từ chối, kho dữ liệu giữ nguyên:", "en": "Refused, the store is unchanged:"},
    "reading": {"vi": "Đang đọc {file} ({size} MB) …", "en": "Reading {file} ({size} MB) …"},
    "file_error": {
        "vi": "không đọc hoặc ghi được tệp: {what}",
        "en": "a file cannot be read or written: {what}",
    },
    "none": {"vi": "Kho dữ liệu chưa có bản dữ liệu nào.", "en": "The store holds no snapshot yet."},
    "current": {"vi": "hiện hành", "en": "current"},
    "back": {"vi": "Bản dữ liệu hiện hành: {id}.", "en": "Current snapshot: {id}."},
    "written": {"vi": "Đã ghi {what}.", "en": "{what} written."},
    "kept": {
        "vi": "Kho dữ liệu đã có bản dữ liệu {id}; không tạo gì.",
        "en": "The store already holds snapshot {id}; nothing was made.",
    },
}


def _text(name: str, **values: str) -> str:
    return _TEXTS[name][language()].format(**values)


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code."""
    options = _parser().parse_args(arguments)
    run: Callable[[argparse.Namespace], None] = options.run
    try:
        run(options)
    except Refused as refused:
        print(_text("refused"), *refused.lines(), sep="\n", file=sys.stderr)
        return 2
    except StoreError as error:
        # a connection lost in the middle of a commit leaves it unknown whether the write is there
        heads = [] if error.code == "lost" else [_text("refused")]
        print(*heads, error.text(), sep="\n", file=sys.stderr)
        return 2
    except OSError as error:
        what = f"{error.filename}: {error.strerror}" if error.filename else str(error)
        print(_text("refused"), _text("file_error", what=what), sep="\n", file=sys.stderr)
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m data", description=_text("program"))
    commands = parser.add_subparsers(required=True)

    def command(name: str, run: Callable[[argparse.Namespace], None]) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=_text(name), description=_text(name))
        added.set_defaults(run=run)
        return added

    taking = command("ingest", _ingest)
    taking.add_argument("files", nargs="+", type=Path, help=_text("files"))
    taking.add_argument("--dry-run", action="store_true", help=_text("dry_run"))
    taking.add_argument("--replace", action="store_true", help=_text("replace"))
    command("snapshots", _snapshots)
    command("rollback", _rollback).add_argument("id", help=_text("id"))
    command("export", _export).add_argument("folder", type=Path, help=_text("folder"))
    command("template", _template).add_argument("out", type=Path, help=_text("out"))
    command("demo", _demo).add_argument("--if-empty", action="store_true", help=_text("if_empty"))
    return parser


def _ingest(options: argparse.Namespace) -> None:
    # this command is the outer face of the whole project, so it alone may look above its own layer
    from metrics.criteria_checks import check_rows

    for path in options.files:
        if path.is_file() and path.stat().st_size > LARGE:  # it takes seconds: nobody waits before silence
            size = f"{path.stat().st_size / 1e6:.0f}"
            print(_text("reading", file=path.name, size=size), file=sys.stderr, flush=True)
    report = ingest(
        options.files,
        store=open_store(),
        dry_run=options.dry_run,
        replace=options.replace,
        checks={"criteria_scores": check_rows},
    )
    print(report.text())


def _snapshots(_: argparse.Namespace) -> None:
    store = open_store()
    try:
        current, lost = store.current(), None
    except StoreError as error:  # those to roll back to are told all the same
        if error.code != "damaged":
            raise
        current, lost = None, error
    faults = store.damaged()
    for info in store.snapshots():
        mark = f"  ← {_text('current')}" if current and info.id == current.id else ""
        broken = f"  ! {faults.pop(info.id).text()}" if info.id in faults else ""
        print(f"{info.id}  {info.created:%Y-%m-%d %H:%M}  {info.message}{mark}{broken}")
    for snapshot, fault in sorted(faults.items(), key=lambda one: one[0]):
        print(f"{snapshot}  ! {fault.text()}")
    if lost:
        raise lost
    if current is None:
        print(_text("none"))


def _rollback(options: argparse.Namespace) -> None:
    print(_text("back", id=open_store().rollback(options.id).id))


def _export(options: argparse.Namespace) -> None:
    for path in open_store().export(options.folder):
        print(_text("written", what=str(path)))


def _template(options: argparse.Namespace) -> None:
    options.out.write_bytes(template())
    print(_text("written", what=str(options.out)))


def _demo(options: argparse.Namespace) -> None:
    store = open_store()
    current = store.current()
    if options.if_empty and current is not None:
        print(_text("kept", id=current.id))
        return
    # the generator is needed by no other command
    from data.demo import build_snapshot

    print(_text("back", id=build_snapshot(store).id))


if __name__ == "__main__":
    sys.exit(main())
