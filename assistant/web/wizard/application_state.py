"""What is known of an application in this request: its review, the forms available, what is still to do on a step.

Worked out once a request; the same answers, forms and day give the same review, so the last few are kept.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from flask import g, url_for

from assistant.answers import MODELS, get_path
from assistant.cache import LruCache, content_key
from assistant.program.imported_facts import facts_state
from assistant.rules.invalid import INVALID, invalid_answers
from assistant.services.application.applications import name_of
from assistant.services.application.plan import ApplicationPlan, plan_application
from assistant.services.application.review import find_invalid_answers, review, review_plan
from assistant.services.form_maps import forms as form_service
from assistant.web.kit.context import db, today
from assistant.web.wizard.list_findings import listings_of
from assistant.web.wizard.steps import STEPS, Step, has_any_answer, question_of, step_of

if TYPE_CHECKING:
    from uuid import UUID

    from assistant.editions.library import FormLibrary
    from assistant.rules import Finding, Review
    from assistant.storage.tables import Application
    from assistant.web.kit.context import UrlValues


FEW_NOMINEES = 500
"""Up to this many nominees, the documents are made in less than a second."""


def library() -> FormLibrary:
    """Return the official forms that are kept."""
    if "library" not in g:
        g.library = form_service.library(db())
    return cast("FormLibrary", g.library)


def forms_fingerprint() -> bytes:
    """Return what decides how answers are written: the available forms, the known editions with their maps, fonts."""
    if "forms_fingerprint" not in g:
        g.forms_fingerprint = library().fingerprint
    return cast("bytes", g.forms_fingerprint)


def plan_of(application: Application) -> ApplicationPlan:
    """Return what goes into the blanks of the application's forms: for its review, its meters and its bundle."""
    if g.get("planned") is not application.answers:
        key = content_key(application.public_id, application.document_sealed, forms_fingerprint())
        g.plan = _plans.get_or_make(key, lambda: plan_application(application.answers, library()))
        g.planned = application.answers
    return cast("ApplicationPlan", g.plan)


def review_of(application: Application) -> Review:
    """Return the review of an application as it stands."""
    if g.get("reviewed") is not application.answers:
        day, listings = today(), listings_of(application)
        key = content_key(
            application.public_id, application.document_sealed, forms_fingerprint(), day, listings, facts_state()
        )
        g.review = _reviews.get_or_make(key, lambda: review_plan(plan_of(application), today=day, listings=listings))
        g.reviewed = application.answers
    return cast("Review", g.review)


def findings_of(application: Application, step: Step) -> list[Finding]:
    """Return the findings that are fixed on a step, notes too.

    Until a model is chosen nobody knows which blanks there will be; then what any agreement needs counts as missing.
    """
    if g.get("sorted_for") is not application.answers:
        g.sorted_for, g.by_step = application.answers, {}
        for finding in review_of(application).findings:
            g.by_step.setdefault(step_of(finding.where).slug, []).append(finding)
        if not application.answers.models:
            for finding in _review_with_every_model(application).findings:
                findings = g.by_step.setdefault(step_of(finding.where).slug, [])
                if finding not in findings and is_about_nothing(application, finding):
                    findings.append(finding)
    return cast("list[Finding]", g.by_step.get(step.slug, []))


def findings_with_every_model(application: Application, step: Step) -> list[Finding]:
    """Return the findings of a step as they would be if every model were applied for."""
    findings = _review_with_every_model(application).findings
    return [finding for finding in findings if step_of(finding.where).slug == step.slug]


def invalid_on_step(application: Application, step: Step) -> list[Finding]:
    """Return the findings about answers of a step that cannot be right, without a review of everything else."""
    findings = find_invalid_answers(application.answers, today=today())
    return [finding for finding in findings if step_of(finding.where).slug == step.slug]


def _review_with_every_model(application: Application) -> Review:
    if g.get("reviewed_with_all") is not application.answers:
        g.reviewed_with_all = application.answers
        g.review_with_all = review(replace(application.answers, models=MODELS), library(), today=today())
    return cast("Review", g.review_with_all)


NOMINEE_BYTES = 3_000
"""Roughly what one nominee takes in memory, in the answers that a plan or a bundle holds on to."""
PLAN_BYTES = 100_000
"""Roughly what a plan takes in memory besides its nominees."""


def _size_of_plan(plan: ApplicationPlan) -> int:
    return PLAN_BYTES + NOMINEE_BYTES * len(plan.answers.nominees)


_plans: LruCache[bytes, ApplicationPlan] = LruCache(64, max_bytes=16_000_000, size_of=_size_of_plan, personal=True)
FINDING_BYTES = 500
"""Roughly what one finding takes in memory besides its message."""


def _size_of(review: Review) -> int:
    return sum(FINDING_BYTES + len(finding.message) for finding in review.findings)


_reviews: LruCache[bytes, Review] = LruCache(64, max_bytes=16_000_000, size_of=_size_of, personal=True)


OPTIONAL = "Optional"
"""The status of a step that may stay empty: an agency may also nominate after ICE has signed."""


def title_of(application: Application) -> str:
    """Return what an application is called on a page."""
    return name_of(application.title, application.progress)


def address_of(application_id: UUID, step: Step, *, path: str = "", **more: Any) -> str:
    """Return the address of a step, at the question for a path where one is given."""
    ids: UrlValues = {"application_id": application_id}
    if step.endpoint == "wizard.step":
        ids["slug"] = step.slug
    anchor = step.page_form.html_id(path) if step.page_form and path in step.page_form.paths() else None
    return url_for(step.endpoint, _anchor=anchor, **ids, **more)


def findings_by_question(application: Application, step: Step) -> dict[str, list[Finding]]:
    """Return what is wrong with a page or missing on it, by the path of the question; nothing before it is begun."""
    by_question: dict[str, list[Finding]] = {}
    if has_any_answer(step, application.answers):
        for finding in findings_of(application, step):
            if finding.severity != "note":
                by_question.setdefault(question_of(finding.where), []).append(finding)
    return by_question


def keeps_open(application: Application, finding: Finding) -> bool:
    """Say whether a step is not complete for this.

    It blocks, it is about an answer that cannot be right, or it warns of an answer that was not given.
    """
    if finding.severity == "blocker" or finding.code in INVALID:
        return True
    return finding.severity == "warning" and is_about_nothing(application, finding)


def is_about_nothing(application: Application, finding: Finding) -> bool:
    """Say whether a finding is about an answer that was not given."""
    try:
        return get_path(application.answers, finding.where) in {None, ""}
    except (KeyError, TypeError):
        return False  # a whole section, which no one answer completes


def status_of(application: Application, step: Step, *, exported: str) -> str:
    """Return the status of a step, worked out from answers and findings; ``exported`` is that of the last export."""
    answers = application.answers
    if step.needs(answers):
        return "Cannot start yet"
    anything = any(has_any_answer(other, answers) for other in STEPS)
    if step.slug == "before-you-begin":
        return "Completed" if anything else "Not started"
    if step.slug == "review":
        review = review_of(application)
        return "Completed" if review.ready and not invalid_answers(review.findings) else "In progress"
    if step.slug == "documents":
        return exported or "Not started"
    if step.slug == "nominees":
        if not answers.nominees:
            return OPTIONAL
    elif not has_any_answer(step, answers):
        return "Not started"
    still_open = any(keeps_open(application, finding) for finding in findings_of(application, step))
    return "In progress" if still_open else "Completed"


def longest_seconds(application: Application) -> int:
    """Return how many seconds the documents can take on a busy computer; 0 where it is hardly more than one.

    5,000 nominees take some four seconds of processor time (``tests/load/bench_many_nominees.py``).
    """
    people = application.nominee_count
    return 10 * -(-people // 2_000) if people > FEW_NOMINEES else 0
