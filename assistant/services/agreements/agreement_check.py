"""Check a finished agreement from anywhere: one service for the page and for the command. Nothing is kept of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from assistant.editions.form_plan import plan_blanks
from assistant.editions.formats import parts
from assistant.editions.library import FormLibrary
from assistant.pdf.sandbox import Task, define_task, run_in_sandbox
from assistant.rules import SEVERITIES, Finding, Review
from assistant.rules.agreement import file_of, with_judgement
from assistant.rules.agreement.issued import IssuedTexts
from assistant.rules.agreement.lists import Unchecked, run_list_rules
from assistant.services.application.plan import find_missing_editions
from assistant.services.published_lists import list_lookup

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from assistant.answers import Answers, Model
    from assistant.program.agency_listing import AgencyListing
    from assistant.rules import Severity
    from assistant.rules.agreement import CheckedDocument
    from assistant.rules.agreement.lists import PartyDocument

CHECK: Task[CheckedDocument] = define_task("assistant.rules.agreement", "check_document", seconds_per_page=3)
NAME = "agency.legal_name"
NAMES = frozenset({NAME, "agency.short_name"})


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedPage:
    """A page of the file: which page of the form it is (None for none of it), and whether its text could be read."""

    number: int
    form_page: int | None
    read: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """What a check found. ``unseen`` are the places that could not be read; ``signed`` is None where that is so.

    ``unchecked`` are the rules that could not run, and why: they say nothing, neither good nor bad.

    ``ready`` is None, and ``why_not_judged`` says why, where too little could be read for a judgement
    (``rules.agreement.certainty``).

    ``document`` is the whole as JSON.
    """

    model: Model | None
    edition: str | None
    revision: str | None
    pages: tuple[CheckedPage, ...]
    signed: bool | None
    unseen: tuple[str, ...]
    unchecked: tuple[Unchecked, ...]
    findings: tuple[Finding, ...]
    ready: bool | None
    why_not_judged: str | None
    document: CheckedDocument

    def of_severity(self, severity: Severity) -> tuple[Finding, ...]:
        """Return the findings of one severity."""
        return tuple(finding for finding in self.findings if finding.severity == severity)

    @property
    def counts(self) -> dict[Severity, int]:
        """Return how many findings there are of each severity."""
        return {severity: len(self.of_severity(severity)) for severity in SEVERITIES}

    @property
    def unread_pages(self) -> tuple[int, ...]:
        """Return the pages on which no text could be read."""
        return tuple(page.number for page in self.pages if not page.read)


def check(
    data: bytes,
    *,
    today: date,
    library: FormLibrary | None = None,
    session: Session | None = None,
    answers: Answers | None = None,
) -> CheckResult:
    """Return what is empty, wrong, too small, inconsistent or out of date in a PDF, read in a child process.

    ``library`` are the blank forms that its printed text is compared with; ``session`` is asked for ICE's lists. What
    cannot be checked without one of them is among ``unchecked``. ``answers`` are those that the agreement was made
    from, where it was made here: wordings that stand in it as issued are then no findings.

    Raises:
        PdfError: the file cannot be read, or not within the limits.
    """
    with TemporaryDirectory(prefix="moa-forms-") as folder:
        for form in library.on_hand() if library else ():
            if form.data is not None:
                (Path(folder) / file_of(form.edition.name)).write_bytes(form.data)
        if answers is not None:
            texts_issued(answers, library or FormLibrary()).write_to(Path(folder))
        document = run_in_sandbox(CHECK, data, today.isoformat(), folder)
    if party := document["party"]:
        if answers is not None and party.get("as_issued"):
            # The lists know the agency under its full name.
            party["name"] = answers.agency.legal_name
        _run_list_rules(document, party, session, today)
    return CheckResult(
        model=document["model"],
        edition=document["edition"],
        revision=document["revision"],
        pages=tuple(CheckedPage(number=p["page"], form_page=p["form_page"], read=p["read"]) for p in document["pages"]),
        signed=document["signed"],
        unseen=tuple(document["unseen"]),
        unchecked=tuple(Unchecked(**row) for row in document["unchecked"]),
        findings=tuple(Finding(**finding) for finding in document["findings"]),
        ready=document["ready"],
        why_not_judged=document["why_not_judged"],
        document=document,
    )


def texts_issued(answers: Answers, library: FormLibrary) -> IssuedTexts:
    """Return what these answers print on the agreements: on every edition available, and on the one they name.

    The shorter wordings that the user chose are among them, wherever they stand.
    """
    missing = find_missing_editions(answers)
    pinned = (library.choose(model, answers.editions.get(model)) for model in answers.models if model not in missing)
    forms = {form.edition.name: form for form in (*pinned, *library.on_hand())}
    names, texts = {answers.agency.legal_name or ""}, set(answers.short_wordings.values())
    names.add(answers.short_wordings.get(NAME, ""))
    for form in forms.values():
        for blank in plan_blanks(form, answers).blanks:
            texts.add(blank.text)
            if NAMES & {*parts(blank.entry.format, blank.entry.path)}:
                names.add(blank.text)
    return IssuedTexts(names=frozenset(names - {""}), texts=frozenset((texts | names) - {""}))


def _run_list_rules(document: CheckedDocument, party: PartyDocument, session: Session | None, today: date) -> None:
    """Add what the loaded lists say to a review, and from which lists of which day it is."""
    loads = list_lookup.newest_imports(session) if session else []
    document["lists"] = [
        {"kind": load.kind, "as_of": load.as_of.isoformat(), "file": load.file_name, "sha256": load.sha256}
        for load in loads
    ]

    def look_up(name: str, state: str) -> Sequence[AgencyListing]:
        return list_lookup.find_listed(session, name, state=state) if session else ()

    list_findings, unchecked = run_list_rules(party, {load.kind: load.as_of for load in loads}, look_up, today=today)
    findings = [Finding(**row) for row in document["findings"]]
    # One place, one code: what is sure by a list stands in place of what is not.
    sure = {finding.where for finding in list_findings if finding.code == "other-agency-data"}
    findings = [f for f in findings if f.code not in {"name-inconsistent", "other-agency-data"} or f.where not in sure]
    review = Review(findings=tuple(sorted([*findings, *list_findings], key=lambda f: SEVERITIES.index(f.severity))))
    document["unchecked"] += [one.to_document() for one in unchecked]
    judged = with_judgement(review.to_document(), document["why_not_judged"] or "")
    document["ready"], document["why_not_judged"] = judged["ready"], judged["why_not_judged"]
    document["findings"], document["counts"] = judged["findings"], judged["counts"]
