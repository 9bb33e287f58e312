"""What cannot be right is the same whether all rules are asked or only those that say so."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from assistant.answers import MODELS, Answers, Approvals, Model, Nominee
from assistant.editions.library import FormLibrary
from assistant.rules.invalid import INVALID, invalid_answers
from assistant.services.application.review import find_invalid_answers, review
from tests.editions.scenarios import NAMES, scenario

TODAY = date(2026, 1, 20)


def spoil(answers: Answers) -> Answers:
    """Return the answers with one that cannot be right for each rule that says so."""
    return replace(
        answers,
        agency=replace(answers.agency, state="XX"),
        program_contact=replace(answers.program_contact, phone="12"),
        approvals=Approvals(governing_body_approved_on=date(2030, 1, 1), counsel_reviewed_on=date(1980, 1, 1)),
        nominees=(*answers.nominees, Nominee(full_name="Lee Ash", background_completed_on=date(2031, 5, 5))),
    )


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("models", [MODELS, (), None], ids=["all", "no model", "own"])
def test_the_rules_alone_say_what_the_whole_review_says(name: str, models: tuple[Model, ...] | None) -> None:
    answers = scenario(name)
    answers = answers if models is None else replace(answers, models=models)
    for case in (answers, spoil(answers)):
        whole = invalid_answers(review(case, FormLibrary(), today=TODAY).findings)
        assert find_invalid_answers(case, today=TODAY) == whole
    assert {finding.code for finding in find_invalid_answers(spoil(answers), today=TODAY)} == INVALID
