"""Small static tables as HTML. Cells are HTML already: whoever makes one escapes what it holds."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from html import escape


def table(heads: Sequence[str], rows: Sequence[Sequence[str]], *, numbers: Collection[int] = ()) -> str:
    """Return a table; ``numbers`` are the columns aligned right.

    >>> table(["A"], [["<b>1</b>"]])[:60]
    '<div class="scroll-x"><table class="atlas facts"><thead><tr>'
    """

    def cell(tag: str, i: int, text: str) -> str:
        return f'<{tag} class="num">{text}</{tag}>' if i in numbers else f"<{tag}>{text}</{tag}>"

    head = "".join(cell("th", i, escape(text)) for i, text in enumerate(heads))
    body = "".join(f"<tr>{''.join(cell('td', i, text) for i, text in enumerate(row))}</tr>" for row in rows)
    return (
        f'<div class="scroll-x"><table class="atlas facts"><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )
