from __future__ import annotations

from datetime import date
from itertools import pairwise, product
from typing import TYPE_CHECKING

import pytest

from assistant.answers import MODELS, Nominee
from assistant.program import (
    cite,
    criteria_for,
    criterion_source,
    fitting_models,
    get_model,
    glossary,
    models,
    program_contact,
    recipient_address,
    side_by_side,
    sources,
    topics,
)
from assistant.program.states_and_counties import fold
from assistant.program.words import chief_titles, words

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.answers import Model

# Which criteria count for which model: program page and the MOAs.
CITIZEN_BACKGROUND_LAWS = ["nominee-citizen", "nominee-background", "nominee-enforced-laws"]


@pytest.mark.parametrize(
    ("model", "codes", "by_ice"),
    [
        ("JEM", [*CITIZEN_BACKGROUND_LAWS, "nominee-facility-security", "nominee-inmate-rules-authority"], 1),
        ("TFM", [*CITIZEN_BACKGROUND_LAWS, "nominee-two-years"], 2),
        ("TTFM", CITIZEN_BACKGROUND_LAWS, 1),
        ("WSO", [*CITIZEN_BACKGROUND_LAWS, "nominee-facility-security", "nominee-inmate-rules-enforced"], 1),
    ],
)
def test_criteria_of_each_model(model: Model, codes: list[str], by_ice: int) -> None:
    criteria = criteria_for(model)
    assert [c.code for c in criteria if c.is_asked] == codes
    assert len(criteria) - len(codes) == by_ice
    for criterion in criteria:
        assert all(hasattr(Nominee, field) for field in criterion.fields)
        assert criterion.field == (criterion.fields[0] if criterion.is_asked else None)
        assert criterion.text.endswith(".")
        assert criterion.document
        assert criterion.checked_on is not None
        others = {f"{other} MOA" for other in MODELS if other != model}
        assert not {c.source.document for c in criterion.citations} & others


def test_a_criterion_is_cited_to_the_page() -> None:
    years = next(c for c in criteria_for("TFM") if c.code == "nominee-two-years")
    assert years.source == (
        "ICE's 287(g) program page, as updated 01/28/2026, How Can Your Agency Participate; "
        "TFM MOA rev. 03/07/2025, VII. Nomination of Personnel, p. 3"
    )
    assert (years.document, years.section, years.page) == ("TFM MOA", "VII. Nomination of Personnel", 3)
    assert years.revision == "03/07/2025"
    laws = next(c for c in criteria_for("TFM") if c.code == "nominee-enforced-laws")
    assert (laws.document, laws.page, laws.checked_on) == ("ICE's 287(g) program page", None, date(2026, 1, 28))


def test_criterion_source_names_every_agreement() -> None:
    source = criterion_source("nominee-citizen")
    assert all(name in source for name in ("program page", "JEM MOA", "TFM MOA", "WSO MOA"))
    with pytest.raises(KeyError):
        criterion_source("nominee-shoe-size")


def test_models_are_the_four() -> None:
    assert tuple(card.code for card in models()) == MODELS
    assert get_model("WSO").name == "Warrant Service Officer"
    for card in models():
        assert card.purpose.endswith(".")
        assert card.criteria == criteria_for(card.code)
        assert {said.topic for said in card.statements} <= {topic.key for topic in topics()}
        assert all(said.citation for said in card.statements)


@pytest.mark.parametrize("model", ["JEM", "TFM", "WSO"])
def test_a_statement_that_was_read_names_section_and_page(model: Model) -> None:
    for said in get_model(model).statements:
        if said.sureness == "text read":
            assert said.citation is not None
            assert said.citation.section
            assert said.citation.page
        assert get_model(model).on(said.topic)[0].sureness != "not published"


def test_what_is_not_published_is_said() -> None:
    (training,) = get_model("TTFM").on("training")
    assert (training.text, training.citation, training.sureness) == ("Not published. Ask ICE.", None, "not published")


def test_side_by_side_is_a_full_table() -> None:
    table = side_by_side()
    assert [topic for topic, _ in table] == list(topics())
    assert all(len(cells) == len(MODELS) and all(cells) for _, cells in table)
    assert table[0][0].key == "delegates"
    assert table[0][1][0][0].text.startswith("In the agency's jail only")


@pytest.mark.parametrize(
    ("jail", "patrol", "tribal", "expected"),
    [
        (True, True, False, {"JEM": True, "TFM": True, "TTFM": False, "WSO": True}),
        (True, False, False, {"JEM": True, "TFM": False, "TTFM": False, "WSO": True}),
        (False, True, False, {"JEM": False, "TFM": True, "TTFM": False, "WSO": False}),
        (False, False, False, {"JEM": False, "TFM": False, "TTFM": False, "WSO": False}),
        (False, True, True, {"JEM": False, "TFM": None, "TTFM": True, "WSO": False}),
        (True, True, True, {"JEM": None, "TFM": None, "TTFM": True, "WSO": None}),
        (True, False, True, {"JEM": None, "TFM": False, "TTFM": False, "WSO": None}),
        (None, None, None, {"JEM": None, "TFM": None, "TTFM": None, "WSO": None}),
        (None, None, True, {"JEM": None, "TFM": None, "TTFM": True, "WSO": None}),
        (True, True, None, {"JEM": True, "TFM": True, "TTFM": None, "WSO": True}),
    ],
)
def test_chooser(
    *, jail: bool | None, patrol: bool | None, tribal: bool | None, expected: dict[str, bool | None]
) -> None:
    fits = fitting_models(operates_jail=jail, conducts_patrol=patrol, tribal=tribal)
    assert {fit.model: fit.fits for fit in fits} == expected
    for fit in fits:
        assert fit.why.endswith(".")
        open_question = fit.fits is None and not (tribal and "Section 287(g)" in fit.why)
        assert fit.why.startswith("Say whether") == open_question


def test_every_choice_has_an_answer_for_each_model() -> None:
    for jail, patrol, tribal in product((True, False, None), repeat=3):
        fits = fitting_models(operates_jail=jail, conducts_patrol=patrol, tribal=tribal)
        assert tuple(fit.model for fit in fits) == MODELS


def test_sources_and_citations() -> None:
    assert sources()["page"].checked_on == date(2026, 1, 28)
    assert str(cite("moa-wso", "VIII", 6)) == "WSO MOA rev. 02/14/2025, VIII, p. 6"
    assert str(cite("press")) == "Press reports"
    assert str(cite("field-offices")).endswith("ice-offices, 1915d7a")
    with pytest.raises(KeyError):
        cite("hearsay")


def test_contacts_are_those_of_the_page(shared: Path) -> None:
    page = (shared / "program-page" / "ice-287g-program-page-2026-01-28.txt").read_text("utf-8")
    assert recipient_address() == "ERO287g@ice.dhs.gov" == program_contact().recipient
    assert recipient_address() in page
    assert program_contact().telephone in page
    assert program_contact().headquarters[1:] == ("500 12th St SW", "Washington, DC 20536")
    assert program_contact().headquarters[1] in page


def test_glossary_is_in_order_and_sourced() -> None:
    terms = [term.term for term in glossary()]
    assert all(one.casefold() < two.casefold() for one, two in pairwise(terms))
    assert {"287(g)", "OPLA", "LEA", "MOA"} <= set(terms)
    assert all(term.meaning.endswith(".") and term.citation for term in glossary())


def test_words_are_folded_and_chiefs_have_titles() -> None:
    for name in (
        "offices",
        "titles",
        "ranks",
        "places",
        "agencies",
        "spelled",
        "placeholders",
        "governments",
        "ices_titles",
    ):
        assert words(name)
        assert all(word == fold(word) for word in words(name))
    assert "sheriff" in chief_titles("county")
    assert "sheriff" not in chief_titles("municipality")
    assert chief_titles("other") == chief_titles(None) >= chief_titles("county") | chief_titles("tribal")
    with pytest.raises(KeyError):
        words("curses")
