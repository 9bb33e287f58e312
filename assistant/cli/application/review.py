"""``moa application review``: print the checklist: every finding, what to do, and its source."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from assistant.answers import parse
from assistant.cli.form_library import open_library
from assistant.cli.options import ANSWERS_FILE, forms_option, json_option, today_option
from assistant.cli.output import print_json, print_review, with_commands
from assistant.services.application.plan import plan_application
from assistant.services.application.review import review_plan

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path


@click.command("review")
@click.argument("answers_file", metavar="ANSWERS.json", type=ANSWERS_FILE)
@json_option
@today_option
@forms_option
def review(answers_file: Path, today: date, forms_dir: Path | None, *, as_json: bool) -> int:
    """Print the checklist: every finding, what to do, and its source."""
    plan = plan_application(parse(answers_file.read_bytes()), open_library(forms_dir))
    plan.require_editions()
    review_result = with_commands(review_plan(plan, today=today))
    if as_json:
        print_json(review_result.to_document())
    else:
        print_review(review_result)
    return 0 if review_result.ready else 1
