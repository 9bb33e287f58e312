"""A finished agreement as the beginning of an application: what was read of it, value by value, and how sure it is.

Nothing of the file is kept; only what a person takes over goes into an application.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.answers import Answers, from_document, get_path, with_path
from assistant.errors import PdfError
from assistant.pdf.sandbox import Task, define_task, run_in_sandbox
from assistant.reading.answers_of import INITIALS
from assistant.rules.wording import comparable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from assistant.answers import Model
    from assistant.reading.filled_values import AnswersRead, ValueRead
    from assistant.reading.strips import AnswersWithStrips

READ: Task[AnswersRead] = define_task("assistant.reading", "read_answers", seconds_per_page=3)
READ_WITH_STRIPS: Task[AnswersWithStrips] = define_task(
    "assistant.reading", "read_answers_with_strips", seconds_per_page=3
)
_PERSON = ("full_name", "title", "phone", "email")
OFFERED = (
    *(f"agency.{name}" for name in ("legal_name", "short_name", "kind", "represents", "state")),
    *(f"agency.address.{name}" for name in ("street", "city", "state", "zip")),
    *(f"signatory.{name}" for name in ("full_name", "title")),
    *(f"program_contact.{name}" for name in _PERSON),
    *(f"public_information_contact.{name}" for name in _PERSON),
    "ice.opla_location",
)
"""The paths that an agreement can tell, in the order of the wizard."""
WORKED_OUT = frozenset({"agency.kind", "agency.state", "agency.short_name"})
"""Answers that no blank of an agreement asks for; they follow from other words."""
MAX_SHORT_LETTERS = 6
"""Number of letters. A text this short is initials, which appear where the name would."""
_FROM = {"agency.address": "agency.address.one_line", "agency.state": "agency.address.one_line"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """One answer that was read. ``page`` is 0 where it was worked out from several places.

    ``strip`` is a picture (PNG or JPEG) of its place on the page, b"" where it is sure or nothing could be shown.
    """

    path: str
    text: str
    page: int
    sure: bool
    readable: bool = True
    """Whether ``text`` was read; if not, it is a guess or empty, and a person has to read the strip."""
    strip: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadBlank:
    """A blank in which something stands that cannot be read, and that is the answer to no question."""

    page: int
    blank: str
    strip: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishedAgreement:
    """What was read of an agreement; ``unread`` are the blanks in which something stands that cannot be read."""

    model: Model | None
    edition: str | None
    exact: bool
    values: tuple[Value, ...]
    unread: tuple[UnreadBlank, ...]
    remark: str = ""
    """Why little could be read although the file is filled, and what to do."""


def read(data: bytes) -> FinishedAgreement:
    """Return what stands in a filled agreement, read in a child process.

    Raises:
        PdfError: it cannot be read, or is no agreement in which anything stands.
    """
    agreement_json = run_in_sandbox(READ_WITH_STRIPS, data)
    answers = from_document(agreement_json["answers"], any_text=True)
    rows: dict[str, list[ValueRead]] = {}
    for row in agreement_json["values"]:
        if row["text"]:
            rows.setdefault(row["path"], []).append(row)
    strips = {(strip["page"], strip["blank"]): base64.b64decode(strip["picture"]) for strip in agreement_json["strips"]}
    values = {value.path: value for value in _values(answers, rows, strips)}
    unread = [row for row in agreement_json["values"] if row["sureness"] == "unreadable"]
    for row in sorted(unread, key=lambda row: row["page"]):
        if row["path"] in OFFERED and row["path"] not in values and (strip := strips.get((row["page"], row["blank"]))):
            values[row["path"]] = Value(
                path=row["path"], text=row["text"], page=row["page"], sure=False, readable=False, strip=strip
            )
    if agreement_json["edition"] is None or not (values or answers.models):
        raise PdfError(
            "This program does not recognize this file as a filled agreement. Choose a filled 287(g) agreement."
        )
    return FinishedAgreement(
        model=answers.models[0] if answers.models else None,
        edition=agreement_json["edition"],
        exact=agreement_json["exact"],
        values=tuple(values[path] for path in OFFERED if path in values),
        unread=tuple(
            UnreadBlank(page=row["page"], blank=row["blank"], strip=strips.get((row["page"], row["blank"]), b""))
            for row in unread
            if row["path"] not in values
        ),
        remark=agreement_json["remark"],
    )


def answers_with(values: Mapping[str, str], models: Sequence[str]) -> Answers:
    """Return answers with the values that were taken over, by path.

    Raises:
        AnswersError: a value or a model is none that an application may hold.
    """
    answers = with_path(Answers(), "models", list(models))
    for path, text in values.items():
        answers = with_path(answers, path, text)
    return answers


def _values(
    answers: Answers, rows: Mapping[str, Sequence[ValueRead]], strips: Mapping[tuple[int, str], bytes]
) -> list[Value]:
    values = []
    for path in OFFERED:
        text = get_path(answers, path)
        if not text:
            continue
        matching_rows = (
            rows.get(path) or rows.get(_FROM.get(path, "")) or rows.get(_FROM.get(path.rpartition(".")[0], "")) or ()
        )
        # A text that a blank holds with other words is a reading, not what stands there.
        whole = [row for row in matching_rows if path in rows and " ".join(str(row["text"]).split()) == text]
        row = next(iter(whole or matching_rows), None)
        parted = path.startswith("agency.address.") and row is not None and len({r["text"] for r in matching_rows}) == 1
        sure = row is not None and row["sureness"] == "sure" and path not in WORKED_OUT and (bool(whole) or parted)
        sure = sure and _agree(matching_rows)
        strip = strips.get((row["page"], row["blank"]), b"") if row and not sure else b""
        values.append(Value(path=path, text=str(text), page=row["page"] if row else 0, sure=sure, strip=strip))
    return values


def _agree(rows: Sequence[ValueRead]) -> bool:
    """Say whether the blanks for one answer hold one answer: the same words, or the same with initials behind them."""
    texts = {comparable(INITIALS.sub("", str(row["text"]))) for row in rows}
    return len({text for text in texts if len(text) > MAX_SHORT_LETTERS} or texts) == 1
