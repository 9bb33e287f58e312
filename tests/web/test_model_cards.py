"""The models as cards: three lines each with their source, what a change does, and the long table for those chosen."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from typing import TYPE_CHECKING

import pytest

from assistant import program
from tests.web.made_up import add_application, complete_answers

if TYPE_CHECKING:
    from assistant.answers import Model
    from assistant.web.kit.context import Parts
    from tests.web.conftest import PageClient


def page_of(client: PageClient, parts: Parts, models: tuple[Model, ...]) -> str:
    answers = replace(complete_answers(), models=models)
    application = add_application(parts, parts.agency_id, answers)
    return unescape(client.get(f"/applications/{application}/steps/models").text)


def card_of(page: str, model: str) -> str:
    after = page.partition("</fieldset>")[0].partition(f'value="{model}"')[2]
    return after.partition('<div class="model-cards__card">')[0]


def test_a_card_has_three_lines_with_their_source(client: PageClient, parts: Parts) -> None:
    page = page_of(client, parts, ())
    for model in ("JEM", "TFM", "WSO"):
        card = card_of(page, model)
        assert re.findall(r"<dt>([^<]+)</dt>", card) == ["Lets officers", "Does not allow", "Costs you"]
        assert card.count('class="cite"') == 3
        assert "MOA rev." in card


@pytest.mark.parametrize("card", program.models(), ids=lambda card: card.code)
def test_a_short_line_is_shorter_than_its_statement(card: program.ModelCard) -> None:
    short = [statement for statement in card.statements if statement.short]
    assert len(short) == (0 if card.code == "TTFM" else 3)
    for statement in short:
        assert statement.citation
        assert len(statement.short) <= 150
        assert len(statement.short) < max(len(statement.text), 151)


def test_a_card_says_what_a_change_does(client: PageClient, parts: Parts) -> None:
    page = page_of(client, parts, ("TFM",))
    assert "One nominee is nominated for it: choose another model for them, or remove them." in card_of(page, "TFM")
    assert "No answer is deleted." in card_of(page, "TFM")
    assert "Each nominee for it is asked 2 more questions." in card_of(page, "WSO")
    both = page_of(client, parts, ("TFM", "WSO"))
    assert "Each nominee for it is asked 1 more question." in card_of(both, "JEM")


def test_the_long_table_is_for_the_models_chosen(client: PageClient, parts: Parts) -> None:
    table = page_of(client, parts, ("TFM", "WSO")).partition('id="compare"')[2]
    assert set(re.findall(r'<td data-model="(\w+)">', table)) == {"TFM", "WSO"}
    assert "All models side by side" in table
    everything = page_of(client, parts, ()).partition('id="compare"')[2]
    assert {"JEM", "TFM", "WSO"} <= set(re.findall(r'<td data-model="(\w+)">', everything))
