"""The words of an HTML text, without drawing it: no picture, no style, no script and no link is followed.

Read in one pass: the parser of the standard library takes minutes for 100 kB of unclosed tags.
"""

from __future__ import annotations

import html
import re

MAX_HTML = 2_000_000
"""Characters of an HTML text that are read; the rest is left off."""
SILENT = frozenset({"script", "style", "head", "title", "template", "noscript"})
LINES = frozenset({"br", "hr"})
BLOCKS = frozenset(
    {"p", "div", "li", "ul", "ol", "tr", "table", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "section"}
)
QUOTE, MAX_DEPTH = "blockquote", 9
TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,20})(?![a-zA-Z0-9])[^<>]{0,20000}>|<[!?][^<>]{0,20000}>")
COMMENT, COMMENT_END = "<!--", "-->"


def text_of_html(source: str) -> str:
    """Return the words of an HTML text, one line for each of its blocks; quoted ones begin with ">"."""
    lines: list[tuple[int, list[str]]] = [(0, [])]
    depth, at, source = 0, 0, source[:MAX_HTML]
    while at < len(source):
        start = source.find("<", at)
        if start < 0:
            start = len(source)
        if start > at:
            lines[-1][1].append(_plain(source[at:start]))
        if source.startswith(COMMENT, start):
            end = source.find(COMMENT_END, start + len(COMMENT))
            at = len(source) if end < 0 else end + len(COMMENT_END)
            continue
        tag = TAG.match(source, start)
        if tag is None:
            lines[-1][1].append(source[start : start + 1])
            at = start + 1
            continue
        at = tag.end()
        name, closes = (tag[2] or "").lower(), bool(tag[1])
        if name in SILENT and not closes:
            at = _end_of(name, source, at)
        elif name == QUOTE:
            depth = max(0, depth - 1) if closes else min(MAX_DEPTH, depth + 1)
        if name in BLOCKS or name in LINES:
            lines.append((depth, ["- "] if name == "li" and not closes else []))
    texts = [f"{'> ' * depth}{' '.join(''.join(words).split())}".rstrip() for depth, words in lines]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(texts)).strip() + "\n"


def _end_of(name: str, source: str, at: int) -> int:
    """Return where an element ends whose contents are no words; the end of the text where it is never closed."""
    end = re.compile(rf"</{name}", re.IGNORECASE).search(source, at)
    return end.start() if end else len(source)


def _plain(text: str) -> str:
    try:
        return html.unescape(text)
    except ValueError:  # a character by a number of thousands of digits
        return text
