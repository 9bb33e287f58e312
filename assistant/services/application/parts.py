"""A part of an application that a colleague fills in elsewhere: what is in it, and the text that a file carries.

A part holds its own answers and nobody else's, twice: as they were when it was handed over, and as they are now. So
whoever takes it back can tell what was changed where. Beside them stand the agency's name, State and county and the
models, without which no page of the part can be filled in.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypedDict

from assistant.answers import FORMAT, Answers, from_document, get_path, to_document, with_path
from assistant.answers.plain_values import plain
from assistant.errors import AnswersError, InputError
from assistant.services.application.changes import NOMINEES
from assistant.services.application.nominees import ID_LENGTH, LETTERS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PART_FORMAT = "moa-part/1"
WHOLE = "all"
CONTEXT = ("agency.legal_name", "agency.state", "agency.county", "models")
ADDRESS_LINE = "agency.address.one_line"
DAMAGED = "This file is damaged inside. Ask your colleague to make it again."
ID = re.compile(f"[{LETTERS}]{{{ID_LENGTH}}}")


@dataclass(frozen=True, slots=True, kw_only=True)
class PartDefinition:
    """A part by the name of its step: what it is called, the paths of its answers, whether nominees are in it."""

    title: str
    paths: tuple[str, ...] = ()
    has_nominees: bool = False


def _contact(section: str) -> tuple[str, ...]:
    return tuple(f"{section}.{name}" for name in ("full_name", "title", "phone", "email"))


STEPS: dict[str, PartDefinition] = {
    "agency": PartDefinition(
        title="Agency",
        paths=tuple(f"agency.{name}" for name in ("legal_name", "short_name", "kind", "represents", "state", "county")),
    ),
    "address": PartDefinition(
        title="Address",
        paths=(
            *(f"agency.address.{name}" for name in ("street", "city", "state", "zip")),
            "agency.phone",
            "agency.email",
        ),
    ),
    "eligibility": PartDefinition(
        title="Eligibility",
        paths=tuple(f"agency.{name}" for name in ("law_enforcement_agency", "operates_jail", "conducts_patrol")),
    ),
    "models": PartDefinition(title="Model", paths=("models",)),
    "approvals": PartDefinition(
        title="Authority and approvals",
        paths=tuple(
            f"approvals.{name}" for name in ("governing_body", "governing_body_approved_on", "counsel_reviewed_on")
        ),
    ),
    "signatory": PartDefinition(title="Signatory", paths=(*_contact("signatory"), "signatory.chief_officer")),
    "program-contact": PartDefinition(title="Program contact", paths=_contact("program_contact")),
    "public-information-contact": PartDefinition(
        title="Public information contact", paths=_contact("public_information_contact")
    ),
    "ice-office": PartDefinition(title="ICE office", paths=("ice.field_office", "ice.opla_location")),
    "nominees": PartDefinition(title="Nominees", has_nominees=True),
}
PARTS: dict[str, PartDefinition] = {
    **STEPS,
    WHOLE: PartDefinition(
        title="The whole application",
        paths=(*(path for part in STEPS.values() for path in part.paths), "editions"),
        has_nominees=True,
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PartState:
    """The answers of a part as JSON values: by path, shorter wordings by path, nominees by their short ids."""

    values: Mapping[str, Any] = field(default_factory=dict)
    wordings: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedPart:
    """What a file carries.

    ``origin`` is the id of the application that the part belongs to, 32 hexadecimal digits. ``returned``: the file
    goes back there. A path or an id that is missing in ``base`` is one of which nobody knows any more what it was.
    """

    part: str
    origin: str
    returned: bool
    context: Mapping[str, Any]
    base: PartState
    mine: PartState

    @property
    def title(self) -> str:
        """Return what the part is called."""
        return PARTS[self.part].title


class StateDocument(TypedDict):
    """``PartState`` as a JSON object; nominees as pairs of id and answers."""

    values: dict[str, Any]
    wordings: dict[str, str]
    people: list[tuple[str, dict[str, Any]]]


def state_of(part: str, answers: Answers, ids: Sequence[str]) -> PartState:
    """Return the answers of a part as they are; ``ids`` are the short ids of the nominees in their order."""
    definition = PARTS[part]
    people = to_document(answers)[NOMINEES] if definition.has_nominees else []
    return PartState(
        values={path: plain(get_path(answers, path)) for path in definition.paths},
        wordings={path: text for path, text in answers.short_wordings.items() if holds_wording(part, path)},
        people=dict(zip(ids, people, strict=True)) if people else {},
    )


def context_of(answers: Answers) -> dict[str, Any]:
    """Return what stands beside every part, as JSON values by path."""
    return {path: plain(get_path(answers, path)) for path in CONTEXT}


def holds_wording(part: str, path: str) -> bool:
    """Say whether the shorter wording at a path belongs to a part; those of nominees go by place, and stay."""
    if path.startswith(f"{NOMINEES}."):
        return False
    own = PARTS[part].paths
    return part == WHOLE or path in own or (path == ADDRESS_LINE and "agency.address.street" in own)


def answers_of(handed: HandedPart) -> tuple[Answers, list[str]]:
    """Return an application that holds only this part, and the short ids of its nominees.

    Raises:
        AnswersError: a value cannot be read.
    """
    answers = Answers()
    for path, value in {**handed.context, **handed.mine.values}.items():
        answers = with_path(answers, path, value)
    if handed.mine.wordings:
        answers = with_path(answers, "short_wordings", dict(handed.mine.wordings))
    people = handed.mine.people
    return with_people(answers, people, any_text=False), list(people)


def with_people(answers: Answers, people: Mapping[str, Mapping[str, Any]], *, any_text: bool = True) -> Answers:
    """Return the answers with these nominees; ``any_text``: every text passes, as in what was saved before.

    Raises:
        AnswersError: one cannot be read.
    """
    document = {"format": FORMAT, NOMINEES: [dict(one) for one in people.values()]}
    return replace(answers, nominees=from_document(document, any_text=any_text).nominees)


def dump_part(handed: HandedPart) -> bytes:
    """Return the content of a file, as JSON."""
    document = {
        "format": PART_FORMAT,
        "part": handed.part,
        "origin": handed.origin,
        "returned": handed.returned,
        "context": dict(handed.context),
        "base": _dump_state(handed.base),
        "mine": _dump_state(handed.mine),
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def _dump_state(state: PartState) -> StateDocument:
    return StateDocument(
        values=dict(state.values),
        wordings=dict(state.wordings),
        people=[(short_id, dict(person)) for short_id, person in state.people.items()],
    )


def load_part(content: bytes) -> HandedPart:
    """Return the part in a file's content; nothing is taken for an answer that an application could not hold.

    Raises:
        InputError: it is no such content.
    """
    try:
        document = json.loads(content)
        if document["format"] != PART_FORMAT or document["part"] not in PARTS:
            raise InputError(DAMAGED)
        origin = document["origin"]
        if not (isinstance(origin, str) and re.fullmatch(r"[0-9a-f]{32}", origin)):
            raise InputError(DAMAGED)
        part = document["part"]
        handed = HandedPart(
            part=part,
            origin=origin,
            returned=document["returned"] is True,
            context=_read_values(document["context"], CONTEXT),
            base=_read_state(document["base"], part),
            mine=_read_state(document["mine"], part),
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise InputError(DAMAGED) from None
    try:
        answers_of(handed)
    except AnswersError as error:
        raise InputError(f"An answer in this file cannot be used: {error}") from None
    return handed


def _read_values(values: Mapping[str, Any], paths: Sequence[str]) -> dict[str, Any]:
    """Return values by path as JSON writes them; one of the base that is refused today is left out by its reader.

    Raises:
        KeyError: a path is none of ``paths``.
    """
    known_paths = set(paths)
    read = {}
    for path, value in values.items():
        if path not in known_paths:
            raise KeyError(path)
        read[path] = plain(get_path(with_path(Answers(), path, value, any_text=True), path))
    return read


def _read_state(document: StateDocument, part: str) -> PartState:
    people: dict[str, Mapping[str, Any]] = {}
    for short_id, person in document["people"]:
        if not ID.fullmatch(short_id) or short_id in people:
            raise KeyError(short_id)
        people[short_id] = person
    if people and not PARTS[part].has_nominees:
        raise KeyError(NOMINEES)
    answers = from_document({"format": FORMAT, NOMINEES: list(people.values())}, any_text=True)
    wordings = document["wordings"]
    if not all(holds_wording(part, path) and isinstance(text, str) for path, text in wordings.items()):
        raise KeyError("short_wordings")
    return PartState(
        values=_read_values(document["values"], PARTS[part].paths),
        wordings=dict(wordings),
        people=dict(zip(people, to_document(answers)[NOMINEES], strict=True)),
    )
