"""Put the name of a person in order: ranks, suffixes, numbers and remarks out of the name, wherever they are.

Knows how agencies write names ("DOE, SGT. JAMES R. JR.", "Doe, Jr., John", "Marlo Griegner (016401)"); changes no
letter of a name, and drops no part without a word.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.cache import cached_text
from assistant.program.states_and_counties import fold

SUFFIXES = frozenset({"jr", "sr", "junior", "senior", "ii", "iii", "iv", "2nd", "3rd", "4th"})
DEGREES = frozenset({"esq", "phd", "md", "jd", "ret", "cpa", "edd", "mba", "cpm"})
STRONG = frozenset(
    {"sgt", "sergeant", "cpl", "corporal", "dep", "dpty", "deputy", "ofc", "ofcr", "officer", "det", "detective", "lt"}
    | {"lieut", "lieutenant", "capt", "captain", "cpt", "maj", "major", "col", "colonel", "ltc", "chief", "sheriff"}
    | {"undersheriff", "inv", "investigator", "trooper", "tpr", "agent", "marshal", "constable", "ptl", "ptlm", "ptlmn"}
    | {"patrolman", "patrolwoman", "patrolperson", "po", "jailer", "bailiff", "inspector", "insp", "commander", "cmdr"}
    | {"superintendent", "commissioner", "ranger", "warden", "pfc", "ssgt", "msgt", "gysgt", "sfc", "lcpl", "mcpl"}
    | {"director", "supervisor", "administrator", "technician", "specialist", "lead"}
)
"""Words that name a rank by themselves."""
BESIDE = frozenset(
    {"police", "correctional", "corrections", "detention", "jail", "court", "school", "reserve", "special", "senior"}
    | {"master", "staff", "first", "class", "acting", "interim", "assistant", "asst", "field", "training", "resource"}
    | {
        "patrol",
        "sheriffs",
        "of",
        "i",
        "ii",
        "iii",
        "iv",
        "v",
        "1",
        "2",
        "3",
        "4",
        "warrant",
        "service",
        "task",
        "force",
    }
    | {"booking", "transport", "1st", "2nd", "lieutenant", "sr", "jr", "gang", "traffic", "narcotics", "security"}
    | {"operations", "facility", "security", "communications", "enforcement", "law", "investigative", "road", "k9"}
)
"""Words that belong to a rank only beside one of ``STRONG``: "Detention Officer II", "Deputy Sheriff"."""
ALSO_NAMES = frozenset({"major", "chief", "marshal", "sheriff", "constable", "lead", "warden", "ranger", "bailiff"})
"""Ranks that are people's names as well: taken for one only where two names are left."""
ALSO_LAST_NAMES = frozenset({"field", "court", "road", "law", "first", "force", "master", "staff", "i", "v"})
"""Words beside a rank that are names of families as well."""
DOUBTFUL = "major"
"""A rank that is a first name as well: only the rank column can tell."""
ALSO_FIRST_NAMES = frozenset({"junior", "senior", "md"})
NUMBERING = re.compile(r"^\(?\d{1,4}[.)]\s+|^#\d{1,4}[.):]?\s+|^[-•*·‣▪●○–—]\s+|^\[[ xX]?\]\s+")
ID_BEHIND = re.compile(r"\s*(?:[(\[]\s*(?:id|#|no\.?|emp(?:loyee)?|badge|pid)*\s*[:#]?\s*([A-Z]{0,3}-?\d{2,8})\s*[)\]]"
                       r"|\s[-–—#]+\s*(?:badge|id)?\s*#?([A-Z]{0,2}\d{2,8})|\s*#\s*(\d{1,8}))$",
                       re.IGNORECASE)  # fmt: skip
ID_BEFORE = re.compile(r"^(?:#\s*)?([A-Z]{0,2}-?\d{3,8})\s*[-–—:]?\s+(?=[A-Za-z\u00c0-\uffff])")
BRACKETS = re.compile(r"\s*[(\[]([^()\[\]]*)[)\]]\s*|\s*[\"“”]([^\"“”]*)[\"“”]\s*|\s+['‘]([A-Za-z]+)['’]\s+")
COURTESY = re.compile(r"(?:mr|mrs|ms|miss|dr|hon)\b\.? +", re.IGNORECASE)
DEPARTED_WORDS = re.compile(
    r"\b(?:resign\w*|retir\w*|terminat\w*|transfer\w*|left|former\w*|deceased|no longer|quit|separated|withdr\w+"
    r"|declined|remove[ds]?|delete[ds]?|not nominated|do not)\b",
    re.IGNORECASE,
)
"""Words beside a name that may say that somebody is no nominee any more."""
EMAIL = re.compile(r"\s*<?\b[\w.+-]+@[\w.-]+\.\w+>?\s*")
TRAILING_MARK = re.compile(r"[*†‡+]+$|^[*†‡+]+(?=\w)")
TWO_PEOPLE = re.compile(r"\s(?:&|and)\s|\s?[;|]\s?|\s/\s|\w/\w+ \w|\w{3,} / \w", re.IGNORECASE)
LAST_FIRST_HEADING = re.compile(r"last\b.*\bfirst\b", re.IGNORECASE)
FEWEST_NAMES = 2
"""Words that are a whole name."""
JUNIOR = "“Junior” or “Senior” can be a first name or a suffix here. Write the whole name, first name first."
RANK_OR_NAME = "The first word can be a rank or a first name. Write the name, and the rank in its own column."
LAST_FIRST = "The heading says last name first, and no comma is here. Write the first name first."
REMARK = "A note beside the name may say that this person left. Write the name alone, or drop the row."
TWO_NAMES = "This seems to name two people. Write each in a row of their own."


@dataclass(frozen=True, slots=True)
class NameReading:
    """A name in order, and what stood in it besides: a rank, a number, remarks; ``question`` where a person decides."""

    name: str
    rank: str = ""
    number: str = ""
    dropped: tuple[str, ...] = ()
    question: str = ""
    doubtful_rank: str = ""
    """A word that may be the first name as well ("Major"); then ``name`` is without it."""


@cached_text(8192, personal=True)
def read_name(text: str, heading: str = "") -> NameReading:
    """Return the name in a cell; ``heading`` may say in which order its parts are."""
    name, number, dropped = _strip_marks(text)
    if TWO_PEOPLE.search(name) and "," not in name.partition("/")[0]:
        return NameReading(name=text, question=TWO_NAMES)
    segments = [segment.strip() for segment in name.split(",") if segment.strip(" .")]
    if any(DEPARTED_WORDS.search(remark) for remark in dropped):
        return NameReading(name=text, question=REMARK)
    name_parts: list[list[str]] = []
    ranks: list[str] = []
    suffixes: list[str] = []
    names_in = [_names_left(segment.split(), 0) for segment in segments]
    for place, segment in enumerate(segments):
        words, rank, suffix = _take_apart(segment, others=sum(names_in) - names_in[place], first=place == 0)
        ranks += rank
        suffixes += suffix
        if words:
            name_parts.append(words)
    if suffixes and len(segments) > 1 and fold(segments[-1]) in ALSO_FIRST_NAMES and len(name_parts) == 1:
        return NameReading(name=_plain(name), rank=" ".join(ranks), number=number, question=JUNIOR)
    if (
        len(segments) == len(("name", "suffix"))
        and len(name_parts) == 1
        and suffixes
        and not (ranks or number or dropped)
    ):
        return NameReading(name=_plain(name))  # "Sam O’Brien, Jr." is in order
    name, question = _in_order(name_parts, suffixes, heading, has_comma="," in text)
    if not name:
        return NameReading(name=_plain(text), question="")
    doubtful = next((rank for rank in ranks if fold(rank) == DOUBTFUL), "")
    return NameReading(
        name=name,
        rank=" ".join(ranks),
        number=number,
        dropped=tuple(dropped),
        question=question,
        doubtful_rank=doubtful,
    )


def holds_rank(text: str) -> bool:
    """Say whether a text is the name of a rank, and no name of a person."""
    words = fold(text.replace("/", " ").replace("-", " ")).split()
    rank_words = [word for word in words if word in STRONG or word in BESIDE]
    return any(word in STRONG for word in words) and len(rank_words) * 2 > len(words)


def _plain(text: str) -> str:
    return " ".join(text.split())


def _strip_marks(text: str) -> tuple[str, str, list[str]]:
    """Return a name without numbering, numbers, addresses and what is in brackets; the number; what was in brackets."""
    dropped: list[str] = []
    name = EMAIL.sub(" ", NUMBERING.sub("", _plain(text), count=1)).strip()
    number = ""
    if match := ID_BEHIND.search(name):
        number = next(group for group in match.groups() if group)
        name = name[: match.start()].strip()
    elif match := ID_BEFORE.match(name):
        number, name = match[1], name[match.end() :]
    while match := BRACKETS.search(name):
        inside = next((group for group in match.groups() if group), "").strip()
        if fold(inside) in SUFFIXES or holds_rank(inside):
            name = f"{name[: match.start()]} {inside} {name[match.end() :]}"
            if "," in name[: match.start()] or holds_rank(inside):
                name = f"{name[: match.start()]}{name[match.start() :].replace(inside, '', 1)}, {inside}"
        else:
            dropped += [inside] if inside else []
            name = f"{name[: match.start()]} {name[match.end() :]}"
        name = _plain(name).replace(" ,", ",")
    name = TRAILING_MARK.sub("", name).strip()
    if (match := COURTESY.match(name)) and len(name[match.end() :].split()) >= FEWEST_NAMES:
        name = name[match.end() :]
    return re.sub(r", *(?:mr|mrs|ms|miss)\.? +", ", ", name, flags=re.IGNORECASE), number, dropped


def _take_apart(segment: str, *, others: int, first: bool) -> tuple[list[str], list[str], list[str]]:
    """Return the words of a name, of a rank and the suffixes in a part between commas; ``others`` are words outside."""
    words = segment.split()
    suffixes: list[str] = []
    while words and fold(words[-1]) in SUFFIXES | DEGREES and (len(words) > 1 or others):
        # "St. John, Deputy Junior": what comes after the comma has a first name.
        has_other = len(words) == 1 or first or _names_left(words[:-1], 0)
        is_first_name = suffixes or not has_other or _names_left(words[:-1], others) < FEWEST_NAMES
        if fold(words[-1]) in ALSO_FIRST_NAMES and is_first_name:
            break
        if any(fold(word) in STRONG for word in words[:-1]) and not _names_left(words[:-1], others):
            break  # "Deputy II" is a rank
        suffixes.insert(0, words.pop())
    if not first and others >= FEWEST_NAMES and words and holds_rank(segment) and not _names_left(words, 0):
        return [], words, suffixes
    ahead = _rank_length(words, others)
    rank = words[:ahead]
    words = words[ahead:]
    behind = _rank_length_behind(words, others)
    if behind:
        rank += words[len(words) - behind :]
        words = words[: len(words) - behind]
        while len(words) > 1 and fold(words[-1]) in SUFFIXES:
            suffixes.insert(0, words.pop())
    return words, rank, suffixes


def _names_left(words: list[str], others: int) -> int:
    return sum(fold(word) not in STRONG | BESIDE for word in words) + others


def _rank_length(words: list[str], others: int) -> int:
    """Return how many words at the beginning are a rank ("Deputy Sheriff II", "Lt."); a name must be left."""
    length = 0
    is_rank = False
    for place, word in enumerate(words):
        plain = fold(word.replace("/", " ").replace("-", " "))
        left = [other for other in words[place + 1 :] if len(fold(other)) > 1]
        if not words[place + 1 :]:
            break
        if plain in STRONG:
            if plain == DOUBTFUL and is_rank:
                break
            if plain in ALSO_NAMES and len(left) + min(others, 1) < FEWEST_NAMES:
                break
            is_rank = True
        elif (
            plain not in BESIDE
            or (plain in SUFFIXES | {"i", "v"} and not is_rank)
            or (plain in ALSO_LAST_NAMES and is_rank and len(left) + others < FEWEST_NAMES)
        ):
            break
        length = place + 1
    while length and fold(words[length - 1]) in BESIDE and not is_rank:
        length -= 1
    return length


def _rank_length_behind(words: list[str], others: int) -> int:
    """Return how many words at the end are a rank ("Doe, John Sgt"); two words of a name must be left."""
    length = 0
    while length < len(words):
        plain = fold(words[len(words) - length - 1].replace("/", " ").replace("-", " "))
        if len(words) - length - 1 + others < FEWEST_NAMES or len(words) - length - 1 < 1:
            break
        if plain in ALSO_NAMES or plain not in STRONG | BESIDE or (plain in SUFFIXES | ALSO_LAST_NAMES):
            break
        length += 1
    return length if any(fold(word) in STRONG for word in words[len(words) - length :]) else 0


def _in_order(parts: list[list[str]], suffixes: list[str], heading: str, *, has_comma: bool) -> tuple[str, str]:
    """Return the name, first name first, and a question where the order is unknown."""
    question = ""
    if len(parts) > 1:
        last, *rest = parts
        ordered = [word for part in rest for word in part] + last
    elif parts:
        ordered = parts[0]
        if not has_comma and LAST_FIRST_HEADING.search(heading) and len(ordered) > 1:
            question = LAST_FIRST
    else:
        return "", ""
    return " ".join([*ordered, *suffixes]), question
