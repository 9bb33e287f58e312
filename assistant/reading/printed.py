"""The printed text of an agreement compared with that of the blank form, line by line: what was changed in it.

Only lines on which nothing is to be filled in are compared, and only on typed pages: what a program recognised from a
picture has slips of its own. Where a page has another layout, nothing is returned.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from typing import TYPE_CHECKING

from rapidfuzz import fuzz, process

from assistant.cache import LruCache, content_key
from assistant.pdf.viewer.viewed_pdf import ViewedPdf
from assistant.reading.known_pages import KnownPages, counted, weighed
from assistant.reading.tokens import bare, lines_of, tokens_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.pdf.viewer.viewed_pdf import ViewedPage
    from assistant.reading.agreement import PageMatch
    from assistant.reading.tokens import Token

MIN_WORDS = 6
"""A line of fewer words is a heading, a label or the end of a paragraph: too little to find again."""
MIN_LINE_LIKENESS = 75.0
"""Lines less alike than this (0 to 100) are two lines."""
MOST_CHANGED = 0.25
"""A page on which more of the lines differ has another layout, or was read badly."""
MAX_PAGE_SHARE = 0.5
"""A file with a changed line on more of its pages is not compared: its letters are stored in another way."""
MISREAD = 80.0
"""Words so much alike (0 to 100) are one word, of which a letter was misread."""
SURE = re.compile(r"[a-z]{2,}|\d+")
MAX_WORD_GAP_PT = 24.0
MAX_BASE_OFFSET_PT, SIZED = 1.5, 1.0
"""Points: a word so near to a line's baseline and of so nearly its size was set with it."""


@dataclass(frozen=True, slots=True)
class BlankForm:
    """A blank form: its words page by page, and the lines of each page on which nothing is filled in."""

    words_by_page: KnownPages
    lines: tuple[tuple[str, ...], ...]


_blank_forms: LruCache[bytes, BlankForm] = LruCache(
    8, max_bytes=2_000_000, size_of=lambda form: sum(len(line) for page in form.lines for line in page)
)


def blank_form(data: bytes) -> BlankForm:
    """Read a blank form.

    Raises:
        PdfError: the file cannot be opened.
    """
    return _blank_forms.get_or_make(content_key(data), lambda: _read_blank_form(data))


def _read_blank_form(data: bytes) -> BlankForm:
    with ViewedPdf(data) as viewed:
        tokens = [tokens_of(page) for page in viewed.pages]
        words = [counted(t.key for t in page_tokens if t.mark is None) for page_tokens in tokens]
        lines = tuple(tuple(_fixed(page, page_tokens)) for page, page_tokens in zip(viewed.pages, tokens, strict=True))
        return BlankForm(weighed(words), lines)


def altered(
    form: BlankForm, pages: Sequence[ViewedPage], tokens: Sequence[Sequence[Token]], matches: Sequence[PageMatch]
) -> tuple[tuple[int, str], ...] | None:
    """Return (page of the file, line of the blank form) for each printed line that does not stand there as it was.

    None where that is not known.
    """
    changed_lines: list[tuple[int, str]] = []
    compared = 0
    for page, on_page, match in zip(pages, tokens, matches, strict=True):
        if match.form_page is None or page.scanned or match.form_page > len(form.lines):
            continue
        form_lines = form.lines[match.form_page - 1]
        lines = lines_of(t for t in on_page if t.source == "text")
        joined = [bare(" ".join(token.text for token in line)) for line in lines]
        changed = [line for line in form_lines if not _stands(line, lines, joined)]
        if len(changed) <= MOST_CHANGED * len(form_lines):
            compared += 1
            changed_lines += [(page.number, line) for line in changed]
    if not compared or len({number for number, _ in changed_lines}) > MAX_PAGE_SHARE * compared:
        return None
    return tuple(changed_lines)


def _fixed(page: ViewedPage, tokens: Sequence[Token]) -> list[str]:
    """Return the lines of a blank form's page that hold no place to write on."""
    boxes = [mark.rect for mark in page.marks]
    boxes += [(w.x0, w.base - 2, w.x1, w.base + w.size) for w in page.words if "__" in w.text or "BBB" in w.text]
    fixed_lines = []
    for line in lines_of(t for t in tokens if t.source == "text"):
        low, high = min(t.base for t in line) - 1, max(t.base + t.size for t in line)
        if len(line) < MIN_WORDS or line[0].text.startswith((",", ".", ";")):
            continue
        # A gap may be a blank whose line is drawn, not written.
        gapless = all(right.x0 - left.x1 < MAX_WORD_GAP_PT for left, right in pairwise(line))
        if gapless and not any(y0 < high and y1 > low for _, y0, _, y1 in boxes):
            fixed_lines.append(" ".join(token.text for token in line))
    return fixed_lines


def _stands(line_text: str, lines: Sequence[Sequence[Token]], joined: Sequence[str]) -> bool:
    """Say whether a line of the blank form stands among the lines of a page, with no word changed, lost or put in.

    ``joined`` are the letters of each of the lines.
    """
    letters = bare(line_text)
    if letters in joined or (letters in "".join(joined) and not any(letters in text for text in joined)):
        return True
    near = process.extractOne(letters, joined, scorer=fuzz.ratio, score_cutoff=MIN_LINE_LIKENESS)
    if near is None:
        return False
    line = lines[near[2]]
    line_words, keys = [bare(word) for word in line_text.split()], [token.key for token in line]
    changes = [c for c in SequenceMatcher(None, line_words, keys, autojunk=False).get_opcodes() if c[0] != "equal"]
    return all(_no_change(line_words[a:b], line[c:d], line, at=(c, d)) for _, a, b, c, d in changes)


def _no_change(was: Sequence[str], now: Sequence[Token], line: Sequence[Token], *, at: tuple[int, int]) -> bool:
    """Say whether words were only parted otherwise, stand beside the line or across it, or cannot be read."""
    # A bullet, or letters of a font that does not say what they are: another program tells them in another way.
    if not all(SURE.fullmatch(word) for word in was) or any("\ufffd" in token.text for token in now):
        return True
    if was:
        old, new = "".join(was), "".join(token.key for token in now)
        return old == new or (not re.search(r"\d", old + new) and fuzz.ratio(old, new) >= MISREAD)
    if at[0] == 0 or at[1] == len(line):
        return True
    size = sorted(token.size for token in line)[len(line) // 2]
    base = sorted(token.base for token in line)[len(line) // 2]
    words = (t for t in now if SURE.fullmatch(t.key))
    return not any(abs(t.base - base) < MAX_BASE_OFFSET_PT and abs(t.size - size) < SIZED for t in words)
