"""The status of an agency in words and as JSON: the same facts for the page and for the command."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from assistant.editions.formats import long_date

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from assistant.answers import Model
    from assistant.services.published_lists.agency_status import (
        AgencyStatus,
        ListedName,
        ListStatus,
        ListSummary,
        ModelStatus,
    )
    from assistant.services.published_lists.waiting_time import WaitRange

OLD_DAYS = 14
"""From this age on a list is called old: ICE published several lists a week in 2025."""
STATUS_WORDS: dict[ListStatus, str] = {
    "participating": "Listed as participating",
    "pending": "Pending",
    "gone": "Gone from the list",
    "no-longer-pending": "No longer pending",
    "not-listed": "Not on the lists",
}
NO_LIST = (
    "No list is loaded, so nothing is known. Download ICE's lists of participating and pending agencies from its "
    "287(g) page. Then load them with `moa program import FILE.xlsx`."
)


COUNTED = (
    "Counted are agreements that one loaded list names as pending and a later one as signed: the days from the first "
    "of these lists to the date of signing."
)


class ListSummaryDocument(TypedDict):
    """``ListSummary`` as a JSON object."""

    kind: str
    as_of: str
    file: str
    loaded: int
    age_days: int


class ListedNameDocument(TypedDict):
    """``ListedName`` as a JSON object."""

    agency: str
    county: str | None
    type: str | None
    models: list[str]
    match: float
    doubt: str


class DaysDocument(TypedDict):
    """The days of ``WaitRange``."""

    shortest: int
    lower_quarter: int
    middle: int
    upper_quarter: int
    longest: int


class WaitDocument(TypedDict):
    """``WaitRange`` as a JSON object; ``model`` is None where all models are counted together."""

    model: str | None
    n: int
    days: DaysDocument
    began_before: int
    left_out: int
    still_pending: int


class ModelStatusDocument(TypedDict):
    """``ModelStatus`` as a JSON object; dates are ISO. ``words`` says it in a sentence."""

    model: str
    status: str
    agency: str | None
    pending_since: str | None
    since_first_list: bool
    signed: str | None
    moa_url: str | None
    addendum_url: str | None
    gone_on: str | None
    as_of: str | None
    words: str
    usual_wait: WaitDocument | None


class StatusDocument(TypedDict):
    """What the lists say of an agency, as ``moa application status --json`` prints it.

    ``sure`` is "sure" for a name that is surely the agency's, "confirmed" for one that a person chose, None for none.
    """

    agency: str | None
    state: str | None
    lists: list[ListSummaryDocument]
    sure: str | None
    listed_as: list[ListedNameDocument]
    possible: list[ListedNameDocument]
    models: list[ModelStatusDocument]


def status_document(
    status: AgencyStatus, waits: Mapping[Model, WaitRange | None], *, agency: str | None, state: str | None, today: date
) -> StatusDocument:
    """Return the status as JSON; ``waits`` has the usual wait of each model."""
    return {
        "agency": agency,
        "state": state,
        "lists": [
            {
                "kind": one.kind,
                "as_of": one.as_of.isoformat(),
                "file": one.file,
                "loaded": one.count,
                "age_days": age_of(one, today),
            }
            for one in status.lists
        ],
        "sure": status.sureness,
        "listed_as": [_name_document(one) for one in status.own],
        "possible": [_name_document(one) for one in status.possible],
        "models": [_model_document(one, waits.get(one.model), status) for one in status.models],
    }


def age_of(loaded: ListSummary, today: date) -> int:
    """Return how many days old a list is."""
    return max(0, (today - loaded.as_of).days)


def model_words(one: ModelStatus, status: AgencyStatus) -> str:
    """Return what the lists say of a model, in sentences."""
    if not status.lists:
        return NO_LIST
    as_of = f"ICE’s list of {long_date(one.as_of)}" if one.as_of else ""
    signed = f"signed {long_date(one.signed)}" if one.signed else "signed, without a date"
    if one.status == "participating":
        return f"{as_of} names it as participating, {signed}. {_pending_words(one)}".rstrip()
    if one.status == "pending":
        days = (one.as_of - one.pending_since).days if one.as_of and one.pending_since else 0
        if not days:
            return f"{as_of} names it as pending. {_pending_words(one)}"
        least = "at least " if one.since_first_list else ""
        length = f"By the day of the last list that is {least}{days} days."
        return f"{as_of} names it as pending. {_pending_words(one)} {length}"
    if one.status == "gone":
        day = f"The list of {long_date(one.gone_on)}" if one.gone_on else "The last list"
        return f"It was named as participating, {signed}. {day} no longer names it, and does not say why."
    if one.status == "no-longer-pending":
        day = f"The list of {long_date(one.gone_on)}" if one.gone_on else "The last list"
        return (
            f"{_pending_words(one)} {day} no longer names it, and no list of participating agencies loaded here has it "
            "under this name. That does not say what ICE decided."
        )
    if status.sureness is None:
        return "No name on the lists is surely this agency, so nothing is said."
    return "The lists loaded here do not name it for this model. ICE’s lists can be late or wrong."


def wait_words(wait: WaitRange) -> str:
    """Return a range of waits in a sentence, with its number."""
    what = f"{wait.model} agreements" if wait.model else "agreements of all models (of this one there are too few)"
    spread = f"from {wait.shortest} to {wait.longest} days" if wait.count > 1 else f"{wait.shortest} days"
    half = f" Half of them took from {wait.lower_quarter} to {wait.upper_quarter} days." if wait.count > 3 else ""  # noqa: PLR2004 - fewer have no middle half
    return f"{spread[:1].upper()}{spread[1:]}, counted from {wait.count} {what}.{half}"


def wait_limits(wait: WaitRange) -> tuple[str, ...]:
    """Return how a range was counted, and what it cannot say."""
    limits = [COUNTED]
    if wait.began_before:
        limits.append(
            f"For {wait.began_before} of {wait.count}, the first pending list loaded here names them already. They may "
            "have been pending longer, so their days are the least."
        )
    if wait.left_out:
        have, were = ("has", "it was") if wait.left_out == 1 else ("have", "they were")
        limits.append(f"{wait.left_out} more {have} a date of signing before that list, so {were} left out.")
    if wait.still_pending:
        are = "is" if wait.still_pending == 1 else "are"
        limits.append(f"{wait.still_pending} {are} still pending and not counted, so long waits are missing here.")
    limits.append("This says what was, and not how long yours takes.")
    return tuple(limits)


def _pending_words(one: ModelStatus) -> str:
    """Return since when it was pending, "" where no list says that it was."""
    if one.pending_since is None:
        return ""
    first = " That is the first pending list loaded here, so it may have begun earlier." if one.since_first_list else ""
    return f"It was named as pending first on the list of {long_date(one.pending_since)}.{first}"


def _model_document(one: ModelStatus, wait: WaitRange | None, status: AgencyStatus) -> ModelStatusDocument:
    return {
        "model": one.model,
        "status": one.status if status.lists else "no-list",
        "agency": one.agency,
        "pending_since": _iso(one.pending_since),
        "since_first_list": one.since_first_list,
        "signed": _iso(one.signed),
        "moa_url": one.moa_url,
        "addendum_url": one.addendum_url,
        "gone_on": _iso(one.gone_on),
        "as_of": _iso(one.as_of),
        "words": model_words(one, status),
        "usual_wait": _wait_document(wait) if wait else None,
    }


def _name_document(one: ListedName) -> ListedNameDocument:
    return {
        "agency": one.agency,
        "county": one.county,
        "type": one.kind,
        "models": list(one.models),
        "match": one.match,
        "doubt": one.doubt,
    }


def _wait_document(wait: WaitRange) -> WaitDocument:
    return {
        "model": wait.model,
        "n": wait.count,
        "days": {
            "shortest": wait.shortest,
            "lower_quarter": wait.lower_quarter,
            "middle": wait.middle,
            "upper_quarter": wait.upper_quarter,
            "longest": wait.longest,
        },
        "began_before": wait.began_before,
        "left_out": wait.left_out,
        "still_pending": wait.still_pending,
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
