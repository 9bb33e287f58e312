"""Every rule as a card: requirement, severity, source, page, revision, and how old the reading is."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from assistant import program
from assistant.program.fact_register import all_facts
from assistant.rules import all_rules
from assistant.rules.agreement import all_document_rules
from assistant.services.installation.import_facts import import_facts
from assistant.web.reference.rule_cards import CRITERIA, cards, places_in
from tests.web.made_up import NOW

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from tests.web.conftest import Clock, PageClient

TODAY = date(2026, 11, 24)


def test_every_rule_and_every_criterion_has_a_card(client: PageClient) -> None:
    page = client.get("/program/rules").text
    codes = {rule.code for rule in (*all_rules(), *all_document_rules())}
    assert set(re.findall(r'id="rule-([a-z0-9-]+)"', page)) == codes
    criteria = {criterion.code for model in ("JEM", "TFM", "TTFM", "WSO") for criterion in program.criteria_for(model)}
    assert set(re.findall(r'id="criterion-([a-z0-9-]+)"', page)) == criteria
    two_years = page.partition('id="criterion-nominee-two-years"')[2].partition("</li>")[0]
    assert "VII. Nomination of Personnel; page 3; revision 03/07/2025" in two_years
    assert "Checked " in two_years
    assert "Applies to TFM." in two_years


def test_one_subject_is_shown_alone(client: PageClient) -> None:
    page = client.get("/program/rules?subject=dates").text
    wanted = {rule.code for rule in all_rules() if rule.subject == "dates"}
    assert set(re.findall(r'id="rule-([a-z0-9-]+)"', page)) == wanted
    whole = client.get("/program/rules?subject=<script>").text
    assert "<script>" not in whole.partition("<h1>")[2]
    assert whole.count('id="rule-') == len({rule.code for rule in (*all_rules(), *all_document_rules())})


def test_every_subject_can_be_reached(client: PageClient) -> None:
    links = re.findall(r'href="(/program/rules\?subject=[^"]+)"', client.get("/program/rules").text)
    assert len(links) == len({card.subject for card in cards(TODAY)})
    for link in links:
        assert 'class="cards__card"' in client.get(link.replace("&amp;", "&")).text


def test_a_reading_older_than_a_year_is_told(client: PageClient, clock: Clock) -> None:
    assert not any(card.old for card in cards(date(2026, 12, 1)))
    later = cards(date(2027, 11, 25))
    assert any(card.old for card in later)
    assert next(card for card in later if card.subject == CRITERIA).old
    clock.now = datetime(2028, 1, 1, tzinfo=UTC)
    assert "over a year ago" in client.get("/program/rules").text


def test_a_line_of_sources_is_taken_apart() -> None:
    line = "ICE's 287(g) program page, as updated 01/28/2026, How Can Your Agency Participate; TFM MOA rev. 03/07/2025, VII. Nomination of Personnel, p. 3; Somebody"  # noqa: E501 - as a rule has it
    page, moa, other = places_in(line, TODAY)
    assert (page.section, page.page, page.checked_on) == ("How Can Your Agency Participate", None, date(2026, 1, 28))
    assert (moa.document, moa.section, moa.page, moa.revision) == (
        "TFM MOA", "VII. Nomination of Personnel", 3, "03/07/2025",
    )  # fmt: skip
    assert (other.document, other.checked_on, other.old) == ("Somebody", None, False)


def test_no_source_of_a_rule_is_left_unread_by_mistake() -> None:
    for rule in all_rules():
        for place in places_in(rule.source, TODAY):
            titles = [source.document for source in program.sources().values()]
            assert place.document in titles or not re.search(r"\bMOA rev\.|program page", place.document), rule.code


def test_every_fact_is_on_a_page_with_its_age(client: PageClient) -> None:
    page = client.get("/program/facts").text
    assert page.count('<tr><th scope="row">') == len(all_facts())
    assert "No day is known" in page
    laws = client.get("/program/facts?subject=State+law").text
    assert laws.count('<tr><th scope="row">') == sum(fact.subject == "State law" for fact in all_facts())
    assert client.get("/program/facts?subject=nonsense").text.count('<tr><th scope="row">') == len(all_facts())


def test_an_import_shows_with_the_next_page_and_says_what_stood_before(
    client: PageClient, filled: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSISTANT_INSTANCE_DIR", str(tmp_path / "other"))
    review = client.get(f"{filled}review/").text
    assert "A made-up law." not in review
    assert "Last checked January 28, 2026." in review
    law = "FL,mandate,Made-up act,A made-up law.,https://law.example.gov,2026-01-10,high"
    folder = tmp_path / "new"
    folder.mkdir()
    (folder / "state_laws.csv").write_text(f"state,effect,authority,summary,source,as_of,confidence\n{law}\n", "utf-8")
    import_facts(folder, now=NOW, today=NOW.date())
    review = client.get(f"{filled}review/").text
    assert "A made-up law." in review
    assert "https://law.example.gov. Last checked January 10, 2026." in review
    page = client.get("/program/facts?subject=State+law").text
    assert "from the file state_laws.csv" in page
    assert "No longer in force" in page
    second = law.replace("A made-up law", "Another made-up law")
    (folder / "state_laws.csv").write_text(
        f"state,effect,authority,summary,source,as_of,confidence\n{second}\n", "utf-8"
    )
    import_facts(folder, now=NOW, today=NOW.date())
    page = client.get("/program/facts?subject=State+law").text
    assert page.count("What stood before") == 1
    assert "mandate. A made-up law. Confidence: high." in page
