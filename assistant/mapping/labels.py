"""What is printed for a blank, and what a label, a tooltip or a field's own name asks for.

Knows words alone: whose blank it is and what may be written there is said elsewhere. Texts are compared without spaces
and in small letters.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from assistant.mapping.context import overlap
from assistant.mapping.rows import PART_GAP_PT, plain, squashed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assistant.mapping.context import Blank
    from assistant.mapping.rows import MapRow

LabelKind = Literal[
    "signature", "date", "name and title", "name", "title", "phone", "email", "agency", "short", "represents", "street",
    "address", "city", "county", "state", "zip", "opla", "field office", "models", "addressee",
]  # fmt: skip
LabelOwner = Literal["program_contact", "public_information_contact", "signatory", "agency"]

CAPTION = 18.0
"""Points below a line within which its caption stands."""
OVER, TIE = 8.0, 2.0
"""Points above a box within which its label stands; and by which words have to be nearer to it than to another."""

AGENCY = r"(?:the)?(?:requesting|applying|participating|local)?(?:lawenforcement)?(?:agency|lea)(?:\(lea\))?"
_OF = r"[’']?s?"
_WHOLE = r"(?:full|legal|official|complete|and|,)*"
_PLACE = r"(?:the)?(?:nameof)?(?:county|city|town|municipality|parish|state|territory|tribe|nation)"
_PERSON = (
    r"(?:the|for|of|and|lawenforcementagency|agency|lea|tribe|tribal|ice|dhs|signatory|signing|signer|authorized|"
    r"official|representative|head|sheriff|chief|poc|pio|pao|primary|contact|person|pointsofcontact|pointofcontact|"
    r"program|publicinformation|publicaffairs|media|officer|[’']s)"
)
_PRINTED = r"(?:full|printed|print|typed|type|or|/)*"
_VERB = re.compile(r"^(?:please)?(?:enter|print(?!ed)|type(?!d)|provide|insert|write|give|fillin)(?:in)?(?:the|your)?")
_EDGES = ".:;,*_ "


def _of_a_person(words: str) -> str:
    return rf"{_PERSON}*(?:{words})(?:of{_PERSON}+)?"


_WORDS: tuple[tuple[LabelKind, str], ...] = (
    ("opla", r".*opla\)?(?:field)?(?:location|office|address)?"),
    ("field office", r"(?:ice)?(?:local|nearest)?(?:ero)?fieldoffice(?:location|name)?"),
    ("date", _of_a_person(r"(?:signature|signing|today[’']?s)?date(?:d|signed|of(?:signature|signing))?")),
    ("signature", r".*signature(?:of\w*)?|signed(?:by)?|signhere"),
    ("name and title", _of_a_person(rf"{_PRINTED}name[^a-z]*(?:and|[&/,])(?:{_PRINTED})title")),
    ("name and title", _of_a_person(rf"title[^a-z]*(?:and|[&/,])(?:{_PRINTED})name")),
    (
        "short",
        (
            rf"(?:{AGENCY}{_OF})?(?:abbreviation|abbreviatedname|shortname|acronym|abbr)"
            r"(?:[(/]?(?:or)?(?:shortname|abbreviation|initials|acronym)\)?)?"
            rf"|{AGENCY}{_OF}initials"
        ),
    ),
    (
        "agency",
        (
            rf"(?:(?:for)?(?:the)?(?:lea|agency))?{AGENCY}(?:{_OF}(?:full|legal|,)*name)?(?:\({_WHOLE}name\))?"
            rf"|(?:the)?{_WHOLE}nameof{AGENCY}|departmentname|nameofdepartment|(?:the)?sheriff[’']?soffice"
        ),
    ),
    (
        "represents",
        (
            rf"jurisdiction(?:represented|served)?|(?:whom|what)?{AGENCY}represents|represents|represented|rep"
            rf"|(?:{_PLACE}(?:,or|,|or|/|and)?)+(?:(?:that)?(?:{AGENCY})?represent(?:s|ed))"
            rf"|(?=.*(?:county|tribe))(?:{_PLACE}(?:,or|,|or|/|and)?){{3,}}"
        ),
    ),
    ("street", rf"(?:{AGENCY}{_OF})?street(?:address)?"),
    (
        "address",
        rf"(?:{AGENCY}{_OF}|{_PERSON}*)(?:mailing|business|office|physical|full|complete)*(?:address|addr)(?:of{AGENCY})?",
    ),
    ("city", rf"(?:{AGENCY}{_OF})?city"),
    ("county", rf"(?:{AGENCY}{_OF})?county"),
    ("state", rf"(?:{AGENCY}{_OF})?state"),
    ("zip", rf"(?:{AGENCY}{_OF})?zip(?:code)?"),
    ("models", r".*models?(?:\(s\))?(?:requested|ofinterest|desired|appliedfor)?"),
    ("addressee", r"to|attn|attention|addressee"),
    ("email", _of_a_person(r"(?:e-?)?mail|e-?mail(?:address|addr)")),
    (
        "phone",
        _of_a_person(
            r"(?:daytime|work|business|office|direct|desk|main|cell|mobile)*"
            r"(?:(?:tele)?phone(?:number|no\.?|num)?|tel\.?(?:number|no\.?)?)"
        ),
    ),
    ("title", _of_a_person(r"(?:official|job|position)?(?:title|rank)(?:(?:/|and|or)(?:title|rank|position))?")),
    ("name", _of_a_person(rf"{_PRINTED}name(?:\((?:please)?print(?:ed)?\))?")),
)
_KINDS = tuple((kind, re.compile(words)) for kind, words in _WORDS)
_BEHIND = re.compile(r"_*\(([^()]{3,40})\)")
# A field's own name is short for people: "LEA Name" is the agency's in one form, its signatory's in the next.
_EITHER = re.compile(rf"{AGENCY}name")
_OWNERS: tuple[tuple[LabelOwner, re.Pattern[str]], ...] = (
    ("public_information_contact", re.compile(r"publicinformation|publicaffairs|\bpio\b|\bpao\b|\bmedia\b|\bpress\b")),
    ("program_contact", re.compile(r"points?ofcontact|\bpoc\b|contactperson|programcontact|\bcontact\b")),
    ("signatory", re.compile(r"signatory|\bsigner\b|signingofficial|authorizedofficial")),
)
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[’'](?=s)")
_ABOUT_ICE = frozenset({"opla", "field office", "addressee"})
"""What the agency says of ICE: such a blank may be called ICE's and be the agency's to fill."""
_ICES = re.compile(
    r"^(?:for )?(?:the )?(?:ice|dhs|u ?s ?immigration|immigration and customs|department of homeland)\b"
    r"|\b(?:ice|dhs) (?:s )?(?:signature|signatory|printed|name|title|date|official|representative|poc|point|contact)"
    r"|\bfor (?:ice|dhs)\b|\bfield office director\b|\bofficial use\b"
)
_SHORT_NAME = 4
"""Words: in a name as short as that, ICE at its end is whose the field is and no part of a sentence."""
_LEAS = re.compile(r"^(?:for )?(?:the )?(?:lea|agency|law enforcement|tribe|tribal|sheriff)\b")


def kind_of(text: str) -> LabelKind | None:
    """Return what a label asks for; None where it asks for several things, or for none that is known."""
    bare = _VERB.sub("", squashed(text).strip(_EDGES)).strip(_EDGES)
    return next((kind for kind, pattern in _KINDS if pattern.fullmatch(bare)), None) if bare else None


def owner_of(text: str) -> LabelOwner | None:
    """Return whose name, title, telephone or e-mail a text speaks of."""
    words = " ".join(words_of(text))
    joined = words.replace(" ", "")
    for owner, pattern in _OWNERS:
        if pattern.search(words) or pattern.search(joined):
            return owner
    return "agency" if re.match(AGENCY, squashed(text)) else None


def words_of(text: str) -> list[str]:
    """Return the words of a name as programs write them: "lea_poc_name", "LEAName", "form1[0].Name[0]"."""
    return [word.casefold() for word in _WORD.findall(text.rpartition("].")[2])]


def is_ices(text: str) -> bool:
    """Say whether a name or a tooltip says of a field that it may be ICE's to fill."""
    words = words_of(text)
    if {kind_of(text), kind_of("".join(words))} & _ABOUT_ICE:
        return False
    ends = 1 < len(words) <= _SHORT_NAME and words[-1] in {"ice", "dhs"}
    return ends or bool(_ICES.search(" ".join(words)))


def is_agencys(text: str) -> bool:
    """Say whether a name or a tooltip says of a field that it is the agency's."""
    return bool(_LEAS.search(" ".join(words_of(text))))


def may_be_either(name: str) -> bool:
    """Say whether a field's own name may mean the agency's name as well as a person's."""
    return bool(_EITHER.fullmatch("".join(words_of(name))))


def printed_for(
    blank: Blank, rows: Sequence[MapRow], ours: Sequence[Blank] = (), others: Sequence[Blank] = ()
) -> tuple[str, ...]:
    """Return what is printed for a blank: in parentheses behind it, left of it, below it, above it.

    ``others`` are the other blanks of the page, ``ours`` those of the same side: one between a label and this blank
    has that label.
    """
    here = max(range(len(rows)), key=lambda n: (overlap(rows[n], blank.rect), -n), default=None)
    labels: list[str] = []
    if here is not None and is_beside(rows[here], blank):
        row = rows[here]
        if behind := _BEHIND.match(squashed(row.after(blank.rect[2] - 1))):
            labels.append(behind[1])
        labels.append(_left_of(blank, row, ours))
    labels += _below_and_above(blank, rows, others)
    return tuple(text for text in labels if text)


def _below_and_above(blank: Blank, rows: Sequence[MapRow], others: Sequence[Blank]) -> Iterator[str]:
    """Yield the caption below a blank, then the label above it; words between two blanks belong to the nearer one."""
    _, low, _, high = blank.rect
    above, surer = [], [other for other in others if other.certain]
    for row in rows:
        text = _within(blank, row)
        # What stands in a row with blanks of its own speaks of those.
        if not text or is_beside(row, blank) or any(is_beside(row, other) for other in others):
            continue
        if 0 < low - row.y0 <= CAPTION:
            theirs = (row.y0 - other.rect[3] for other in surer if _within(other, row) and other.rect[1] < row.y0)
            if low - row.y1 + TIE < min(theirs, default=CAPTION):
                yield text
        elif -TIE <= row.y0 - high <= OVER:
            theirs = (other.rect[1] - row.y1 for other in surer if _within(other, row) and other.rect[3] > row.y1)
            if row.y0 - high + TIE < min(theirs, default=CAPTION):
                above.append(text)
    yield from above


def _within(blank: Blank, row: MapRow) -> str:
    """Return the text of a row that begins over or under a blank, whole; "" where one runs into it from outside."""
    x0, _, x1, _ = blank.rect
    return plain(" ".join(text for start, text in row.parts if x0 - 4 <= start < x1)).strip("_:() ")


def is_beside(row: MapRow, blank: Blank) -> bool:
    """Say whether a blank stands in a row: the middle of the row's letters is within the blank's height."""
    return blank.rect[1] - 1 <= (row.y0 + row.y1) / 2 <= blank.rect[3] + 1


def _left_of(blank: Blank, row: MapRow, others: Sequence[Blank]) -> str:
    """Return the last text left of a blank: since the last rule, the last wide space, the last blank."""
    x = blank.rect[0] + 1
    ends = [other.rect[2] for other in others if is_beside(row, other) and other.rect[2] <= x + 1]
    text, last = "", x
    for c, letter in reversed(list(zip(row.text, row.letters, strict=True))):
        x0, _, x1, _ = letter.rect
        if (x0 + x1) / 2 >= x or (not text and c in "_ \x03"):
            continue
        if c == "_" or (text and last - x1 > PART_GAP_PT) or any(x0 < end for end in ends):
            break
        text, last = c + text, x0
    return plain(text).strip(_EDGES)
