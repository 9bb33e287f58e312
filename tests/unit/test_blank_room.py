"""Where an answer has the least room, how many letters fit there, what is shorter, and the picture of the blank."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PIL import Image, ImageStat

from assistant.answers import with_path
from assistant.editions.form_plan import measure_entry
from assistant.editions.formats import MIN_TEXT_PT, READABLE_TEXT_PT
from assistant.editions.library import FormLibrary
from assistant.services.application.blank_picture import draw_blank, part_around
from assistant.services.application.blank_room import (
    TightBlank,
    letters_drawn,
    offer_shorter,
    plans_to_measure,
    room_in,
    tightest_blanks,
)
from assistant.services.application.plan import plan_application
from tests.web.made_up import complete_answers

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.answers import Answers, Model

NAME = "agency.legal_name"
LONG = "Example Springs County Sheriff’s Office"


def tightest(answers: Answers, library: FormLibrary, path: str = NAME) -> TightBlank:
    plans = plans_to_measure(plan_application(answers, library), library)
    return tightest_blanks(plans, answers, {path})[path]


def library_of(folder: Path, *names: str) -> FormLibrary:
    return FormLibrary([(folder / name).read_bytes() for name in names])


@pytest.fixture(scope="module")
def library(official_forms: Path) -> FormLibrary:
    return library_of(official_forms, "moa-tfm-rev2025-02-12.pdf", "moa-wso-rev2025-02-14.pdf")


@pytest.fixture
def long_name() -> Answers:
    return with_path(complete_answers(), NAME, LONG)


def test_so_many_letters_fit_and_not_one_more(library: FormLibrary, long_name: Answers) -> None:
    tight = tightest(long_name, library)
    room = room_in(tight, long_name)
    assert room.length == len(LONG)
    assert 0 < room.letters < room.length
    template = tight.form.template
    assert template
    assert measure_entry(tight.blank.entry, LONG[: room.letters], template).size >= READABLE_TEXT_PT - 0.05
    assert measure_entry(tight.blank.entry, LONG[: room.letters + 1], template).size < READABLE_TEXT_PT


def test_the_blank_is_the_tightest_of_all_forms_chosen(library: FormLibrary, long_name: Answers) -> None:
    tight = tightest(long_name, library)
    sizes = [
        blank.size
        for _, plan in plans_to_measure(plan_application(long_name, library), library)
        for blank in plan.blanks
        if blank.entry.path == NAME and blank.size
    ]
    assert tight.blank.size == min(sizes)
    assert len(tight.places) > 1


def test_before_a_model_is_chosen_every_form_on_hand_counts(official_forms: Path, long_name: Answers) -> None:
    wso_chosen = replace(long_name, models=("WSO",))
    nothing_chosen = replace(long_name, models=())
    library = library_of(official_forms, "moa-tfm-rev2025-02-12.pdf", "moa-wso-rev2025-02-14.pdf")
    assert tightest(wso_chosen, library).form.edition.model == "WSO"
    assert tightest(nothing_chosen, library).form.edition.name == "moa-tfm/2025-02-12"


@pytest.mark.parametrize("models", [(), ("TFM",)])
def test_without_a_form_the_known_map_is_measured(long_name: Answers, models: tuple[Model, ...]) -> None:
    answers = replace(long_name, models=models)
    tight = tightest(answers, FormLibrary())
    assert tight.is_measured_by_map
    assert tight.blank.size
    assert room_in(tight, answers).letters > 10


def test_an_answer_not_given_yet_has_room_too(library: FormLibrary) -> None:
    answers = with_path(complete_answers(), NAME, None)
    room = room_in(tightest(answers, library), answers)
    assert (room.length, room.letters > 10) == (0, True)


def test_offers_print_larger_and_are_ranked_by_size(library: FormLibrary, long_name: Answers) -> None:
    tight = tightest(long_name, library)
    offers = offer_shorter(tight, NAME, long_name)
    assert offers
    assert [offer.size for offer in offers] == sorted((offer.size for offer in offers), reverse=True)
    for offer in offers:
        assert offer.size >= MIN_TEXT_PT
        assert offer.size > (tight.blank.size or 0)
        chosen = replace(long_name, short_wordings={NAME: offer.text})
        blank = tightest(chosen, library).blank
        assert (blank.text, blank.size) == (offer.text, offer.size), "it prints as it was offered"


def test_a_name_that_fits_gets_no_offer(library: FormLibrary) -> None:
    answers = with_path(complete_answers(), NAME, "Lee PD")
    assert offer_shorter(tightest(answers, library), NAME, answers) == ()


@pytest.mark.parametrize("text", ["", "Lee PD", LONG])
def test_the_picture_shows_the_blank_and_what_is_in_it(library: FormLibrary, long_name: Answers, text: str) -> None:
    tight = tightest(long_name, library)
    entry, template = tight.blank.entry, tight.form.template
    assert template
    shown = letters_drawn(tight, text)
    picture = Image.open(io.BytesIO(draw_blank(tight.form, entry, shown))).convert("RGB")
    part = part_around(template, entry, shown)
    assert picture.size == pytest.approx(part.size, abs=2)
    scale = picture.width / (part.part[2] - part.part[0])
    x0, y0, x1, y1 = ((n - o) * scale for n, o in zip(part.blank, part.part[:2] * 2, strict=True))
    inside = picture.crop((round(x0) + 6, round(y0) + 6, round(x1) - 6, round(y1) - 12))
    dark = sum(inside.convert("L").point(lambda n: 255 * (n < 100)).histogram()[200:])
    assert bool(dark) == bool(text), "ink stands in the blank exactly where there is a text"
    red, _, blue = ImageStat.Stat(inside).median
    assert blue < 200 < red, "the blank is marked in yellow"


def test_of_a_text_that_is_cut_off_the_part_that_prints_is_drawn(library: FormLibrary) -> None:
    name = "The Consolidated Example Springs and Sample Valley County Sheriff’s Office"
    answers = with_path(complete_answers(), NAME, name)
    tight = tightest(answers, library)
    assert tight.blank.clipped
    shown = letters_drawn(tight, tight.blank.text)
    assert 10 < len(shown) < len(name)
    assert draw_blank(tight.form, tight.blank.entry, shown)
