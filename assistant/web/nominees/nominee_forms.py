"""The questions about one nominee: who it is, then only the criteria that count for the models chosen."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Self

from assistant.web.kit.fields import Choice, Day, LineField, Several, Years, YesNo
from assistant.web.kit.page_forms import LONGEST_NAME, MODEL_NAMES, PageForm

if TYPE_CHECKING:
    from collections.abc import Iterable

    from assistant.answers import Nominee

JAIL_MODELS = frozenset({"JEM", "WSO"})
COUNTS_FOR = {
    "law_enforcement_since": frozenset({"TFM"}),
    "law_enforcement_years": frozenset({"TFM"}),
    "facility_security_trained": JAIL_MODELS,
    "enforced_inmate_rules": frozenset({"WSO"}),
    "inmate_rules_authority": frozenset({"JEM"}),
}
"""The models for which a criterion counts; one that is not here counts for every model."""


class NomineePage(PageForm):
    """Questions whose answers are those of a nominee."""

    @classmethod
    def about(cls, nominee: Nominee, formdata: Any = None) -> Self:
        """Return the page as the nominee fills it, with what was typed over it."""
        return cls(formdata, partial(getattr, nominee))

    @classmethod
    def path(cls, name: str) -> str:
        """Return the name: a nominee has no levels."""
        return name

    @classmethod
    def html_id(cls, path: str) -> str:
        """Return the id of the field on the page."""
        return f"{cls.section}-{path}"

    def put_nominee(self, nominee: Nominee) -> Nominee:
        """Return the nominee with the answers of this page."""
        return replace(nominee, **self.entries())


class PersonForm(NomineePage):
    """Who is nominated, and for what."""

    section = "nominee"
    full_name = LineField(
        "Full name", named="the full name", hint="Write it as it should appear on the roster.", longest=LONGEST_NAME
    )
    rank = LineField("Rank or title", named="the rank", hint="For example, Deputy.", width="lg", longest=LONGEST_NAME)
    badge_number = LineField(
        "Badge or employee number",
        named="the badge number",
        width="md",
        longest=40,
        hint="Not a Social Security number and not a date of birth.",
    )
    models = Several(
        "Nominated for", choices=list(MODEL_NAMES.items()), hint="Choose every model this person is nominated for."
    )

    def offer(self, models: Iterable[str]) -> None:
        """Offer the models applied for, and those already chosen so that they can be taken back."""
        field: Any = self["models"]
        offered = {*models, *(field.object_data or ()), *(field.data or ())}
        field.offered = [(code, name) for code, name in MODEL_NAMES.items() if code in offered]


class CriteriaForm(NomineePage):
    """The criteria of ICE's page and of the agreements, as the agency attests them."""

    section = "criteria"
    us_citizen = YesNo("Is this person a citizen of the United States?")
    enforced_laws = YesNo(
        "Does this person know the laws and regulations of your jurisdiction, and has the person enforced them?"
    )
    background_investigation = Choice(
        "Has this person completed and passed a background investigation?",
        choices=[("completed", "Completed and passed"), ("pending", "Under way")],
        hint="Say only whether it is done. Do not enter what it found.",
    )
    background_completed_on = Day(
        "When was the background investigation completed?",
        named="the date of completion",
        hint="For example, November 3 2025. Leave this empty until it is completed.",
    )
    law_enforcement_since = Day(
        "Law-enforcement officer since",
        named="the first day as an officer",
        hint="For example, June 1 2018. The Task Force Model asks for two years in total.",
    )
    law_enforcement_years = Years(
        "Or total years of service, if service was interrupted",
        named="the years of service",
        width="2xs",
        inputmode="decimal",
        hint="Leave this empty if you entered the date above.",
    )
    facility_security_trained = YesNo("Has this person been trained to keep the agency’s facilities secure?")
    enforced_inmate_rules = YesNo("Has this person enforced rules on how inmates are accounted for and behave?")
    inmate_rules_authority = YesNo(
        "Does this person have authority to enforce rules on how inmates are accounted for and behave?"
    )

    def ask_only(self, models: Iterable[str]) -> None:
        """Take out the criteria that do not count for these models; their answers stay as they are."""
        model_set = frozenset(models)
        for name, counts_for in COUNTS_FOR.items():
            if not model_set & counts_for:
                del self[name]

    def questions(self) -> Any:
        """Yield (name, field) for each question asked."""
        return ((name, self[name]) for name in self.names() if name in self)
