"""From the answers to the bundle and its snapshot, with the publisher's forms and without."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pytest

from assistant.answers import Answers, parse
from assistant.editions.form_plan import plan_blanks
from assistant.editions.library import FormLibrary
from assistant.errors import AnswersError, BlockedError
from assistant.services.application import applications, export_log, history
from assistant.services.application import plan as plan_module
from assistant.services.application.make_bundle import export, make
from assistant.services.application.plan import chosen_forms, plan_application
from assistant.services.application.review import review

if TYPE_CHECKING:
    from pathlib import Path

    from tests.storage.conftest import Store

NOW = datetime(2026, 1, 20, 15, 30, tzinfo=UTC)
TODAY = date(2026, 1, 20)
NO_FORMS = FormLibrary()


@pytest.fixture(scope="session")
def library(official_forms: Path) -> FormLibrary:
    return FormLibrary.from_directory(official_forms)


def files_in(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as bundle:
        assert len({name.partition("/")[0] for name in bundle.namelist()}) == 1
        return {name.partition("/")[2]: bundle.read(name) for name in bundle.namelist()}


def test_each_model_gets_its_form_or_an_edition_without_one(example_answers: Answers, library: FormLibrary) -> None:
    with_jem = replace(example_answers, models=("TFM", "TTFM"))
    forms = chosen_forms(with_jem, library)
    assert list(forms) == ["TFM", "TTFM"]
    assert forms["TFM"].data is not None
    assert forms["TTFM"].data is None
    assert all(form.data is None for form in chosen_forms(with_jem, NO_FORMS).values())


def test_the_blanks_of_a_form_are_planned_once_for_review_fill_and_proof(
    example_answers: Answers, library: FormLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    planned = []

    def count_and_plan(form: Any, answers: Any) -> Any:
        planned.append(form.edition.name)
        return plan_blanks(form, answers)

    monkeypatch.setattr(plan_module, "plan_blanks", count_and_plan)
    monkeypatch.setattr("assistant.bundle.bundle.plan_blanks", count_and_plan)
    monkeypatch.setattr("assistant.editions.form_plan.plan_blanks", count_and_plan)
    answers = replace(example_answers, models=("TFM", "TTFM", "WSO"))
    made = make(answers, library, today=TODAY, draft=True)
    used = [form.edition.name for form in made.forms.values()] + ([made.letter.edition.name] if made.letter else [])
    assert sorted(planned) == sorted(used)
    assert len(used) >= len(answers.models)


def test_a_plan_names_the_editions_that_are_gone(example_answers: Answers) -> None:
    strange = replace(example_answers, editions=MappingProxyType({"TFM": "1999-01-01"}))
    plan = plan_application(strange, NO_FORMS)
    assert plan.missing_editions == {"TFM": "1999-01-01"}
    assert "TFM" not in plan.agreements
    with pytest.raises(AnswersError, match=r"editions\.TFM: There is no TFM edition 1999-01-01"):
        plan.require_editions()


def test_a_pinned_edition_is_taken(example_answers: Answers, library: FormLibrary) -> None:
    pinned = replace(example_answers, editions=MappingProxyType({"TFM": "2025-02-12"}))
    assert chosen_forms(pinned, library)["TFM"].edition.name == "moa-tfm/2025-02-12"
    strange = replace(example_answers, editions=MappingProxyType({"TFM": "1999-01-01"}))
    with pytest.raises(AnswersError, match=r"editions\.TFM"):
        chosen_forms(strange, library)


def test_the_example_is_ready_and_an_empty_application_is_not(example_answers: Answers, library: FormLibrary) -> None:
    assert review(example_answers, library, today=TODAY).ready
    assert review(example_answers, NO_FORMS, today=TODAY).ready
    assert not review(Answers(), NO_FORMS, today=TODAY).ready


def test_the_review_depends_on_the_day(example_answers: Answers) -> None:
    assert not review(example_answers, NO_FORMS, today=date(2019, 1, 1)).ready


def test_a_blocker_stops_the_export_but_not_a_draft(example_answers: Answers, library: FormLibrary) -> None:
    unready = replace(example_answers, nominees=(replace(example_answers.nominees[0], us_citizen=False),))
    with pytest.raises(BlockedError, match="block"):
        export(unready, library, today=TODAY, draft=False)
    manifest = json.loads(files_in(export(unready, library, today=TODAY, draft=True))["manifest.json"])
    assert manifest["draft"] is True


def test_the_bundle_holds_filled_forms_on_their_official_bytes(example_answers: Answers, library: FormLibrary) -> None:
    made = make(example_answers, library, today=TODAY, draft=False)
    files = files_in(made.data)
    assert parse(files["answers.json"]) == example_answers
    rows = {row["name"]: row for row in json.loads(files["manifest.json"])["files"]}
    for model, form in made.forms.items():
        assert form.data is not None
        name = f"02-moa-{model.lower()}.pdf"
        assert files[name].startswith(form.data)
        assert rows[name]["official_sha256"] == hashlib.sha256(files[name][: rows[name]["official_bytes"]]).hexdigest()
    assert made.data == export(example_answers, library, today=TODAY, draft=False), "the same bytes again"
    assert made.sha256 == hashlib.sha256(made.data).hexdigest()
    assert made.name.endswith("-287g-2026-01-20.zip")


def test_without_forms_there_are_entry_sheets(example_answers: Answers) -> None:
    files = files_in(export(example_answers, NO_FORMS, today=TODAY, draft=False))
    assert {"02-entry-sheet-tfm.pdf", "02-entry-sheet-wso.pdf"} <= files.keys()
    assert not any(name.startswith("02-moa") for name in files)


def test_a_made_bundle_is_recorded(store: Store, example_answers: Answers, library: FormLibrary) -> None:
    with store.write() as session:
        application = applications.create(session, store.agency_id, now=NOW, answers=example_answers)
        made = make(application.answers, library, today=TODAY, draft=False)
        kept = export_log.record_export(session, application, made, now=NOW)
        session.commit()
        assert parse(kept.answers) == example_answers
        assert json.loads(kept.review) == made.review.to_document()
        assert kept.editions["TFM"] == {
            "edition": made.forms["TFM"].edition.name,
            "sha256": made.forms["TFM"].sha256,
        }
        assert kept.version == 1
        assert history.verify(session, application) == []
