"""What an agency answered: typed, frozen values, and their file (INTERFACE: ``moa-application/1``).

Knows what can be said, not whether it is enough: what is missing or unfit is a finding of ``rules``. Knows no
form, no PDF, no database. A value that was not given is ``None``; text is kept to the letter as typed.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import date
from functools import cache
from types import MappingProxyType, NoneType, UnionType
from typing import TYPE_CHECKING, Any, Literal, Union, get_args, get_origin, get_type_hints

from assistant.errors import AnswersError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

FORMAT = "moa-application/1"
MAX_FILE_BYTES = 8_000_000
MAX_TEXT = 2_000
MAX_NOMINEES = 5_000

Model = Literal["JEM", "TFM", "TTFM", "WSO"]
MODELS: tuple[Model, ...] = get_args(Model)
Kind = Literal["county", "municipality", "state", "tribal", "other"]
KINDS: tuple[Kind, ...] = get_args(Kind)
Background = Literal["completed", "pending"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A postal address of the agency, never of a person."""

    street: str | None = None
    city: str | None = None
    state: str | None = None
    zip: str | None = None

    @property
    def one_line(self) -> str:
        """Return "100 Main Street, Example City, FL 34652", leaving out what is missing."""
        place = ", ".join(part for part in (self.city, " ".join(p for p in (self.state, self.zip) if p)) if part)
        return ", ".join(part for part in (self.street, place) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Agency:
    """The law-enforcement agency that applies; ``state`` is the two-letter postal code."""

    legal_name: str | None = None
    short_name: str | None = None
    kind: Kind | None = None
    represents: str | None = None
    state: str | None = None
    county: str | None = None
    address: Address = field(default_factory=Address)
    phone: str | None = None
    email: str | None = None
    law_enforcement_agency: bool | None = None
    operates_jail: bool | None = None
    conducts_patrol: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Signatory:
    """The person who signs for the agency; ``chief_officer``: its sheriff, chief or head."""

    full_name: str | None = None
    title: str | None = None
    email: str | None = None
    phone: str | None = None
    chief_officer: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A point of contact of the agency."""

    full_name: str | None = None
    title: str | None = None
    phone: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ice:
    """The ICE offices the agency deals with, by the place's name ("Miami", "Orlando")."""

    field_office: str | None = None
    opla_location: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Approvals:
    """Who approved, and when."""

    governing_body: str | None = None
    governing_body_approved_on: date | None = None
    counsel_reviewed_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Nominee:
    """An officer nominated for one or more models. Checks are told as done or not, never their content."""

    full_name: str | None = None
    rank: str | None = None
    badge_number: str | None = None
    models: tuple[Model, ...] = ()
    us_citizen: bool | None = None
    background_investigation: Background | None = None
    background_completed_on: date | None = None
    law_enforcement_since: date | None = None
    law_enforcement_years: int | float | None = None
    enforced_laws: bool | None = None
    facility_security_trained: bool | None = None
    enforced_inmate_rules: bool | None = None
    inmate_rules_authority: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """One application: everything the agency has said so far.

    ``editions`` pins a form edition for a model; ``short_wordings`` holds, by path, the shorter wording that the
    user chose for a blank which cannot hold the full one (it is used in such blanks only). Both are optional in
    the file and written only where something is said.
    """

    agency: Agency = field(default_factory=Agency)
    models: tuple[Model, ...] = ()
    signatory: Signatory = field(default_factory=Signatory)
    program_contact: Contact = field(default_factory=Contact)
    public_information_contact: Contact = field(default_factory=Contact)
    ice: Ice = field(default_factory=Ice)
    approvals: Approvals = field(default_factory=Approvals)
    nominees: tuple[Nominee, ...] = ()
    editions: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    short_wordings: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def nominees_for(self, model: Model) -> Iterator[tuple[int, Nominee]]:
        """Yield (place in the list, nominee) for everyone nominated for this model."""
        return ((place, nominee) for place, nominee in enumerate(self.nominees) if model in nominee.models)


OPTIONAL_SECTIONS = frozenset({"editions", "short_wordings"})
SECTIONS: tuple[str, ...] = tuple(f.name for f in fields(Answers))


def parse(text: str | bytes) -> Answers:
    """Return the answers in an answers file.

    Raises:
        AnswersError: with the dotted path of the first thing that cannot be read.
    """
    if len(text) > MAX_FILE_BYTES:
        raise AnswersError("", "The answers file is larger than 8 MB; give a file written by this program.")
    try:
        document = json.loads(
            text if isinstance(text, str) else text.decode("utf-8"),
            object_pairs_hook=_unique_keys,
            parse_constant=_refuse_constant,
        )
    except UnicodeDecodeError:
        raise AnswersError("", "The answers file is not UTF-8 text; save it as UTF-8.") from None
    except RecursionError:
        raise AnswersError("", "The answers file is nested too deeply; give a file written by this program.") from None
    except ValueError as error:
        if isinstance(error, AnswersError):
            raise
        at = f" (line {error.lineno}, column {error.colno})" if isinstance(error, json.JSONDecodeError) else ""
        raise AnswersError("", f"The answers file is not JSON{at}; correct it there.") from None
    return from_document(document)


def from_document(document: object) -> Answers:
    """Return the answers in a parsed JSON document (see ``parse``).

    Raises:
        AnswersError: as ``parse``.
    """
    if not isinstance(document, dict):
        raise AnswersError("", "The answers file must hold one JSON object; give a file written by this program.")
    found = document.get("format")
    if found != FORMAT:
        raise AnswersError("format", f'Must be "{FORMAT}"; this program reads no other format.')
    return _read(Answers, {k: v for k, v in document.items() if k != "format"}, "")  # type: ignore[no-any-return]


def to_document(answers: Answers) -> dict[str, Any]:
    """Return the answers as a JSON document, keys in the order of the file format."""
    document: dict[str, Any] = {"format": FORMAT}
    for section in SECTIONS:
        value = getattr(answers, section)
        if section in OPTIONAL_SECTIONS and not value:
            continue
        document[section] = _plain(value)
    return document


def dump(answers: Answers) -> str:
    """Return the text of the answers file: UTF-8, indent 2, final newline; ``parse`` gives the same answers back."""
    return json.dumps(to_document(answers), ensure_ascii=False, indent=2) + "\n"


def get_path(answers: Answers, path: str) -> Any:  # noqa: ANN401 - a path can lead to any kind of answer
    """Return the value at a dotted path ("agency.address.city", "nominees.0.rank").

    Raises:
        KeyError: no answer has such a path.
    """
    value: Any = answers
    for part in path.split("."):
        if isinstance(value, tuple) and part.isdecimal() and int(part) < len(value):
            value = value[int(part)]
        elif is_dataclass(value) and (part in _hints(type(value)) or isinstance(getattr(type(value), part, None), property)):
            value = getattr(value, part)
        else:
            raise KeyError(path)
    return value


def has_path(path: str) -> bool:
    """Say whether answers can have a value at this dotted path (list places are written as numbers)."""
    kind: Any = Answers
    for part in path.split("."):
        kind = _without_none(kind)
        if get_origin(kind) is tuple and part.isdecimal():
            kind = get_args(kind)[0]
        elif is_dataclass(kind) and part in _hints(kind):  # type: ignore[arg-type]
            kind = _hints(kind)[part]  # type: ignore[arg-type]
        elif is_dataclass(kind) and isinstance(getattr(kind, part, None), property):
            kind = str
        else:
            return False
    return True


def with_path(answers: Answers, path: str, value: object) -> Answers:
    """Return the answers with another value at a dotted path.

    Raises:
        AnswersError: the value is of the wrong kind, or there is no such path.
    """

    def put(owner: Any, parts: list[str]) -> Any:  # noqa: ANN401 - walks every kind of answer
        name, *rest = parts
        if isinstance(owner, tuple):
            place = int(name)
            return (*owner[:place], put(owner[place], rest), *owner[place + 1 :])
        if not rest:
            hints = _hints(type(owner))
            if name not in hints:
                raise AnswersError(path, "There is no such answer.")
            return replace(owner, **{name: _read(hints[name], _plain(value), path)})
        return replace(owner, **{name: put(getattr(owner, name), rest)})

    return put(answers, path.split("."))  # type: ignore[no-any-return]


def years_between(start: date, end: date) -> int:
    """Return the completed years from one day to another (a 29 February counts from 1 March)."""
    return end.year - start.year - ((end.month, end.day) < (start.month, start.day))


@cache
def _hints(kind: type) -> dict[str, Any]:
    hints = get_type_hints(kind, globalns=globals() | {"Mapping": dict})
    return {f.name: hints[f.name] for f in fields(kind)}


def _without_none(kind: Any) -> Any:  # noqa: ANN401 - any type annotation
    if get_origin(kind) in {Union, UnionType}:
        left = [arg for arg in get_args(kind) if arg is not NoneType]
        return left[0] if len(left) == 1 else Union[tuple(left)]  # noqa: UP007 - built at run time
    return kind


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    document = dict(pairs)
    if len(document) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise AnswersError(twice, "Stands twice in one object; keep one of them.")
    return document


def _refuse_constant(text: str) -> None:
    raise AnswersError("", f"{text} is no JSON number; write a number or null.")


def _plain(value: Any) -> Any:  # noqa: ANN401 - any answer
    if is_dataclass(value):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, dict | MappingProxyType):
        return dict(value)
    return value


def _read(kind: Any, value: Any, path: str) -> Any:  # noqa: ANN401, PLR0911 - one exit for each kind of answer
    origin = get_origin(kind)
    if origin in {Union, UnionType}:
        if value is None or (value == "" and str in get_args(kind)):
            return None
        return _read(_without_none(kind), value, path)
    if is_dataclass(kind):
        return _read_object(kind, value, path)  # type: ignore[arg-type]
    if origin is Literal:
        if value not in get_args(kind) or isinstance(value, bool):
            raise AnswersError(path, f"Choose one of {', '.join(get_args(kind))}.")
        return value
    if origin is tuple:
        return _read_list(get_args(kind)[0], value, path)
    if origin is dict:
        return _read_mapping(value, path)
    if kind is bool:
        if not isinstance(value, bool):
            raise AnswersError(path, "Write true, false or null.")
        return value
    if kind is date:
        return _read_date(value, path)
    if kind is str:
        return _read_text(value, path)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 100:  # noqa: PLR2004
        raise AnswersError(path, "Write a number of years from 0 to 99, or null.")
    return value


def _read_object(kind: type, value: Any, path: str) -> Any:  # noqa: ANN401 - any answer
    if not isinstance(value, dict):
        raise AnswersError(path, "Must be an object in braces.")
    hints = _hints(kind)
    inside = f"{path}." if path else ""
    for key in value:
        if key not in hints:
            raise AnswersError(f"{inside}{key}", "Is not a known key; remove it or correct its spelling.")
    return kind(**{key: _read(hints[key], item, f"{inside}{key}") for key, item in value.items()})


def _read_list(kind: Any, value: Any, path: str) -> tuple[Any, ...]:  # noqa: ANN401 - any answer
    if not isinstance(value, list):
        raise AnswersError(path, "Must be a list in square brackets.")
    if len(value) > MAX_NOMINEES:
        raise AnswersError(path, f"Holds more than {MAX_NOMINEES:,} entries; split the application.")
    items = tuple(_read(kind, item, f"{path}.{place}") for place, item in enumerate(value))
    if not is_dataclass(kind) and len(set(items)) != len(items):
        raise AnswersError(path, "Names the same entry twice; keep one of them.")
    return items


def _read_mapping(value: Any, path: str) -> Mapping[str, str]:  # noqa: ANN401 - any answer
    if not isinstance(value, dict):
        raise AnswersError(path, "Must be an object in braces.")
    for key, item in value.items():
        if path == "editions" and key not in MODELS:
            raise AnswersError(f"{path}.{key}", f"Is not a model; use one of {', '.join(MODELS)}.")
        if path == "short_wordings" and not has_path(key):
            raise AnswersError(f"{path}.{key}", "Is not the path of an answer; remove it or correct its spelling.")
        if not _read_text(item, f"{path}.{key}"):
            raise AnswersError(f"{path}.{key}", "Write some text, or remove the key.")
    return MappingProxyType(dict(value))


def _read_date(value: Any, path: str) -> date:  # noqa: ANN401 - any answer
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise AnswersError(path, "Write a date that exists as YYYY-MM-DD, for example 2026-01-31, or null.")


def _read_text(value: Any, path: str) -> str:  # noqa: ANN401 - any answer
    if not isinstance(value, str):
        raise AnswersError(path, "Must be text in quotes, or null.")
    if len(value) > MAX_TEXT:
        raise AnswersError(path, f"Is longer than {MAX_TEXT:,} characters; shorten it.")
    if any(ord(letter) < 32 or 0x7F <= ord(letter) < 0xA0 or 0xD800 <= ord(letter) < 0xE000 for letter in value):  # noqa: PLR2004
        raise AnswersError(path, "Holds a line break or a control character; write it on one line.")
    if re.search(r"(?<![\d-])\d{3}-\d{2}-\d{4}(?![\d-])", value):
        raise AnswersError(path, "Looks like it holds a Social Security number; take it out, this program never keeps one.")
    return value
