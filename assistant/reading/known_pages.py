"""The pages of the known editions, as counted words: enough to tell a page by, too little to read it from.

``data/pages.json`` holds, for each page, how often each word stands on it; a word is two bytes of its digest, which
many words share. ``tests/finished/learn.py`` writes the file from the blank forms.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from math import fsum, log
from typing import TYPE_CHECKING

from assistant.reading.agreement import PageMatch

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping, Sequence

    from assistant.pdf.viewer.viewed_pdf import ViewedPage

MIN_WORD_LETTERS = 3
MIN_WORDS = 12
"""A page with fewer words cannot be identified."""
SAME_PAGE = 0.55
SAME_PAGE_RECOGNISED = 0.40
ENGLISH = 0.1
"""Words of which fewer stand on any page of the forms are no text that can be read: of letters moved by a code some 3
in 100 are met by chance, of any English text every fourth."""
THERE = 0.35
"""A page of the form whose own words stand in the file to a smaller part than this is missing."""


@dataclass(frozen=True, slots=True)
class KnownPages:
    """The pages of one edition, with the weight of each word: the rarer on the pages, the more it tells."""

    pages: tuple[Counter[str], ...]
    weights: Mapping[str, float]
    sums: tuple[float, ...] = field(init=False)
    """What the words of each page weigh together."""

    def __post_init__(self) -> None:
        """Work out the sums."""
        object.__setattr__(self, "sums", tuple(weight_of(page, self.weights) for page in self.pages))

    def likenesses(self, words: Counter[str]) -> list[float]:
        """Return how like a page's words are to those of each of the form's pages: 0 to 1."""
        own = weight_of(words, self.weights)
        scores = []
        for page_words, whole in zip(self.pages, self.sums, strict=True):
            both = weight_of(
                {word: min(page_words[word], words[word]) for word in page_words.keys() & words.keys()}, self.weights
            )
            scores.append(2 * both / max(whole + own, 1e-9))
        return scores

    def legible(self, words: Counter[str], number: int) -> float:
        """Return how much of a page's words stand among the given ones, each as often: 0 to 1."""
        own = self.pages[number]
        return sum((own & words).values()) / max(own.total(), 1)

    def spread(self, words: Counter[str], number: int) -> float:
        """Return how much of a page's own words (those on no other page) stand among the given ones."""
        own = [word for word in self.pages[number] if sum(word in page for page in self.pages) == 1]
        return sum(word in words for word in own) / len(own) if own else 1.0


def weight_of(words: Mapping[str, int], weights: Mapping[str, float]) -> float:
    """Return what words weigh together; one that stands on no page of the form tells little."""
    return fsum(weights.get(word, 0.5) * count for word, count in words.items())


def counted(texts: Iterable[str]) -> Counter[str]:
    """Return the words of a page, digested and counted; short ones tell nothing."""
    return Counter(digest(text) for text in texts if len(text) >= MIN_WORD_LETTERS)


def digest(word: str) -> str:
    """Return two bytes of a word's digest, in hexadecimal."""
    return hashlib.blake2s(word.encode("utf-8"), digest_size=2).hexdigest()


@cache
def known_pages() -> dict[str, KnownPages]:
    """Return what is stored, by the edition's name."""
    text = resources.files("assistant.reading").joinpath("data/pages.json").read_text("utf-8")
    pages_by_form = {}
    for name, pages in json.loads(text).items():
        pages_by_form[name] = weighed([Counter(page) for page in pages])
    return pages_by_form


def weighed(pages: Sequence[Counter[str]]) -> KnownPages:
    """Return the pages of a form with what each word tells."""
    spread = Counter(word for page in pages for word in page)
    weights = {word: 1 + log(len(pages) / count) for word, count in spread.items()}
    return KnownPages(tuple(pages), weights)


def is_garbled(texts: Iterable[str], forms: Mapping[str, KnownPages]) -> bool:
    """Say whether a page has enough words to tell, and hardly any of them is a word of any form.

    So are the words of a font that does not say which letters it draws, and of a recognizer that failed.
    """
    words = counted(texts)
    form_words = vocabulary(forms)
    few = sum(count for word, count in words.items() if word in form_words) < ENGLISH * words.total()
    return few and words.total() >= MIN_WORDS


def vocabulary(forms: Mapping[str, KnownPages]) -> set[str]:
    """Return every word that stands on a page of the forms, digested."""
    return {word for form in forms.values() for page in form.pages for word in page}


def closest(words: Sequence[Counter[str]], forms: Mapping[str, KnownPages]) -> tuple[str, float]:
    """Return the edition whose pages are most like the given ones, and how like they are on the whole."""
    best = ("", 0.0)
    readable = [page for page in words if page.total() >= MIN_WORDS]
    for name, form in forms.items():
        # A paper of one page, which lies behind an agreement as well, is not what the whole file is.
        if readable and (len(form.pages) > 1 or len(readable) == 1):
            likenesses = [max(form.likenesses(page)) for page in readable]
            score = sum(sorted(likenesses, reverse=True)[: len(form.pages)]) / min(len(readable), len(form.pages))
            best = max(best, (name, score), key=lambda item: item[1])
    return best


def match_pages(
    pages: Sequence[ViewedPage],
    words: Sequence[Counter[str]],
    form: KnownPages | None,
    garbled: Container[int] = frozenset(),
) -> list[PageMatch]:
    """Return for each page of the file which page of the form it is; of no form, where none is known.

    ``garbled`` are the numbers of the pages whose text cannot be read: they are unread.
    """
    matches = []
    for page, bag in zip(pages, words, strict=True):
        unread = bag.total() < MIN_WORDS or page.number in garbled
        scores = [0.0] if unread or form is None else form.likenesses(bag)
        best = max(range(len(scores)), key=scores.__getitem__)
        enough = scores[best] >= (SAME_PAGE_RECOGNISED if page.scanned else SAME_PAGE)
        matches.append(
            PageMatch(
                number=page.number,
                form_page=best + 1 if enough else None,
                likeness=round(scores[best], 3),
                unread=unread,
                scanned=page.scanned,
                sideways=page.sideways,
                shown_turned=bool(page.sideways) and not unread,
                legible=form.legible(bag, best) if enough and form else 0.0,
            )
        )
    return matches


def missing_pages(matches: Sequence[PageMatch], words: Sequence[Counter[str]], form: KnownPages) -> tuple[int, ...]:
    """Return the pages of the form (from 1) that are surely not in the file, in any order or layout.

    Pages that cannot be identified may be any page: no page is called missing because of them.
    """
    whole: Counter[str] = Counter()
    for bag in words:
        whole.update(bag)
    there = {match.form_page for match in matches}
    lacking = [n for n in range(1, len(form.pages) + 1) if n not in there and form.spread(whole, n - 1) < THERE]
    return tuple(lacking) if len(lacking) > sum(match.unread for match in matches) else ()
