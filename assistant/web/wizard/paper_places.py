"""Between a question and the paper: each filled value leads to its question, and a question to where it is printed."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from flask import url_for

from assistant.answers import get_path
from assistant.cache import LruCache, content_key
from assistant.documents.roster import PLACE as ROSTER_FILE
from assistant.documents.wording import LETTER_FILE, agreement_file
from assistant.services.application.value_places import find_letter_values, find_nominees, value_places
from assistant.web.wizard.application_state import address_of, forms_fingerprint, plan_of
from assistant.web.wizard.steps import known_step, label_of_path, question_of, step_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from uuid import UUID

    from assistant.answers import Answers
    from assistant.editions.form_plan import FormPlan
    from assistant.pdf.page_text import PageText
    from assistant.services.application.value_places import ValuePlace
    from assistant.storage.tables import Application

PAGES_SHOWN = 24
"""Pages of a document on one page of its preview: every official form fits, a long roster takes several."""
_BACK = re.compile(r"paper-([a-z0-9-]+\.pdf)-([0-9]{1,4})-([a-z_.0-9]{1,80})")

_places: LruCache[bytes, dict[str, tuple[ValuePlace, ...]]] = LruCache(16, personal=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperValue:
    """A filled value on a page: its number there, its box in points, and the way to its question.

    ``anchor`` names it on the page of the preview; a question whose answer stands in several places leads to the first.
    """

    number: int
    x: float
    y: float
    width: float
    height: float
    text: str
    label: str
    anchor: str
    change: str


def places_of(application: Application) -> dict[str, tuple[ValuePlace, ...]]:
    """Return by file name of the bundle where each filled official form shows answers; ``path`` is the question's."""
    key = content_key(application.public_id, application.document_sealed, forms_fingerprint())
    return _places.get_or_make(key, lambda: _find_places(application))


def _find_places(application: Application) -> dict[str, tuple[ValuePlace, ...]]:
    return {
        name: tuple(replace(place, path=_question_at(place, application.answers)) for place in value_places(plan))
        for name, plan in _filled_forms(application)
    }


def _question_at(place: ValuePlace, answers: Answers) -> str:
    """Return the path of the question that a text comes from; of a composed text, the longest answer that it holds."""
    path = question_of(place.path)
    page_form = step_of(path).page_form
    if page_form is None or path in page_form.paths():
        return path
    answers_in_text = {
        own: value
        for own in page_form.paths()
        if isinstance(value := get_path(answers, own), str) and value and value in place.text
    }
    return max(answers_in_text, key=lambda own: len(answers_in_text[own]), default=path)


def _filled_forms(application: Application) -> Iterator[tuple[str, FormPlan]]:
    plan = plan_of(application)
    if plan.letter is not None and plan.letter.form.template is not None:
        yield LETTER_FILE, plan.letter
    for model, agreement in plan.agreements.items():
        if agreement.form.template is not None:
            yield agreement_file(model), agreement


def values_on_pages(application: Application, name: str, texts: Mapping[int, PageText]) -> dict[int, list[PaperValue]]:
    """Return the filled values of a document by page (from 1); ``texts`` are what the pages to show say."""
    pages: dict[int, list[PaperValue]] = {}
    counts: dict[str, int] = {}
    for number, place in enumerate(_places_in(application, name, texts), 1):
        path = place.path
        step = step_of(path)
        counts[path] = counts.get(path, 0) + 1
        x0, y0, x1, y1 = place.box
        value = PaperValue(
            number=number,
            x=round(x0, 1),
            y=round(y0, 1),
            width=round(x1 - x0, 1),
            height=round(y1 - y0, 1),
            text=place.text,
            label=label_of_path(path, place.label),
            anchor=anchor_of(path) if counts[path] == 1 else f"{anchor_of(path)}-{counts[path]}",
            change=_nominee_address(application, path)
            if name == ROSTER_FILE
            else address_of(application.public_id, step, path=path, back=f"paper-{name}-{place.page}-{path}"),
        )
        pages.setdefault(place.page, []).append(value)
    return pages


def _places_in(application: Application, name: str, texts: Mapping[int, PageText]) -> Sequence[ValuePlace]:
    if name == ROSTER_FILE:
        return find_nominees(application.answers.nominees, texts)
    places = places_of(application).get(name)
    return find_letter_values(application.answers, texts) if places is None and name == LETTER_FILE else places or ()


def _nominee_address(application: Application, path: str) -> str:
    nominee_id = application.nominee_ids[int(path.rpartition(".")[2])]
    return url_for("nominees.person", application_id=application.public_id, nominee_id=nominee_id)


def anchor_of(path: str) -> str:
    """Return the id under which a page of the preview shows the first place of an answer."""
    return f"value-{path}"


def paper_addresses(application: Application) -> dict[str, str]:
    """Return by the path of a question where its answer is printed first; a question that is not printed has none."""
    addresses: dict[str, str] = {}
    if known_step("documents").needs(application.answers):
        return addresses
    for name, places in places_of(application).items():
        for place in places:
            if place.path not in addresses:
                addresses[place.path] = _address(application.public_id, name, place.page, place.path)
    return addresses


def paper_back(application_id: UUID, back: str, *, saved: str | None = None) -> str | None:
    """Return the place in a preview from which a question was opened; None where it was opened from elsewhere."""
    match = _BACK.fullmatch(back)
    return _address(application_id, match[1], int(match[2]), match[3], saved=saved) if match else None


def _address(application_id: UUID, name: str, page: int, path: str, *, saved: str | None = None) -> str:
    first = (page - 1) // PAGES_SHOWN * PAGES_SHOWN + 1
    return url_for(
        "documents.preview",
        application_id=application_id,
        name=name,
        first=first if first > 1 else None,
        saved=saved,
        _anchor=anchor_of(path),
    )
