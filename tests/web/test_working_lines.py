"""What takes over a second says so on the page before it is sent, for a browser with or without scripts."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from assistant.services.application.make_bundle import MadeBundle, make_planned
from assistant.services.form_maps import forms
from assistant.web.application import bundle_preview
from assistant.web.wizard.application_state import FEW_NOMINEES
from tests.web.made_up import NOW, add_application, complete_answers
from tests.web.test_mapping import give
from tests.web.test_mapping_identity import AGREEMENT, form

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.web.kit.context import Parts
    from tests.web.conftest import PageClient

LINE = re.compile(r'role="status" data-working="(Working… [^"]+)">(This usually takes [^<]+)<')


def with_nominees(parts: Parts, count: int) -> str:
    """Return the address of an application with so many nominees."""
    answers = complete_answers()
    one = answers.nominees[0]
    people = tuple(replace(one, full_name=f"Nominee {n}", badge_number=str(n)) for n in range(count))
    return f"/applications/{add_application(parts, parts.agency_id, replace(answers, nominees=people))}/"


@pytest.mark.parametrize("address", ["/check/", "/forms/drafts/new", "/forms/add", "/applications/from-agreement/"])
def test_a_page_that_reads_a_file_says_how_long_it_can_take(client: PageClient, address: str) -> None:
    page = client.get(address).text
    (working, before), *more = LINE.findall(page)
    assert not more
    seconds = re.findall(r"up to (\d+) seconds", f"{working} {before}")
    assert len(seconds) == 2
    assert len(set(seconds)) == 1
    # It stands in the form that is sent, so that the script finds it there.
    assert page.rindex("<form", 0, page.index("data-working")) < page.index("data-working") < page.index("</form>")


def test_documents_of_many_nominees_say_it_and_those_of_a_few_do_not(client: PageClient, parts: Parts) -> None:
    few, many = with_nominees(parts, 3), with_nominees(parts, FEW_NOMINEES + 1)
    for address, lines in ((few, 0), (f"{few}documents/", 0), (many, 1), (f"{many}documents/", 1)):
        assert len(LINE.findall(client.get(address).text)) == lines, address


def test_an_export_is_the_bundle_that_was_shown_and_is_made_once(
    client: PageClient, parts: Parts, official_forms: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The editions are pinned by the export; the documents shown before hold the same pins already."""
    with parts.writer() as session:
        forms.keep(session, (official_forms / "moa-tfm-rev2025-02-12.pdf").read_bytes(), now=NOW)
        session.commit()
    times: list[int] = []

    def count_and_make(*given: Any, **named: Any) -> MadeBundle:
        times.append(1)
        return make_planned(*given, **named)

    monkeypatch.setattr(bundle_preview, "make_planned", count_and_make)
    home = with_nominees(parts, 2)
    shown = client.get(f"{home}documents/answers.json/file").data
    assert b'"editions"' in shown
    result = client.send(f"{home}exports/").location
    assert client.get(f"{home}documents/answers.json/file").data == shown
    assert client.get(f"{result}bundle.zip").status_code == 200
    assert len(times) == 1


@pytest.mark.parametrize("address", ["/lists/import", "{home}nominees/roster/"])
def test_a_form_that_can_take_long_says_so_once_it_is_sent(client: PageClient, filled: str, address: str) -> None:
    page = client.get(address.format(home=filled)).text
    line = page.index('data-working="Working… This can take up to 10 seconds')
    assert page.rindex("<form", 0, line) < line < page.index("</form>", line)


def test_the_pages_of_a_map_and_keeping_it_say_it_too(client: PageClient, tmp_path: Path) -> None:
    address = str(give(client, form(tmp_path, AGREEMENT)).location)
    overview = client.get(address).text
    for link in (f'href="{address}pages/1"', f'href="{address}trial/usual/"'):
        row = overview[overview.index(link) : overview.index("</li>", overview.index(link))]
        assert 'data-working="Working…' in row, link
    for name in ("keep", "form", "pages/1"):
        page = client.get(f"{address}{name}").text
        assert "data-working" in page.partition("<form")[2].partition("</form>")[0], name
