"""Whether the text in each blank can be read on paper. Sizes are in points."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from assistant.editions.formats import MIN_TEXT_PT, READABLE_TEXT_PT
from assistant.pdf.form.embedded_font import unwritable, why_absent
from assistant.rules.registry import FORM_REVIEW, Problem, rule
from assistant.rules.room import advise, longest_part
from assistant.rules.wording import texts
from assistant.text import drawn_form

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.editions.form_plan import PlannedBlank
    from assistant.rules.registry import Case
    from assistant.rules.room import Advice

# Sizes are computed by division; a difference below this is not visible on paper.
SIZE_TOLERANCE_PT = 0.05
MAX_LETTERS_NAMED = 4
UNSEEN = frozenset({"Cc", "Cf", "Zl", "Zp"})
COMPOSED = frozenset({"name-with-initials", "model-names"})
"""Formats that add to an answer, or spell it out, where there is room."""
TOO_LONG = frozenset({"text-clipped", "text-tiny", "text-shortened"})
"""The codes of findings about text that does not fit."""
NO_FONT = "The font for them is missing on this computer. Ask the person who set up this program to install it."


@rule("text-clipped", source=FORM_REVIEW)
def nothing_is_cut_off(case: Case) -> Iterator[Problem]:
    """No text is cut off at the edge of its blank."""
    for place, blank_text in _blanks(case):
        if blank_text.clipped and not blank_text.missing:
            advice = _advise(case, blank_text)
            yield Problem(
                longest_part(blank_text, case.answers),
                f"The text is cut off in the blank “{blank_text.entry.label}” ({place}). {advice.sentence}",
                command=advice.command,
            )


@rule("text-tiny", source=FORM_REVIEW)
def nothing_is_too_small(case: Case) -> Iterator[Problem]:
    """No text prints under 6 points, or under 7 points if a shorter wording would print larger."""
    for place, blank in _blanks(case):
        size, best = blank.size, blank.best_size
        if blank.clipped or size is None or size >= READABLE_TEXT_PT - SIZE_TOLERANCE_PT:
            continue
        # A low box cannot fit larger text, however short the wording.
        if size >= MIN_TEXT_PT and best is not None and best <= size + SIZE_TOLERANCE_PT:
            continue
        advice = _advise(case, blank)
        how = "too small to be read" if size < MIN_TEXT_PT else "hard to read"
        yield Problem(
            longest_part(blank, case.answers),
            f"The text would print at {size:.1f} pt in the blank “{blank.entry.label}” ({place}), {how}. It should "
            f"print at {READABLE_TEXT_PT:.0f} pt or more. {advice.sentence}",
            severity="blocker" if size < MIN_TEXT_PT else "warning",
            command=advice.command,
        )


@rule("text-shortened", severity="warning", source="How this program writes text: a part of it where there is no room")
def nothing_is_left_out_in_silence(case: Case) -> Iterator[Problem]:
    """Part of an answer is printed instead of the whole only if the user chose it."""
    for place, blank_text in _blanks(case):
        if blank_text.wording == "other" and blank_text.entry.format not in COMPOSED:
            advice = _advise(case, blank_text)
            other = "Choose a shorter wording" if advice.wording else "Change the answer"
            yield Problem(
                longest_part(blank_text, case.answers),
                f"The whole text does not fit in the blank “{blank_text.entry.label}” ({place}): only "
                f"“{blank_text.text}” is printed there. {other} if something else should be there.",
                command=advice.command if advice.wording else "",
            )


@rule("letter-unwritable", source="How this program writes text: with the fonts it carries")
def every_letter_can_be_written(case: Case) -> Iterator[Problem]:
    """Every letter of an answer can be printed correctly."""
    places: dict[str, str] = {}
    absent = why_absent()
    for place, blank_text in _blanks(case):
        if blank_text.missing:
            places.setdefault(blank_text.path, f"the blank “{blank_text.entry.label}” ({place})")
    for path, text in texts(case.answers):
        if text.isascii() and text.isprintable():
            continue
        missing = unwritable(drawn_form(text))
        if unseen := "".join(letter for letter in missing if unicodedata.category(letter) in UNSEEN):
            yield Problem(
                path,
                "This text contains invisible control characters that may hide or reorder the text next to them: "
                f"{_named(unseen)}. Remove them: clear the answer and type it again.",
            )
        if missing := "".join(letter for letter in missing if letter not in unseen):
            yield Problem(
                path,
                f"These letters cannot be printed in {places.get(path, 'the documents')}: {_named(missing)}. "
                f"{NO_FONT if absent else 'Write the text in Latin, Greek or Cyrillic letters, or add it by hand.'}",
                command=absent,
            )


def _named(letters: str) -> str:
    """Return the names of the letters, because the checklist cannot print the letters either."""
    names = [
        f"U+{ord(letter):04X} {unicodedata.name(letter, 'unnamed').lower()}" for letter in letters[:MAX_LETTERS_NAMED]
    ]
    return ", ".join([*names, "and others"] if len(letters) > MAX_LETTERS_NAMED else names)


def _blanks(case: Case) -> Iterator[tuple[str, PlannedBlank]]:
    for name, plan in case.papers():
        for blank_text in plan.blanks:
            yield f"{name}, p. {blank_text.entry.page}" if blank_text.entry.page else name, blank_text


def _advise(case: Case, blank_text: PlannedBlank) -> Advice:
    return advise(blank_text, case.answers, [blank.entry for _, plan in case.papers() for blank in plan.blanks])
