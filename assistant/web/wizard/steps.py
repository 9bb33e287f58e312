"""The table of steps, from Before you begin to Documents. The next step is a pure function of the answers.

A new page is one row here and one page form. Nominees, review and documents have modules of their own, to which
their rows point.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.answers import get_path
from assistant.cache import cached_text
from assistant.web.kit import page_forms

if TYPE_CHECKING:
    from collections.abc import Callable

    from assistant.answers import Answers
    from assistant.web.kit.page_forms import PageForm


def _nothing_needed(_: Answers) -> str:
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One row of the task list.

    ``needs`` says what is missing before the step can start, or nothing; ``endpoint`` is the view of a step that is
    not a plain page of questions; ``covers`` are the paths whose findings belong here beside those of its questions.
    """

    slug: str
    title: str
    group: str
    page_form: type[PageForm] | None = None
    endpoint: str = "wizard.step"
    covers: tuple[str, ...] = ()
    needs: Callable[[Answers], str] = _nothing_needed

    @property
    def paths(self) -> tuple[str, ...]:
        """Return the paths of the answers that belong to this step."""
        return (*(self.page_form.paths() if self.page_form else ()), *self.covers)

    def owns(self, path: str) -> bool:
        """Say whether a finding at this path is fixed on this step."""
        return any(path == own or path.startswith(f"{own}.") for own in self.paths)


def not_eligible(answers: Answers) -> bool:
    """Say whether the agency has said that it is no law-enforcement agency."""
    return answers.agency.law_enforcement_agency is False


def _needs_eligible(answers: Answers) -> str:
    return "The agency must be a law-enforcement agency." if not_eligible(answers) else ""


def _needs_models(answers: Answers) -> str:
    return _needs_eligible(answers) or ("" if answers.models else "Choose a model first.")


def _needs_agency(answers: Answers) -> str:
    return "" if answers.agency.legal_name else "Enter the agency’s legal name first."


def _needs_documents(answers: Answers) -> str:
    return _needs_models(answers) or _needs_agency(answers)


def _needs_place(answers: Answers) -> str:
    return "" if answers.agency.state else "Choose the agency’s State first."


STEPS: tuple[Step, ...] = (
    Step(slug="before-you-begin", title="Before you begin", group="Prepare"),
    Step(slug="agency", title="Agency", group="Agency", page_form=page_forms.AgencyForm),
    Step(slug="address", title="Address", group="Agency", page_form=page_forms.AddressForm, covers=("agency.address",)),
    Step(slug="eligibility", title="Eligibility", group="Agency", page_form=page_forms.EligibilityForm),
    Step(
        slug="models",
        title="Model",
        group="Model and authority",
        page_form=page_forms.ModelsForm,
        covers=("editions",),
        needs=_needs_eligible,
    ),
    Step(
        slug="approvals",
        title="Authority and approvals",
        group="Model and authority",
        page_form=page_forms.ApprovalsForm,
    ),
    Step(
        slug="signatory",
        title="Signatory",
        group="People and offices",
        page_form=page_forms.SignatoryForm,
        covers=("signatory",),
    ),
    Step(
        slug="program-contact",
        title="Program contact",
        group="People and offices",
        page_form=page_forms.ProgramContactForm,
        covers=("program_contact",),
    ),
    Step(
        slug="public-information-contact",
        title="Public information contact",
        group="People and offices",
        page_form=page_forms.PublicInformationContactForm,
        covers=("public_information_contact",),
    ),
    Step(
        slug="ice-office",
        title="ICE office",
        group="People and offices",
        page_form=page_forms.IceForm,
        covers=("ice",),
        needs=_needs_place,
    ),
    Step(
        slug="nominees",
        title="Nominees",
        group="Nominees",
        endpoint="nominees.listing",
        covers=("nominees",),
        needs=_needs_models,
    ),
    Step(slug="review", title="Review", group="Finish", endpoint="review.show", needs=_needs_agency),
    Step(
        slug="documents",
        title="Documents and signing",
        group="Finish",
        endpoint="documents.listing",
        needs=_needs_documents,
    ),
)
DERIVED = {"agency.address.one_line": "agency.address.street"}
"""Where a form writes a derived text, the question to which its findings and its size belong."""
_BY_SLUG = {step.slug: step for step in STEPS}


def get_step(slug: str) -> Step | None:
    """Return the step of this name, or None."""
    return _BY_SLUG.get(slug)


def known_step(slug: str) -> Step:
    """Return the step of a name that stands in our own code, not in an address."""
    return _BY_SLUG[slug]


def place_of(step: Step) -> tuple[int, int]:
    """Return (its number, how many there are), as "Step 3 of 13" says it."""
    return STEPS.index(step) + 1, len(STEPS)


def next_step(step: Step, answers: Answers) -> Step | None:
    """Return the next step that can start; None after the last, or where the agency turns out not to be eligible."""
    if step.slug in {"eligibility", "models"} and not_eligible(answers):
        return None
    return next((later for later in STEPS[STEPS.index(step) + 1 :] if not later.needs(answers)), None)


def step_of(path: str) -> Step:
    """Return the step where a finding at this path is fixed; the agency step where no other fits."""
    # Thousands of nominees have as many paths; they need no search.
    return _BY_SLUG["nominees"] if path.startswith("nominees") else _search(path)


@cached_text(1024)
def _search(path: str) -> Step:
    question = question_of(path)
    step_found = next((step for step in STEPS if step.page_form and question in step.page_form.paths()), None)
    return step_found or next((step for step in STEPS if step.owns(path)), _BY_SLUG["agency"])


def question_of(path: str) -> str:
    """Return the path of the question to fix for a finding; a form may write a derived text (``one_line``)."""
    return DERIVED.get(path, path)


def where_label(path: str) -> str:
    """Return the words of the question at a path, or nothing where the path is not one question."""
    step = step_of(path)
    if step.page_form is None or path not in step.page_form.paths():
        return ""
    page_form = step.page_form()
    return next((field.label.text for own, field in page_form.questions() if own == path), "")


def label_of_path(path: str, otherwise: str = "") -> str:
    """Return what an answer is called, "Signatory: Title", with other words where its path is not one question."""
    question = question_of(path)
    title, words = step_of(question).title, where_label(question) or otherwise
    return f"{title}: {words}" if words else title


def has_any_answer(step: Step, answers: Answers) -> bool:
    """Say whether anything has been answered on this step."""
    return any(get_path(answers, path) not in (None, ()) for path in (step.page_form.paths() if step.page_form else ()))


def opened_by_change(step: Step, before: Answers, after: Answers) -> Step | None:
    """Return the step whose questions a change has opened and nobody has answered yet, if any.

    A change made from the review must ask what it makes necessary before it goes back there.
    """
    if set(after.models) - set(before.models) and any(set(after.models) - set(n.models) for n in after.nominees):
        return _BY_SLUG["nominees"]
    if (before.agency.state, before.agency.county) != (after.agency.state, after.agency.county):
        return _BY_SLUG["ice-office"]
    now_possible = (later for later in STEPS if later is not step and later.needs(before) and not later.needs(after))
    return next((later for later in now_possible if later.page_form and not has_any_answer(later, after)), None)
