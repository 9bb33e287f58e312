"""A draft that was signed all the same is told apart from what was ready."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from assistant.editions.form_plan import fill_form
from assistant.editions.library import FormLibrary
from assistant.rules.agreement import check_document

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.answers import Answers


@pytest.mark.parametrize("draft", [True, False])
def test_the_mark_of_a_draft_blocks(official_forms: Path, example_answers: Answers, *, draft: bool) -> None:
    form = FormLibrary.from_directory(official_forms).choose("WSO")
    found = check_document(fill_form(form, example_answers, draft=draft).data, "2026-02-01")
    codes = {finding["code"]: finding["severity"] for finding in found["findings"]}
    assert codes.get("draft-mark-left") == ("blocker" if draft else None)
