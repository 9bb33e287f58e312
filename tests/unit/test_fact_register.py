"""Every fact in one list: none is left out, each has a source, and the one checked longest ago comes first."""

from __future__ import annotations

import json
from datetime import date

import pytest
from click.testing import CliRunner

from assistant.cli.program.facts import facts_command
from assistant.program import models, stored
from assistant.program.fact_register import all_facts, day_named

TODAY = date(2026, 12, 1)


def test_each_fact_has_words_and_a_source_and_the_oldest_comes_first() -> None:
    facts = all_facts()
    assert all(fact.what and fact.text and fact.source for fact in facts)
    days = [fact.checked_on or date.min for fact in facts]
    assert days == sorted(days)
    assert all(fact.checked_on is None or fact.checked_on <= TODAY for fact in facts)


def test_nothing_is_left_out() -> None:
    by_subject = {
        subject: sum(fact.subject == subject for fact in all_facts())
        for subject in ("State law", "ICE office", "model")
    }
    assert by_subject == {
        "State law": len(stored.rows("state_laws")),
        "ICE office": len(stored.rows("field_offices"))
        + len({(row["state"], row["field_office"]) for row in stored.rows("field_office_counties")}),
        "model": sum(len(card.statements) for card in models()),
    }


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-05-21", date(2026, 5, 21)),
        ("2026-01", date(2026, 1, 1)),
        ("2019-", date(2019, 1, 1)),
        ("2017-; 2025 amendment not verified", date(2017, 1, 1)),
        ("2025-26", date(2025, 1, 1)),
        ("2026 (SB 1105 of 2026 pending, not read)", date(2026, 1, 1)),
        ("2025-02-30", date(2025, 2, 1)),
        ("not dated", None),
    ],
)
def test_a_day_is_read_as_the_first_that_the_note_can_mean(text: str, day: date | None) -> None:
    assert day_named(text) == day


def test_the_command_tells_source_and_age() -> None:
    result = CliRunner().invoke(facts_command, ["--subject", "State law", "--json", "--today", "2026-12-01"])
    assert result.exit_code == 0
    rows = json.loads(result.output)
    (law,) = [row for row in rows if row["what"].startswith("New York")]
    assert (law["checked_on"], law["age_days"]) == ("2026-05-21", 194)
    assert {row["subject"] for row in rows} == {"State law"}
    said = CliRunner().invoke(facts_command, ["--today", "2026-12-01"]).output
    assert "Source: ICE's 287(g) program page" in said
    assert said.rstrip().endswith("facts")
