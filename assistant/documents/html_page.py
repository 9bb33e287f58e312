"""Show a document as HTML: the same blocks that ``setting`` puts on paper, so that both say the same.

Knows how a block is marked up, nothing of what it says. Texts are escaped; nothing is loaded from elsewhere.
"""

from __future__ import annotations

from functools import singledispatch
from html import escape
from typing import TYPE_CHECKING

from assistant.documents import blocks
from assistant.documents.setting import to_pdf

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.documents.blocks import PaperDocument

STYLE = (
    "body{font:16px/1.45 Arial,Helvetica,sans-serif;color:#1b1b1b;background:#fff;margin:0 auto;max-width:52rem;"
    "padding:1rem}h1{font-size:1.6rem}h2{font-size:1.2rem;margin-top:1.6rem}h3{font-size:1rem}"
    "h1,h2,h3{line-height:1.25;break-after:avoid}.paper__banner{border:2px solid #8c0000;color:#8c0000;"
    "font-weight:700;padding:.3rem .6rem;text-align:center}.paper__foot,.paper__small{font-size:.88rem}"
    ".scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.92rem}th,td{text-align:left;"
    "vertical-align:top;padding:.25rem .4rem;border-bottom:1px solid #999}thead th{background:#e6e6e6}"
    "tr{break-inside:avoid}@page{size:letter;margin:.75in}@media print{body{max-width:none;padding:0;font-size:10pt}}"
)
"""Of a file that stands alone; inside the program the same classes are in ``static/app.css``."""


def paper_bytes(document: PaperDocument, ending: str) -> bytes:
    """Return a document as a file with this ending, "pdf" or "html".

    Raises:
        FillError: a letter cannot be drawn in the PDF.
    """
    return to_html(document) if ending == "html" else to_pdf(document)


def to_html(document: PaperDocument) -> bytes:
    """Return the document as one HTML file that needs nothing else: no script, no request."""
    page = (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>{escape(document.title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n"
        f"{to_markup(document)}</main>\n</body>\n</html>\n"
    )
    return page.encode()


def to_markup(document: PaperDocument) -> str:
    """Return what stands in the main part of a page: all blocks, with the banner before and the foot after them."""
    parts = [f'<p class="paper__banner">{escape(document.banner)}</p>\n'] if document.banner else []
    name = document.title
    for block in document.blocks:
        if isinstance(block, blocks.PaperHeading):
            name = block.text
        parts += _parts(block, name)
    if document.foot:
        parts.append(f'<p class="paper__foot">{escape(document.foot)}</p>\n')
    return "".join(parts)


@singledispatch
def _parts(block: object, _name: str) -> Iterator[str]:
    """Yield the markup of a block; ``_name`` is the heading above it."""
    raise TypeError(f"No way to show a {type(block).__name__}.")


@_parts.register(blocks.PaperHeading)
def _show_heading(block: blocks.PaperHeading, _name: str) -> Iterator[str]:
    yield f"<h{block.level}>{escape(block.text)}</h{block.level}>\n"


@_parts.register(blocks.Paragraph)
def _show_paragraph(block: blocks.Paragraph, _name: str) -> Iterator[str]:
    text = escape(block.text)
    small = ' class="paper__small"' if block.small else ""
    yield f"<p{small}>{f'<b>{text}</b>' if block.bold else text}</p>\n"


@_parts.register(blocks.Lines)
def _show_lines(block: blocks.Lines, _name: str) -> Iterator[str]:
    yield f"<p>{'<br>'.join(escape(line) for line in block.lines)}</p>\n"


@_parts.register(blocks.Items)
def _show_items(block: blocks.Items, _name: str) -> Iterator[str]:
    tag = "ol" if block.numbered else "ul"
    yield f'<{tag} class="usa-list">\n'
    for item in block.items:
        yield f"<li>{escape(item)}</li>\n"
    yield f"</{tag}>\n"


@_parts.register(blocks.Table)
def _show_table(block: blocks.Table, name: str) -> Iterator[str]:
    label = escape(name, quote=True)
    yield f'<div class="scroll" tabindex="0" role="region" aria-label="{label}">\n'
    yield '<table class="usa-table">\n<thead><tr>'
    for column in block.columns:
        yield f'<th scope="col">{escape(column.title)}</th>'
    yield "</tr></thead>\n<tbody>\n"
    for row in (*block.rows, *([block.totals] if block.totals else [])):
        yield "<tr>"
        for column, text in zip(block.columns, row, strict=True):
            # An empty heading of a row names nothing.
            yield f'<th scope="row">{escape(text)}</th>' if column.header and text else f"<td>{escape(text)}</td>"
        yield "</tr>\n"
    yield "</tbody>\n</table>\n</div>\n"
