"""Where answers land on paper: the blank with the least room for each, how many letters it takes, and what is shorter.

Measures with the code that fills the forms. Until a model is chosen every form on hand counts; for a model whose form
is not on hand, the lines of the newest known map do.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant.answers import MODELS, get_path
from assistant.editions import formats
from assistant.editions.form_plan import measure_entry, plan_blank, plan_blanks
from assistant.editions.formats import MIN_TEXT_PT, READABLE_TEXT_PT
from assistant.rules.room import longest_part
from assistant.rules.shorter_names import shorten_person, shorten_street, shorten_text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from assistant.answers import Answers
    from assistant.editions.catalog import Edition, Entry
    from assistant.editions.form_plan import FormPlan, PlannedBlank
    from assistant.editions.library import FormLibrary, FormOnHand
    from assistant.services.application.plan import ApplicationPlan

SAMPLE = "Example County Sheriff’s Office"
"""Stands for an answer that was not given yet: its letters are as wide as those of most."""
MOST_LETTERS = 200
"""A page takes no longer answers (``LONGEST_LINE``)."""
SIZE_TOLERANCE_PT = 0.05
MAX_OFFERS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class TightBlank:
    """The blank with the least room for an answer."""

    form_name: str
    """"Task Force Model (TFM)"."""
    form: FormOnHand
    blank: PlannedBlank
    places: tuple[str, ...]
    """All blanks that the answer goes into, in words: "Task Force Model (TFM), page 9"."""

    @property
    def is_measured_by_map(self) -> bool:
        """Say whether the official form is not on hand, so that only its map was measured."""
        return self.form.data is None

    def measure(self, text: str) -> tuple[float, float, bool]:
        """Return (size, largest possible size in points, whether some of it is lost) of a text in this blank."""
        fit = measure_entry(self.blank.entry, text, self.form.template)
        return fit.size, fit.best_size, fit.clipped or bool(fit.missing)


@dataclass(frozen=True, slots=True, kw_only=True)
class BlankRoom:
    """How many letters of a text a blank takes at a size in points, and how many the text has; 0: no text yet."""

    letters: int
    size: float
    length: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ShorterOffer:
    """A shorter wording that a person may take, and the size in points at which it prints."""

    text: str
    size: float


def plans_to_measure(plan: ApplicationPlan, library: FormLibrary) -> list[tuple[str, FormPlan]]:
    """Return (name of the form, its plan) of each form in which an answer may have to fit."""
    answers = plan.answers
    if answers.models:
        plans = [
            form if form.form.data else plan_blanks(form.form, answers, by_map=True)
            for form in plan.agreements.values()
        ]
        plans += [plan.letter] if plan.letter else []
    else:
        forms = list(library.on_hand())
        models_on_hand = {form.edition.model for form in forms}
        forms += [library.choose(model) for model in MODELS if model not in models_on_hand]
        plans = [plan_blanks(form, answers, by_map=True) for form in forms]
    return [(name_of_form(form_plan.form.edition), form_plan) for form_plan in plans]


def name_of_form(edition: Edition) -> str:
    """Return what a form is called: "Task Force Model (TFM)"."""
    return f"{formats.MODEL_NAMES[edition.model]} ({edition.model})" if edition.model else "Letter of Interest"


def tightest_blanks(
    plans: Sequence[tuple[str, FormPlan]], answers: Answers, paths: Collection[str]
) -> dict[str, TightBlank]:
    """Return by path the blank in which an answer has the least room; an answer that is not printed has none."""
    tightest: dict[str, tuple[tuple[bool, float], str, FormPlan, PlannedBlank]] = {}
    places: dict[str, dict[str, None]] = {}
    for name, form_plan, blank in _planned(plans, paths):
        path, room = _path_and_room(form_plan, blank, answers)
        place = f"{name}, page {blank.entry.page}" if blank.entry.page else name
        for part in formats.parts(blank.entry.format, blank.entry.path):
            places.setdefault(part, {})[place] = None
        if path in paths and room is not None and (path not in tightest or room < tightest[path][0]):
            tightest[path] = (room, name, form_plan, blank)
    return {
        path: TightBlank(form_name=name, form=form_plan.form, blank=blank, places=tuple(places.get(path, ())))
        for path, (_, name, form_plan, blank) in tightest.items()
    }


def _planned(
    plans: Sequence[tuple[str, FormPlan]], paths: Collection[str]
) -> Iterator[tuple[str, FormPlan, PlannedBlank]]:
    for name, form_plan in plans:
        for blank in form_plan.blanks:
            if not set(formats.parts(blank.entry.format, blank.entry.path)).isdisjoint(paths):
                yield name, form_plan, blank


def _path_and_room(form_plan: FormPlan, blank: PlannedBlank, answers: Answers) -> tuple[str, tuple[bool, float] | None]:
    """Return the answer that a blank counts for, and what ranks its room: less is tighter; None: it does not count."""
    entry, template = blank.entry, form_plan.form.template
    if blank.wording == "empty":
        if template is None and not entry.places:
            return entry.path, None
        return entry.path, (True, measure_entry(entry, SAMPLE, template).size)
    if blank.size is None:
        return entry.path, None
    path = longest_part(blank, answers)
    # A blank composed of several answers has a place of its own on a page only where one of them must be shorter.
    if path != entry.path and not blank.clipped and blank.size >= READABLE_TEXT_PT:
        return path, None
    return path, (not blank.clipped, blank.size)


def room_in(tight: TightBlank, answers: Answers) -> BlankRoom:
    """Return how many letters of its text a blank takes at 7 pt, or at its own largest size where that is less."""
    entry = tight.blank.entry
    # Initials are only added where there is room: they count for nothing here.
    written_as = "text" if entry.format == "name-with-initials" else entry.format
    text = formats.write(written_as, get_path(answers, entry.path), answers)
    letters = text or SAMPLE
    size = min(READABLE_TEXT_PT, tight.measure(letters)[1])
    repeated = (f"{letters} " * (MOST_LETTERS // (len(letters) + 1) + 1))[:MOST_LETTERS]

    def is_too_long(count: int) -> bool:
        printed, _, is_cut = tight.measure(repeated[:count])
        return is_cut or printed < size - SIZE_TOLERANCE_PT

    fitting = bisect_left(range(1, len(repeated) + 1), x=True, key=is_too_long)
    return BlankRoom(letters=fitting, size=size, length=len(text))


def letters_drawn(tight: TightBlank, text: str) -> str:
    """Return what of a text can be drawn in a blank: the whole, or as much as is not cut off."""
    fitting = bisect_left(range(1, len(text) + 1), x=True, key=lambda count: tight.measure(text[:count])[2])
    return text[:fitting]


def offer_shorter(tight: TightBlank, path: str, answers: Answers) -> tuple[ShorterOffer, ...]:
    """Return shorter wordings of an answer for its tightest blank, the largest printed first.

    Only what can be read there, and prints larger than the whole text: the fullest that is easy to read, and the next.
    """
    entry, template = tight.blank.entry, tight.form.template
    without = replace(answers, short_wordings={p: t for p, t in answers.short_wordings.items() if p != path})
    full = plan_blank(entry, without, template, by_map=True)
    text = get_path(answers, path)
    if not isinstance(text, str):
        return ()
    shorten = shorten_person if path.endswith("full_name") else shorten_street if ".address." in path else shorten_text
    offers = []
    for wording in shorten(text):
        blank = _with_wording(entry, without, path, wording, tight)
        if blank.wording == "short" and blank.prints_at > full.prints_at + SIZE_TOLERANCE_PT:
            offers.append(ShorterOffer(text=wording, size=blank.prints_at))
    offers = [offer for offer in offers if offer.size >= MIN_TEXT_PT]
    offers.sort(key=lambda offer: (offer.size, -len(offer.text)))
    # Of those that print at one size, as large as the blank allows, the fullest is the best.
    best: dict[float, ShorterOffer] = {}
    for offer in offers:
        size = round(offer.size, 1)
        if size not in best or len(offer.text) > len(best[size].text):
            best[size] = offer
    ranked = list(best.values())
    easy = [n for n, offer in enumerate(ranked) if offer.size >= READABLE_TEXT_PT]
    first = easy[0] if easy else max(0, len(ranked) - MAX_OFFERS)
    return tuple(reversed(ranked[first : first + MAX_OFFERS]))


def _with_wording(entry: Entry, answers: Answers, path: str, wording: str, tight: TightBlank) -> PlannedBlank:
    changed = replace(answers, short_wordings={**answers.short_wordings, path: wording})
    return plan_blank(entry, changed, tight.form.template, by_map=True)
