"""An edition that was registered here is taken back: to be corrected and kept anew, in the browser or by command."""

from __future__ import annotations

import hashlib
import sqlite3
from dataclasses import replace
from html import unescape
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pytest

from assistant.cli import main as cli
from assistant.editions import library
from assistant.editions.catalog import all_editions, get_edition, local_editions_dir, read_edition
from assistant.editions.recognition import recognise
from assistant.pdf import sandbox
from assistant.pdf.form.template import compile_template
from assistant.services.application import changed_blanks
from assistant.services.form_maps import form_drafts, forms
from tests.web.conftest import snapshot
from tests.web.made_up import add_application, complete_answers
from tests.web.test_mapping import give, opened, typed
from tests.web.test_mapping_identity import AGREEMENT, SAID, decide, form

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.pdf.sandbox import Task
    from assistant.web.kit.context import Parts
    from tests.web.conftest import PageClient

NAME = "moa-tfm/2026-01-05"
PAGE = f"/forms/editions/{NAME}/unregister"


@pytest.fixture(autouse=True)
def instance(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Keep editions in the folder of the test."""
    monkeypatch.setenv("ASSISTANT_INSTANCE_DIR", str(tmp_path / "instance"))
    return tmp_path / "instance"


@pytest.fixture
def data(client: PageClient, parts: Parts, tmp_path: Path) -> bytes:
    """Return a form whose map was kept here."""
    data = form(tmp_path, AGREEMENT)
    address = str(give(client, data).location)
    client.post(f"{address}form", data=typed(client.get(f"{address}form").text) | SAID)
    decide(client, address)
    kept = client.send(f"{address}keep", version=str(opened(parts, address).row.version), looked="yes")
    assert kept.status_code == 302
    return data


def folders(instance: Path) -> list[Path]:
    return [file.parent for file in (instance / "unregistered").glob("*/moa-tfm/*/edition.toml")]


def test_an_edition_is_taken_back_corrected_and_kept_again(
    client: PageClient, parts: Parts, instance: Path, data: bytes
) -> None:
    edition = get_edition(NAME)
    assert "first unregister the edition there" in give(client, data).text
    assert f'href="{PAGE}"' in client.get("/forms/").text
    assert "Nothing is lost" in client.get(PAGE).text
    done = client.send(PAGE)
    assert "The edition is unregistered" in client.get(str(done.location)).text
    assert NAME not in {known.name for known in all_editions()}
    assert recognise(compile_template(data)) is None
    with parts.reader() as session:
        assert not forms.stored_forms(session)
        (row,) = form_drafts.drafts_of(session, parts.agency_id)
    address = f"/forms/drafts/{row.public_id}/"
    assert done.location == f"{address}?saved=back"
    (folder,) = folders(instance)
    assert read_edition(folder / "edition.toml") == edition
    assert [file.read_bytes() for file in folder.glob("*.pdf")] == [data]
    draft = opened(parts, address)
    assert draft.edition == edition
    assert (draft.named, draft.undecided) == (True, ())
    second = client.send(PAGE)
    assert second.location == "/forms/?change=unregistered", "sent twice"

    values = typed(client.get(f"{address}pages/1").text) | {"meaning-1": "agency.short_name"}
    assert client.post(f"{address}pages/1", data=values).status_code == 302
    kept = client.post(f"{address}keep", data=typed(client.get(f"{address}keep").text) | {"looked": "yes"})
    assert kept.status_code == 302, kept.text
    assert [entry.path for entry in get_edition(NAME).entries] == ["agency.short_name"]
    assert recognise(compile_template(data)) == get_edition(NAME)
    client.send(PAGE)
    assert len(folders(instance)) == 2


@pytest.mark.parametrize(("count", "words"), [(1, "One application uses"), (2, "2 applications use")])
def test_it_is_refused_while_applications_stay_with_it(
    client: PageClient, parts: Parts, data: bytes, count: int, words: str
) -> None:
    assert data
    answers = replace(complete_answers(), editions=MappingProxyType({"TFM": "2026-01-05"}))
    for _ in range(count):
        add_application(parts, parts.agency_id, answers)
    add_application(parts, parts.agency_id)
    before = snapshot(parts)
    page = client.get(PAGE).text
    assert words in page
    assert "Unregister it</button>" not in page
    refused = client.send(PAGE)
    assert refused.status_code == 409
    assert words in refused.text
    assert client.post(PAGE).status_code == 400
    assert snapshot(parts) == before
    assert NAME in {known.name for known in all_editions()}


@pytest.mark.parametrize("name", ["moa-tfm/2025-02-12", "moa-tfm/2031-01-01", "moa-tfm/..", "x/y"])
def test_what_was_not_registered_here_is_not_taken_back(
    client: PageClient, parts: Parts, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    before = snapshot(parts)
    assert client.get(f"/forms/editions/{name}/unregister").status_code == 404
    assert client.send(f"/forms/editions/{name}/unregister").status_code == 404
    assert snapshot(parts) == before
    assert cli.run(["forms", "unregister", name]) == 2
    assert "registered on this installation" in capsys.readouterr().err


def test_a_map_that_cannot_be_read_is_moved_aside(client: PageClient, instance: Path, data: bytes) -> None:
    assert data
    (local_editions_dir() / NAME / "edition.toml").write_text("spoilt", "utf-8")
    assert "its map cannot be read" in client.get("/forms/").text
    assert client.send(PAGE).location == "/forms/?change=unregistered"
    (folder,) = folders(instance)
    assert (folder / "edition.toml").read_text("utf-8") == "spoilt"
    assert len(list(folder.glob("*.pdf"))) == 1
    assert "None yet" in client.get("/forms/drafts/").text


def test_the_command_takes_it_back_and_says_where_it_lies(
    client: PageClient, parts: Parts, data: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = replace(complete_answers(), editions=MappingProxyType({"TFM": "2026-01-05"}))
    public_id = add_application(parts, parts.agency_id, answers)
    assert cli.run(["forms", "unregister", NAME]) == 1
    said = capsys.readouterr().err
    assert "One application uses moa-tfm/2026-01-05" in said
    file = tmp_path / "form.pdf"
    assert cli.run(["forms", "map", str(file), "--out", str(tmp_path / "out")]) == 0
    assert f"`moa forms unregister {NAME}` unregisters it" in capsys.readouterr().err
    client.send(f"/applications/{public_id}/editions/TFM/newest", version="1")
    client.send(f"/applications/{public_id}/editions/TFM/2025-03-07", version="2")
    assert cli.run(["forms", "unregister", NAME]) == 0
    (folder,) = folders(tmp_path / "instance")
    assert str(folder) in unescape(capsys.readouterr().out)
    assert cli.run(["forms", "register", str(folder), str(file)]) == 0
    assert recognise(compile_template(data)) == get_edition(NAME)


def test_what_is_taken_back_is_taken_back_though_nobody_reads_on(
    parts: Parts, instance: Path, data: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def closed(_: str) -> str:
        raise BrokenPipeError

    assert data
    monkeypatch.setattr("assistant.cli.forms.unregister.printable", closed)
    assert cli.run(["forms", "unregister", NAME]) == 141
    assert folders(instance)
    with parts.reader() as session:
        assert not forms.stored_forms(session), "the folder went, and the database did not"
        assert form_drafts.drafts_of(session, parts.agency_id)


def test_nobody_waits_to_save_while_a_command_or_the_page_reads_the_form(
    client: PageClient, parts: Parts, data: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_child, saved = sandbox._run_child, []

    def save_meanwhile(task: Task[Any], given: bytes) -> tuple[int | None, bytes]:
        with sqlite3.connect(str(parts.engine.url.database), timeout=0, isolation_level=None) as other:
            other.execute("BEGIN IMMEDIATE")
            other.execute("ROLLBACK")
        saved.append(task.function)
        return run_child(task, given)

    monkeypatch.setattr(sandbox, "_run_child", save_meanwhile)
    file = tmp_path / "form.pdf"

    def run(*command: str) -> set[str]:
        saved.clear()
        library._examined.clear()
        forms._libraries.clear()
        changed_blanks._compared.clear()
        assert cli.run(["forms", *command]) == 0
        return set(saved)

    assert run("check") == {"check_known_map"}
    assert run("list") == {"inspect_document"}
    assert run("unregister", NAME) == {"take_apart"}
    (folder,) = folders(tmp_path / "instance")
    assert {"check_draft", "exercise_form", "compare_forms"} <= run("register", str(folder), str(file))
    assert cli.run(["forms", "remove", hashlib.sha256(data).hexdigest()]) == 0
    assert "exercise_form" in run("add", str(file))
    saved.clear()
    assert client.send(PAGE).status_code == 302
    assert saved == ["take_apart"]
