"""Whether what goes into each blank can be read on paper. Sizes are in points."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from assistant.answers import get_path
from assistant.formats import parts
from assistant.pdf.font import drawn_form
from assistant.pdf.truetype import unwritable, why_absent
from assistant.rules.registry import FORM_REVIEW, Problem, rule
from assistant.rules.wording import texts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.answers import Answers
    from assistant.library import Written
    from assistant.rules.registry import Case

READABLE = 7.0
LEGIBLE = 6.0
# Sizes come out of a division; less than this is no difference on paper.
SAME = 0.05
NAMED = 4
UNSEEN = frozenset({"Cc", "Cf", "Zl", "Zp"})
COMPOSED = frozenset({"name-with-initials", "model-names"})
"""Formats that add to an answer, or spell it out, where there is room."""
TOO_LONG = frozenset({"text-clipped", "text-tiny", "text-shortened"})
"""The codes of findings that a shorter wording mends."""


@rule("text-clipped", source=FORM_REVIEW)
def nothing_is_cut_off(case: Case) -> Iterator[Problem]:
    """No text is cut off at the edge of its blank."""
    for place, written in _blanks(case):
        if written.clipped and not written.missing:
            yield Problem(
                longest_part(written, case.answers),
                f"The text is cut off in the blank “{written.entry.label}” ({place}). {_advice(written)}",
            )


@rule("text-tiny", source=FORM_REVIEW)
def nothing_is_too_small(case: Case) -> Iterator[Problem]:
    """No text prints under 6 points, nor under 7 points where a shorter wording would print larger."""
    for place, written in _blanks(case):
        size, best = written.size, written.best_size
        if written.clipped or size is None or size >= READABLE - SAME:
            continue
        # A low box holds nothing larger, whatever the wording.
        if size >= LEGIBLE and best is not None and best <= size + SAME:
            continue
        yield Problem(
            longest_part(written, case.answers),
            f"The text would print at {size:.1f} pt in the blank “{written.entry.label}” ({place}); "
            f"{LEGIBLE if size < LEGIBLE else READABLE:.0f} pt is the least that can be read. {_advice(written)}",
            severity="blocker" if size < LEGIBLE else "warning",
        )


@rule("text-shortened", severity="warning", source="How this program writes text: a part of it where there is no room")
def nothing_is_left_out_in_silence(case: Case) -> Iterator[Problem]:
    """A part of an answer stands for the whole only where the user chose it."""
    for place, written in _blanks(case):
        if written.wording == "other" and written.entry.format not in COMPOSED:
            yield Problem(
                longest_part(written, case.answers),
                f"There is no room for all of it in the blank “{written.entry.label}” ({place}): only "
                f"“{written.text}” stands there. Choose a shorter wording, if something else is to stand there.",
            )


@rule("letter-unwritable", source="How this program writes text: with the fonts it carries")
def every_letter_can_be_written(case: Case) -> Iterator[Problem]:
    """Every letter of an answer can be written on paper as it is meant."""
    places: dict[str, str] = {}
    for place, written in _blanks(case):
        if written.missing:
            places.setdefault(written.path, f"the blank “{written.entry.label}” ({place})")
    for path, text in texts(case.answers):
        if text.isascii() and text.isprintable():
            continue
        missing = unwritable(drawn_form(text))
        if unseen := "".join(letter for letter in missing if unicodedata.category(letter) in UNSEEN):
            yield Problem(
                path,
                f"Control characters that nobody can see, and that may turn or hide what stands beside them, are in "
                f"this text: {_named(unseen)}. Remove them: empty the answer and type it anew.",
            )
        if missing := "".join(letter for letter in missing if letter not in unseen):
            yield Problem(
                path,
                f"These letters cannot be printed in {places.get(path, 'the documents')}: {_named(missing)}. "
                f"{why_absent() or 'Write the text in Latin, Greek or Cyrillic letters, or add it by hand.'}",
            )


def how_to_shorten(code: str, where: str) -> str:
    """Return how a person gives the shorter wording that a finding of this code asks for, empty where it asks for none.

    It is for who works with an answers file or on paper; a page of the wizard has a box for it.
    """
    if code not in TOO_LONG or where == "models":
        return ""
    return (
        "A shorter wording is typed on the page of this answer, or written into the answers file: "
        f'"short_wordings": {{"{where}": "…"}}.'
    )


def longest_part(written: Written, answers: Answers) -> str:
    """Return the path of the longest answer that a blank is composed of: shortening that one helps most."""
    paths = parts(written.entry.format, written.entry.path)
    return max(paths, key=lambda path: len(str(get_path(answers, path) or "")))


def _named(letters: str) -> str:
    """Return letters by their names: the checklist that shows this cannot print them either."""
    names = [f"U+{ord(letter):04X} {unicodedata.name(letter, 'unnamed').lower()}" for letter in letters[:NAMED]]
    return ", ".join([*names, "and others"] if len(letters) > NAMED else names)


def _blanks(case: Case) -> Iterator[tuple[str, Written]]:
    for _, form, blanks in case.papers():
        for written in blanks:
            yield f"{form.edition.title}, p. {written.entry.page}", written


def _advice(written: Written) -> str:
    if written.wording == "short":
        return "Shorten the short wording further."
    if written.entry.path == "models":
        return "No shorter wording is known; let the form’s map leave this blank empty, to be filled by hand."
    return "Choose a shorter wording for this blank."
