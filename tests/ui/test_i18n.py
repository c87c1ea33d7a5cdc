"""The catalogues are complete and equal, every key used exists, and no visible text is left untranslated."""

import ast
import re
import string
from pathlib import Path

import pytest

from answers.words import LANGUAGES, catalogue, language, t, tn
from data.contracts import TABLES
from ui.shell import PAGES, page_title

ROOT = Path(__file__).resolve().parents[2]
SOURCES = [
    ROOT / "app.py",
    *sorted((ROOT / "answers").rglob("*.py")),
    *sorted((ROOT / "ui").rglob("*.py")),
    *sorted((ROOT / "pages").rglob("*.py")),
]
# Streamlit calls whose first argument a visitor reads, and arguments read by name.
SPEAKING = {
    "write", "markdown", "title", "header", "subheader", "caption", "text", "button", "download_button",
    "selectbox", "multiselect", "radio", "checkbox", "toggle", "metric", "info", "warning", "error", "success",
    "tabs", "expander", "page_link", "link_button", "segmented_control", "pills", "slider", "select_slider",
    "text_input", "number_input", "text_area", "file_uploader", "toast", "popover", "status", "spinner",
    "section", "head",
}  # fmt: skip
READ_BY_NAME = {"label", "help", "placeholder", "alt", "page_title", "title", "caption"}


def placeholders(text: str | tuple[str, ...]) -> set[str]:
    forms = [text] if isinstance(text, str) else text
    return {name for form in forms for _, name, _, _ in string.Formatter().parse(form) if name}


def test_both_languages_have_the_same_keys():
    vi, en = (set(catalogue(lang)) for lang in LANGUAGES)
    assert vi == en


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_message_is_empty(lang):
    empty = [key for key, text in catalogue(lang).items() if not text or not all(text)]
    assert empty == []


def test_placeholders_agree():
    vi, en = (catalogue(lang) for lang in LANGUAGES)
    differing = {key: (vi[key], en[key]) for key in vi if placeholders(vi[key]) != placeholders(en[key])}
    assert differing == {}


def test_plural_forms_fit_the_language():
    for key, text in catalogue("en").items():
        if isinstance(text, tuple):
            assert len(text) == 2, key
            assert len(catalogue("vi")[key]) == 1, key


def _calls(path: Path):
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            yield name, node


def _keys_used() -> tuple[set[str], set[str]]:
    """Return the keys asked for by name, and the patterns of keys made from parts."""
    keys, patterns = set(), set()
    for path in SOURCES:
        for name, call in _calls(path):
            if name not in ("t", "tn") or not call.args:
                continue
            argument = call.args[0]
            if isinstance(argument, ast.IfExp):
                keys |= {
                    side.value for side in (argument.body, argument.orelse) if isinstance(side, ast.Constant)
                }
            if isinstance(argument, ast.Constant):
                keys.add(argument.value)
            if isinstance(argument, ast.JoinedStr | ast.BinOp):
                parts = (
                    argument.values
                    if isinstance(argument, ast.JoinedStr)
                    else [argument.left, argument.right]
                )
                patterns.add(
                    "".join(re.escape(p.value) if isinstance(p, ast.Constant) else ".+" for p in parts)
                )
    return keys, patterns


def test_every_key_used_exists():
    keys, patterns = _keys_used()
    known = set(catalogue("vi"))
    assert sorted(keys - known) == []
    assert [p for p in patterns if not any(re.fullmatch(p, key) for key in known)] == []


def test_no_message_is_unused():
    keys, patterns = _keys_used()
    literals = {
        node.value
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    unused = [
        key
        for key in catalogue("vi")
        if key not in keys and key not in literals and not any(re.fullmatch(p, key) for p in patterns)
    ]
    assert unused == []


def visible(value: object) -> bool:
    """Say whether a literal is text for a reader: words, and neither a message key nor a path."""
    text = value if isinstance(value, str) else ""
    return bool(re.search(r"[^\W\d_]{2}", text)) and text not in catalogue("vi") and not text.endswith(".py")


def test_no_visible_text_bypasses_the_catalogues():
    found = []
    for path in SOURCES:
        for name, call in _calls(path):
            read = [call.args[0]] if name in SPEAKING and call.args else []
            read += [keyword.value for keyword in call.keywords if keyword.arg in READ_BY_NAME]
            for argument in read:
                for node in ast.walk(argument) if isinstance(argument, ast.List | ast.Tuple) else [argument]:
                    if isinstance(node, ast.Constant) and visible(node.value):
                        found.append(f"{path.relative_to(ROOT)}:{node.lineno}: {node.value!r}")
    assert found == []


def test_the_check_for_untranslated_text_can_fail():
    assert visible("Save")
    assert not any(visible(value) for value in ("page.staffing", "pages/data/page.py", "", 5, "–"))


# Names of people, methods, file formats and what is typed as it stands.
SAME_IN_BOTH = {
    "abadie", "diamond", "hainmueller", "holm", "mackinnon", "webb", "gini", "theil", "lorenz", "wisn", "covid",
    "excel", "powerpoint", "pptx", "xlsx", "yaml", "json", "geojson", "geopackage", "geoparquet", "shapefile",
    "internet", "vinh", "long", "english", "ctrl", "enter", "python", "chib", "gardner", "harville", "mckenzie",
    "poisson", "spiegelhalter", "mills", "zandvakili", "church", "hakimi", "revelle", "mccullagh", "nelder", "smyth",
    "benjamini", "hochberg",
}  # fmt: skip
COMMAND = re.compile(r"“?python -m [^”]*”?|\([^)]*origin, destination, minutes[^)]*\)")


def words(text: str) -> set[str]:
    """Return the words of plain letters in a text, and its keys: words joined by an underscore."""
    plain = "".join(part for part, *_ in string.Formatter().parse(text))
    return {word.lower() for word in re.findall(r"(?<![\w-])[A-Za-z_]{4,}(?!\w)", COMMAND.sub("", plain))}


def english() -> set[str]:
    """Return the words our English texts are made of, and the keys of the contracts."""
    texts = [
        form for text in catalogue("en").values() for form in ([text] if isinstance(text, str) else text)
    ]
    keys = {*TABLES, *(column for table in TABLES.values() for column in table.columns)}
    return (set().union(*map(words, texts)) | keys) - SAME_IN_BOTH


def foreign(text: str) -> list[str]:
    """Return the English words and the keys in a Vietnamese text."""
    return sorted(word for word in words(text) if word in english_words or "_" in word.strip("_"))


english_words = english()


def test_no_english_word_and_no_key_stands_in_a_vietnamese_text():
    found = {
        key: foreign(form)
        for key, text in catalogue("vi").items()
        for form in ([text] if isinstance(text, str) else text)
        if not key.startswith("export.cli.") and foreign(form)
    }
    assert found == {}


def test_the_check_for_english_words_can_fail():
    assert foreign("Trạng thái: wrong_direction") == ["wrong_direction"]
    assert foreign("Bảng staffing của tỉnh") == ["staffing"]
    assert foreign("Trạm y tế xã Minh Thanh, theo Thông tư 03") == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_page_has_a_title(lang):
    """A page is offered on every page: one without a title must fail here, not there."""
    folders = {path.parent.name for path in (ROOT / "pages").glob("*/page.py")}
    assert folders == set(PAGES)
    for name in {*folders, "start"}:
        assert f"page.{name}" in catalogue(lang), name


def test_a_page_without_a_title_breaks_no_page(monkeypatch):
    monkeypatch.setitem(PAGES, "brand_new", ":material/help:")
    assert page_title("brand_new") == "Brand new"


def test_a_language_ends_with_its_block():
    with language("en"):
        assert t("page.staffing") == "Staffing"
    assert t("page.staffing") == "Nhân lực"


def test_a_plural_key_is_not_a_plain_one():
    with pytest.raises(KeyError, match="plural"):
        t("unit.staff")
    with pytest.raises(KeyError, match="no plural"):
        tn("page.staffing", 1)
