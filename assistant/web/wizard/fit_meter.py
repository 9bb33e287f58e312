"""The fit meter: how a value stands in its tightest blank, drawn there, and the shorter wordings on offer."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from flask import url_for
from wtforms.validators import ValidationError

from assistant.answers import get_path, with_path
from assistant.cache import LruCache, content_key
from assistant.editions.formats import MIN_TEXT_PT, READABLE_TEXT_PT
from assistant.errors import AnswersError, NotFoundError, SealError
from assistant.rules.room import Advice, advise, can_be_reworded
from assistant.services.application.blank_picture import draw_blank, part_around
from assistant.services.application.blank_room import (
    BlankRoom,
    ShorterOffer,
    TightBlank,
    letters_drawn,
    offer_shorter,
    plans_to_measure,
    room_in,
    tightest_blanks,
)
from assistant.services.application.plan import plan_application
from assistant.storage.tables import KEYRING
from assistant.web.kit.context import db
from assistant.web.kit.fields import refuse_unreadable
from assistant.web.kit.page_errors import PageError
from assistant.web.kit.page_forms import answer_of
from assistant.web.wizard.application_state import forms_fingerprint, library, plan_of
from assistant.web.wizard.steps import DERIVED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assistant.answers import Answers
    from assistant.services.application.plan import ApplicationPlan
    from assistant.storage.tables import Application
    from assistant.web.kit.page_forms import PageForm

WRITTEN_AS = {question: path for path, question in DERIVED.items()}
TAKE_SHORTER = "take_shorter"
"""The name of the buttons that take a shorter wording; their value is "name of the question:wording"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BlankView:
    """The picture of a blank on a page: its address, its size in pixels, and what it shows in words."""

    address: str
    width: int
    height: int
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Meter:
    """What stands beside a value: its printed size, the blank as it prints, and shorter wordings where one helps."""

    text: str
    state: Literal["open", "good", "small", "cut"]
    has_box: bool
    """Whether the answer may have a shorter wording at all."""
    offer_shorter: bool
    shorter: str
    error: str = ""
    offers: tuple[ShorterOffer, ...] = ()
    picture: BlankView | None = None
    caption: str = ""
    places: tuple[str, ...] = ()
    is_measured_by_map: bool = False
    paper: str = ""
    """Where the saved answer stands in the preview of a document; "": on none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shorter:
    """The shorter wordings typed on a page, by the path of their question (None: none), and what cannot be read."""

    texts: Mapping[str, str | None]
    errors: tuple[PageError, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """The tightest blank of an answer, what helps there, and what is drawn in its picture."""

    tight: TightBlank
    advice: Advice
    room: BlankRoom
    offers: tuple[ShorterOffer, ...]
    drawing: str = ""
    size: tuple[int, int] = (0, 0)
    """Of the picture, in pixels; 0: there is none."""
    page: int = 0


_measured: LruCache[bytes, dict[str, Measured]] = LruCache(64, personal=True)


def paper_path(path: str) -> str:
    """Return the path under which forms write the answer at a path."""
    return WRITTEN_AS.get(path, path)


def meters(
    application: Application,
    page_form: PageForm,
    entries: Mapping[str, str],
    *,
    papers: Mapping[str, str] | None = None,
) -> dict[str, Meter]:
    """Return a meter for each question whose value goes into a blank of a form, measured as it stands on the page.

    ``papers`` is where answers stand in the documents, as ``paper_addresses`` returns it, for a page that leads there.
    """
    paths = frozenset(paper_path(path) for path, question in page_form.questions() if question.kind == "line")
    if not paths:
        return {}
    answers = answers_on_page(application.answers, page_form, entries)
    if answers is application.answers:
        key = content_key(application.public_id, application.document_sealed, forms_fingerprint(), paths)
        measured = _measured.get_or_make(key, lambda: _measure(plan_of(application), paths))
    else:
        measured = _measure(plan_application(answers, library()), paths)
    result = {}
    for path, question in page_form.questions():
        written_at = paper_path(path)
        short_wording = entries.get(f"short-{question.name}", answers.short_wordings.get(written_at, ""))
        if question.kind == "line" and written_at in measured:
            full = str(get_path(answers, written_at) or "")
            meter = _meter(application, written_at, measured[written_at], full=full, short_wording=short_wording)
            result[path] = replace(meter, paper=(papers or {}).get(path, ""))
    return result


def answers_on_page(answers: Answers, page_form: PageForm, entries: Mapping[str, str]) -> Answers:
    """Return the answers with what stands on a page, saved or not; what cannot be read is left as it was saved."""
    for path, question in page_form.questions():
        value = answer_of(question)
        if not question.errors and value != get_path(answers, path):
            answers = _with_answer(answers, path, value)
        short = entries.get(f"short-{question.name}")
        if short is not None and short.strip() != answers.short_wordings.get(paper_path(path), ""):
            answers = _with_wording(answers, paper_path(path), short.strip())
    return answers


def _with_answer(answers: Answers, path: str, value: Any) -> Answers:
    try:
        return with_path(answers, path, value)
    except AnswersError:
        return answers


def _with_wording(answers: Answers, path: str, wording: str) -> Answers:
    try:
        refuse_unreadable(wording, name="the shorter wording")
    except ValidationError:
        return answers
    others = {other: text for other, text in answers.short_wordings.items() if other != path}
    return replace(answers, short_wordings=others | ({path: wording} if wording else {}))


def _measure(plan: ApplicationPlan, paths: frozenset[str]) -> dict[str, Measured]:
    """Return by path the blank in which an answer has the least room, and what helps there."""
    answers = plan.answers
    plans = plans_to_measure(plan, library())
    entries = [blank.entry for _, form_plan in plans for blank in form_plan.blanks]
    result = {}
    for path, tight in tightest_blanks(plans, answers, paths).items():
        blank = tight.blank
        advice = advise(blank, answers, entries) if blank.text else Advice(sentence="")
        offers = offer_shorter(tight, path, answers) if advice.wording else ()
        measured = Measured(tight=tight, advice=advice, room=room_in(tight, answers), offers=offers)
        template = tight.form.template
        if template is not None:
            drawing = letters_drawn(tight, blank.text)
            part = part_around(template, blank.entry, drawing)
            measured = replace(measured, drawing=drawing, size=part.size, page=part.page + 1)
        result[path] = measured
    return result


def _meter(application: Application, path: str, measured: Measured, *, full: str, short_wording: str) -> Meter:
    tight, room, advice = measured.tight, measured.room, measured.advice
    blank, size = tight.blank, tight.blank.size or 0.0
    page = measured.page or blank.entry.page
    where = f"its tightest blank ({tight.form_name}{f', page {page}' if page else ''})"
    # A box for a shorter wording only where one helps; one that was given before can be taken out again.
    meter = Meter(
        text=f"About {room.letters} letters fit at {room.size:.3g} pt in {where}.",
        state="open",
        has_box=can_be_reworded(path, tight.blank.entry.format) or bool(short_wording),
        offer_shorter=bool(short_wording),
        shorter=short_wording,
        picture=_picture(application, measured),
        caption=f"{tight.form_name}, page {page}: {blank.entry.label}" if page else tight.form_name,
        places=tight.places,
        is_measured_by_map=tight.is_measured_by_map,
    )
    if blank.wording == "empty":
        return meter
    count = f"{room.letters} letters fit at {room.size:.3g} pt, you have {room.length}."
    if blank.wording in {"short", "other"} and blank.text != full:
        text = f"In {where}, the shorter wording prints at {size:.1f} pt: “{blank.text}”."
    else:
        text = f"Prints at {size:.1f} pt in {where}. {count}"
    offer = advice.wording or bool(short_wording)
    if blank.clipped or size < MIN_TEXT_PT:
        fault = "The end is cut off there" if blank.clipped else "That is too small to read"
        verb = "choose" if measured.offers else "enter"
        text = f"{text} {fault}{f': {verb} a shorter wording.' if advice.wording else f'. {advice.sentence}'}"
        return replace(meter, text=text, state="cut", offer_shorter=offer, offers=measured.offers)
    if size < READABLE_TEXT_PT and (blank.best_size or 0.0) > size:
        how = "a shorter wording" if advice.wording else "a shorter answer"
        text = f"{text} That is small: {how} would print larger."
        return replace(meter, text=text, state="small", offer_shorter=offer, offers=measured.offers)
    return replace(meter, text=text, state="good")


def _picture(application: Application, measured: Measured) -> BlankView | None:
    width, height = measured.size
    if not width:
        return None
    blank = measured.tight.blank
    text = measured.drawing
    token = _seal([measured.tight.form.edition.name, blank.entry.blank, text], application)
    shows = f"with “{text}” in it" if text else "still empty"
    return BlankView(
        address=url_for("wizard.blank", application_id=application.public_id, token=token),
        width=width,
        height=height,
        words=f"Part of page {measured.page} of the official form: the blank {shows}.",
    )


def _place_of(application: Application) -> str:
    return f"picture of a blank of {application.public_id}"


def _seal(value: list[str], application: Application) -> str:
    """Return what a picture shows, sealed: a typed answer stands in no address and in no log."""
    sealed: bytes = db().info[KEYRING].seal(json.dumps(value), _place_of(application))
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def picture_of_blank(application: Application, token: str) -> bytes:
    """Return the picture of a blank whose address a page of this application has.

    Raises:
        NotFoundError: the address is none of this application's, or the form is no longer on hand.
    """
    try:
        sealed = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        edition, blank, text = json.loads(db().info[KEYRING].open(sealed, _place_of(application)))
    except (SealError, ValueError):
        raise NotFoundError("There is no such picture. Reload the page.") from None
    for form in library().on_hand():
        if form.edition.name == edition:
            for entry in form.edition.entries:
                if entry.blank == blank:
                    return draw_blank(form, entry, text)
    raise NotFoundError("The official form was removed. Reload the page.")


def take_offer(entries: Mapping[str, str]) -> dict[str, str]:
    """Return what a page sends, with the shorter wording in its box whose button was pressed."""
    name, _, wording = entries.get(TAKE_SHORTER, "").partition(":")
    return {**entries, f"short-{name}": wording} if wording else dict(entries)


def question_of_offer(page_form: type[PageForm] | None, entries: Mapping[str, str]) -> str:
    """Return the path of the question whose offered wording was taken, "" where no such button was pressed."""
    name = entries.get(TAKE_SHORTER, "").partition(":")[0]
    questions = page_form().questions() if page_form and name else ()
    return next((path for path, question in questions if question.name == name), "")


def shorter_wordings(page_form: PageForm, entries: Mapping[str, str]) -> Shorter:
    """Return the shorter wordings that a page sends; one without a box on the page is not among them."""
    texts: dict[str, str | None] = {}
    errors = []
    for path, question in page_form.questions():
        name = f"short-{question.name}"
        if name not in entries:
            continue
        text = entries[name].strip()
        try:
            refuse_unreadable(text, name="the shorter wording")
        except ValidationError as error:
            errors.append(PageError(message=str(error), id=f"short-{question.id}"))
        else:
            texts[path] = text or None
    return Shorter(texts=texts, errors=tuple(errors))
