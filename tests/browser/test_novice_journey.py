"""A novice goes from nothing to a bundle for three models by what the pages say; what it takes is counted."""

from __future__ import annotations

import json
import zipfile
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import NARROW
from tests.browser.novice import LONG_NAME, TEXTS, Novice, late_warnings, warnings_of_review

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.browser.conftest import Tab

FORMS = ("moa-tfm-rev2025-03-07-flat.pdf", "moa-wso-rev2025-02-15-flat.pdf", "moa-jem-rev2025-02-15-flat.pdf")
MOST_CLICKS, MOST_PAGES = 25, 16
PEOPLE = 30


def test_a_novice_makes_a_bundle_for_three_models_in_25_clicks_and_16_pages(
    tabs: Callable[..., Tab], official_forms: Path, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    page = tabs().page
    novice = Novice(page, [official_forms / name for name in FORMS], people=PEOPLE)
    novice.go_from_nothing_to("Review")
    assert late_warnings(warnings_of_review(page), novice.said) == []
    expect(page.get_by_text("Ready to export")).to_be_visible()
    novice.go_on()
    packed = zipfile.ZipFile(novice.download(tmp_path))
    files = {name.rpartition("/")[2]: packed.read(name) for name in packed.namelist()}
    figures = f"{novice.clicks} clicks, {novice.pages} pages: {' > '.join(novice.walk)}"
    record_property("novice", figures)
    assert {"02-moa-tfm.pdf", "02-moa-wso.pdf", "02-moa-jem.pdf", "03-nominee-roster.pdf"} <= files.keys()
    assert json.loads(files["manifest.json"])["draft"] is False
    answers = json.loads(files["answers.json"])
    assert answers["agency"]["legal_name"] == LONG_NAME
    assert answers["agency"]["address"]["state"] == "FL"
    assert len(answers["nominees"]) == PEOPLE
    assert novice.clicks <= MOST_CLICKS, figures
    assert novice.pages <= MOST_PAGES, figures


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_10_a_careless_novice_is_told_on_each_page_what_the_review_says_of_it(
    tabs: Callable[..., Tab], official_forms: Path, *, scripts: bool
) -> None:
    """The review says nothing first: of long texts, a wrong place, a deputy who signs, an older form."""
    tab = tabs(scripts=scripts, viewport=NARROW)
    careless = {
        "County, city, State or tribe the agency represents": LONG_NAME,
        "OPLA office": "Denver",
    }
    forms = [official_forms / name for name in ("moa-tfm-rev2025-02-12.pdf", *FORMS[1:])]
    novice = Novice(tab.page, forms, people=3, shortens=False, texts=TEXTS | careless, head_signs=False)
    novice.go_from_nothing_to("Review")
    found = warnings_of_review(tab.page)
    assert {heading for heading, _ in found} == {"Agency", "Signatory", "ICE office", "Editions of the forms"}
    assert len(found) > 5
    assert late_warnings(found, novice.said) == []
