"""What a page says after a save: of itself, or of the page before. Nothing is left for the review to say first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import request

from assistant.rules.fit import TOO_LONG
from assistant.rules.invalid import invalid_answers
from assistant.web.wizard import fit_meter
from assistant.web.wizard.application_state import (
    address_of,
    findings_of,
    findings_with_every_model,
    is_about_nothing,
    keeps_open,
)
from assistant.web.wizard.steps import get_step, question_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from assistant.rules import Finding
    from assistant.storage.tables import Application
    from assistant.web.kit.page_forms import PageForm
    from assistant.web.wizard.steps import Step

SHOWN_AFTER_SAVE = 5
"""Lines of one list after a save; each stands beside its question, too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A sentence about one answer, and its place: on the page of its step, its box."""

    message: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """What a page says after a save: of itself, or in a few lines of the step before.

    ``faults`` are the answers that cannot be right, ``tight`` those too long for a blank, ``remarks`` what else the
    review will say of what was answered; ``missing`` counts what else keeps the step open, ``address`` is the page
    where all of it stands beside its question.
    """

    slug: str
    title: str
    address: str
    faults: tuple[Fault, ...]
    tight: tuple[Fault, ...]
    remarks: tuple[Fault, ...]
    missing: int

    @property
    def complete(self) -> bool:
        """Say whether nothing is left to do on that step."""
        return not self.faults and not self.missing

    @property
    def has_something_to_see(self) -> bool:
        """Say whether any answer is worth another look."""
        return bool(self.tight or self.remarks)


def what_was_saved(application: Application, here: Step | None = None) -> Saved | None:
    """Return what to say about the step just saved, which the address names; ``here`` is the step of this page."""
    step = get_step(request.args.get("saved", ""))
    if step is None:
        return None
    at = application.public_id
    findings = findings_of(application, step)
    still_open = [finding for finding in findings if keeps_open(application, finding)]
    faults = invalid_answers(still_open)
    return Saved(
        slug=step.slug,
        title=step.title,
        address=address_of(at, step),
        faults=_faults(at, step, faults, here),
        tight=_tight(application, step, here),
        remarks=_faults(at, step, _remarks(application, step), here),
        missing=len(still_open) - len(faults),
    )


def _remarks(application: Application, step: Step) -> list[Finding]:
    """Return what the review says of answers of a page of questions, without what other lists say.

    Until a model is chosen, what any agreement minds counts; but not of answers that decide which model fits.
    """
    if step.page_form is None:
        return []
    every = not application.answers.models and step.slug not in {"eligibility", "models"}
    findings = findings_with_every_model(application, step) if every else findings_of(application, step)
    return [
        finding
        for finding in findings
        if finding.severity != "note"
        and finding.code not in TOO_LONG
        and not invalid_answers([finding])
        and not is_about_nothing(application, finding)
        and question_of(finding.where) in step.page_form.paths()
    ]


def _faults(at: UUID, step: Step, findings: Iterable[Finding], here: Step | None) -> tuple[Fault, ...]:
    rows = list(findings)[:SHOWN_AFTER_SAVE]
    return tuple(
        Fault(message=one.message, address=_box_of(at, step, question_of(one.where), here=here)) for one in rows
    )


def _tight(application: Application, step: Step, here: Step | None) -> tuple[Fault, ...]:
    """Return what the meters of a page say of answers that print too small, or not whole."""
    if step.page_form is None:
        return ()
    page_form = step.page_form.of(application.answers)
    labels = {path: field.label.text for path, field in page_form.questions()}
    return tuple(
        Fault(message=f"{labels[path]}: {meter.text}", address=_box_of(application.public_id, step, path, here=here))
        for path, meter in fit_meter.meters(application, page_form, {}).items()
        if meter.state in {"cut", "small"}
    )[:SHOWN_AFTER_SAVE]


def has_cut_answer(application: Application, page_form: PageForm) -> bool:
    """Say whether an answer of a page prints too small to read, or is cut off, in its tightest blank."""
    return any(meter.state == "cut" for meter in fit_meter.meters(application, page_form, {}).values())


def _box_of(application_id: UUID, step: Step, path: str, *, here: Step | None) -> str:
    """Return the place of a question: its box on this page, or the page of its step at the box."""
    if here is step and step.page_form is not None and path in step.page_form.paths():
        return f"#{step.page_form.html_id(path)}"
    return address_of(application_id, step, path=path)
