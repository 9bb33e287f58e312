"""The words of an HTML text, without drawing it: no picture, no style, no script and no link is followed."""

from __future__ import annotations

import re
from html.parser import HTMLParser

MAX_HTML = 2_000_000
"""Characters of an HTML text that are read; the rest is left off."""
SILENT = frozenset({"script", "style", "head", "title", "template", "noscript"})
VOID = frozenset({"br", "hr"})
BLOCKS = frozenset(
    {"p", "div", "li", "ul", "ol", "tr", "table", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "section"}
)
QUOTE = "blockquote"


class _WordsOfHtml(HTMLParser):
    """Collects the words; those in a quotation get a ">" before each line, as plain messages have it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[tuple[int, str]] = [(0, "")]
        self.silent = 0
        self.quotes = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - the parser gives them
        """Begin a line before a block, and count what is not shown."""
        if tag in SILENT:
            self.silent += 1
        if tag == QUOTE:
            self.quotes += 1
        if tag in BLOCKS or tag in VOID:
            self.lines.append((self.quotes, "- " if tag == "li" else ""))

    def handle_endtag(self, tag: str) -> None:
        """Begin a line behind a block."""
        if tag in SILENT:
            self.silent = max(0, self.silent - 1)
        if tag == QUOTE:
            self.quotes = max(0, self.quotes - 1)
        if tag in BLOCKS:
            self.lines.append((self.quotes, ""))

    def handle_data(self, data: str) -> None:
        """Add words to the line; line ends of the source say nothing."""
        if not self.silent:
            depth, line = self.lines[-1]
            self.lines[-1] = (depth, line + re.sub(r"\s+", " ", data))


def text_of_html(html: str) -> str:
    """Return the words of an HTML text, one line for each of its blocks; quoted ones begin with ">"."""
    parser = _WordsOfHtml()
    parser.feed(html[:MAX_HTML])
    parser.close()
    lines = [f"{'> ' * min(depth, 9)}{' '.join(line.split())}".rstrip() for depth, line in parser.lines]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"
