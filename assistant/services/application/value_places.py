"""Where on the pages of a filled form the answers stand: each with the path that it comes from. Knows no requests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.editions.form_plan import flat_texts_of
from assistant.mapping.pictures import pixel_box

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.editions.form_plan import FormPlan, PlannedBlank
    from assistant.geometry import Rect
    from assistant.pdf.form.template import Template

SAME_ROW_PT = 6.0
"""Points by which the upper edges of two boxes side by side may differ."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ValuePlace:
    """A text on a page (from 1); ``box`` is in points from the upper left corner of the page as it is shown."""

    page: int
    box: Rect
    path: str
    text: str
    label: str
    """What the blank is called on the form."""


def value_places(plan: FormPlan) -> tuple[ValuePlace, ...]:
    """Return where a filled form shows answers, as a person reads the pages; nothing where no form is available."""
    template = plan.form.template
    if template is None:
        return ()
    places = [
        ValuePlace(
            page=number + 1,
            box=_shown_box(template, number, rect),
            path=blank.path,
            text=blank.text,
            label=blank.entry.label,
        )
        for blank in plan.texts_to_write()
        if not (blank.clipped or blank.missing)
        for number, rect in _rects(template, blank)
    ]
    return tuple(sorted(places, key=lambda place: (place.page, round(place.box[1] / SAME_ROW_PT), place.box[0])))


def _rects(template: Template, blank: PlannedBlank) -> Iterator[tuple[int, Rect]]:
    entry = blank.entry
    if entry.places:
        yield from ((flat.page, flat.rect) for flat in flat_texts_of(entry, blank.text))
        return
    widgets = template.fields[entry.blank].widgets
    for number in entry.widgets if entry.widgets is not None else range(len(widgets)):
        yield widgets[number].page, widgets[number].rect


def _shown_box(template: Template, number: int, rect: Rect) -> Rect:
    page = template.pages[number]
    width, height = page.box[2] - page.box[0], page.box[3] - page.box[1]
    if page.rotate in {90, 270}:
        width, height = height, width
    return pixel_box(page, rect, (round(width), round(height)))
