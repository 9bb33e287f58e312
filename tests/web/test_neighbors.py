"""At the choice of a model: who takes part in the agency's State, from the loaded list, and with its date."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.answers import with_path
from tests.web.made_up import add_application, complete_answers
from tests.web.test_list_changes import CITY, COBB, GUAM, LEE, PASCO, changed, load
from tests.web.test_lists import MOA

if TYPE_CHECKING:
    from assistant.web.kit.context import Parts
    from tests.web.conftest import PageClient


def models_page(client: PageClient, parts: Parts, **answers: str) -> str:
    made = complete_answers()
    for path, value in answers.items():
        made = with_path(made, path.replace("__", "."), value)
    return client.get(f"/applications/{add_application(parts, parts.agency_id, made)}/steps/models").text


def test_the_agencies_of_the_state_are_counted_by_kind_and_model(client: PageClient, parts: Parts) -> None:
    load(parts, "participatingAgencies01152026am", changed(PASCO, 6, MOA), LEE, COBB, GUAM, changed(CITY, 3, "Lee"))
    load(parts, "pendingAgencies01152026am", changed(CITY, 1, "Pending Town PD"))
    page = models_page(client, parts)
    assert "Who takes part in Florida" in page
    assert "list of January 15, 2026" in page
    assert '<th scope="row">County agencies</th><td>1</td><td>1</td><td>0</td>' in page
    assert '<th scope="row">Municipal agencies</th><td>0</td><td>1</td><td>0</td>' in page
    assert "In the same county:" in page, "Pasco is the agency's county"
    assert "Pasco County Sheriff&#39;s Office, TFM, signed March 7, 2025" in page
    assert MOA in page
    for absent in ("Pending Town PD", "Cobb County", "Lee County Jail"):
        assert absent not in page


def test_a_state_without_agencies_and_no_list_are_told_apart(client: PageClient, parts: Parts) -> None:
    assert "Who takes part" not in models_page(client, parts)
    load(parts, "participatingAgencies01152026am", PASCO)
    assert "names no agency there" in models_page(client, parts, agency__state="TX")
