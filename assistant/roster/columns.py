"""Tell the columns of a roster by their headings, in any order and many wordings."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rapidfuzz import fuzz, process

from assistant.agencies.words import model_of
from assistant.answers import MODELS
from assistant.cache import cached_text
from assistant.program.states_and_counties import fold
from assistant.roster.values import NO, YES
from assistant.spreadsheets import text_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from assistant.spreadsheets import Cell

WHAT_TO_DO = "What to do"
"""The heading of the column that ``annotate`` adds. It is skipped when a corrected copy is read again."""

HEADINGS: dict[str, str] = {
    "full_name": "Full name",
    "rank": "Rank or title",
    "badge_number": "Badge number",
    "models": "Models",
    "us_citizen": "U.S. citizen",
    "background_investigation": "Background investigation",
    "background_completed_on": "Background completed on",
    "law_enforcement_since": "Law enforcement since",
    "law_enforcement_years": "Years in law enforcement",
    "enforced_laws": "Has enforced laws",
    "facility_security_trained": "Trained in facility security",
    "enforced_inmate_rules": "Has enforced inmate rules",
    "inmate_rules_authority": "Authority over inmate rules",
}
"""The heading of each answer about a nominee, as our template writes it."""

EXAMPLE = "Example:"
"""How the name in the template's row of examples begins."""
EXAMPLES: dict[str, str] = {
    "full_name": f"{EXAMPLE} Alex Nguyễn",
    "rank": "Deputy",
    "badge_number": "1412",
    "models": "TFM; WSO",
    "us_citizen": "Yes",
    "background_investigation": "completed",
    "background_completed_on": "2025-11-03",
    "law_enforcement_since": "2018-06-01",
    "law_enforcement_years": "",
    "enforced_laws": "Yes",
    "facility_security_trained": "Yes",
    "enforced_inmate_rules": "Yes",
    "inmate_rules_authority": "Yes",
}

WORDINGS: dict[str, str] = {
    "full_name": "name|full name|nominee|nominee name|name of nominee|full legal name|legal name|officer|officer name"
    "|name of officer|deputy|deputy name|employee|employee name|candidate|candidate name|nominee full name"
    "|name first last|name last first|last name first name|first and last name|personnel|last first|last first mi"
    "|name last first mi|worker|worker name|member|member name|staff name",
    "first_name": "first name|first|given name|fname|firstname|forename|officer first name|nominee first name"
    "|employee first name",
    "middle_name": "middle name|middle|mi|middle initial|m i|middlename",
    "last_name": "last name|last|surname|family name|lname|lastname|officer last name|nominee last name"
    "|employee last name",
    "suffix": "suffix|name suffix|generation",
    "rank": "rank|title|position|rank title|rank or title|title rank|rank position|job title|position title|grade"
    "|job title desc|job title description",
    "badge_number": "badge|badge number|badge no|shield|shield number|shield no|star number|star no|star|badge id"
    "|id number|id no|id|employee id|emplid|employee number|employee no|personnel number|serial number|unit number|dsn"
    "|badge id number|officer id|deputy id",
    "models": "model|models|program|programs|support type|moa|moa model|model nominated for|nominated for|agreement"
    "|287 g model|287g model|models nominated for|program model|program type|287 g program"
    "|agreement type|moa type",
    "us_citizen": "us citizen|citizen|citizenship|united states citizen|us citizenship|is us citizen|american citizen"
    "|usc|usc yes no|citizenship status|citizen of the united states|u s citizen|u s citizenship|us citizen yes no",
    "background_investigation": "background|background investigation|background check|bi|background status"
    "|background investigation status|background check status|bi status|background investigation completed"
    "|background check completed|background completed|background investigation complete|background passed"
    "|background cleared",
    "background_completed_on": "background completed on|background date|background investigation date"
    "|background check date|bi date|date of background investigation|date of background check"
    "|date background completed|background completion date|background investigation completed on"
    "|background investigation completion date|date background investigation completed|bi completed on"
    "|date of last background",
    "law_enforcement_since": "law enforcement since|le since|leo since|officer since|hire date|date of hire|date hired"
    "|hired|sworn|sworn date|date sworn|sworn in|sworn since|start date|law enforcement start date|service start"
    "|service since|certification date|post certification date|in law enforcement since|date of appointment"
    "|appointment date|law enforcement officer since|date of certification|service start date|start of service"
    "|le start date|doh|law enforcement start|original hire date|orig hire date|orig hire dt|service date|svc date"
    "|appointed|start dt|post cert date|oath date|entry on duty|entry on duty date",
    "law_enforcement_years": "years|years of service|years in law enforcement|years of experience|years experience"
    "|experience|law enforcement experience|years of law enforcement experience|le experience|le years|leo years"
    "|years le|yos|total years|years as officer|law enforcement years|years of le experience|time in service"
    "|total law enforcement experience|years of law enforcement officer experience|length of service|service years",
    "enforced_laws": "enforced laws|has enforced laws|enforced laws and regulations|has enforced laws and regulations"
    "|knowledge of and have enforced laws|knowledge of and enforced laws|knowledge of laws|laws enforced"
    "|knowledge of and have enforced laws and regulations|law enforcement activities|enforces laws",
    "facility_security_trained": "facility security|trained in facility security|facility security training"
    "|facility security trained|trained on facility security|trained on maintaining the security of lea facilities"
    "|jail security training|security training|trained on maintaining security of facilities|security trained",
    "enforced_inmate_rules": "enforced inmate rules|has enforced inmate rules|inmate rules|inmate rules enforced"
    "|enforced rules on inmates|enforced inmate rules and regulations|inmate accountability and conduct"
    "|enforced rules and regulations governing inmate accountability and conduct|enforces inmate rules",
    "inmate_rules_authority": "inmate rules authority|authority over inmate rules|authority to enforce inmate rules"
    "|has authority to enforce inmate rules|authority over inmates|inmate authority"
    "|authority to enforce rules and regulations governing inmate accountability and conduct",
}  # fmt: skip
PASSED_OVER = frozenset({fold(WHAT_TO_DO), "", "no", "number", "row", "line", "item", "count", "nr"})
"""Headings that tell nothing about a nominee, and so need no remark."""

OTHER_DAYS = re.compile(
    r"\b(?:re ?hired?|re ?appoint\w*|re ?instat\w*|re ?cert\w*|de ?cert\w*|retire\w*|separat\w*|terminat\w*|resign\w*"
    r"|promot\w*|expir\w*|renew\w*|next|last|until|end|eligib\w*|vest\w*|seniority|adjusted)\b"
)
"""Words of headings over other days than the first in service: "Rehire Date", "Recertification", "Last promotion"."""
NOT_FIRST_DAY = "it is another day than the first in law enforcement"
WEAK = frozenset({"grade", "title", "position", "rank position"})
"""Headings that give way to a better column with the same answer: "Grade" beside "Job Title"."""
YES_NO_HEADING = re.compile(r"\(\s*y(?:es)?\s*/\s*no?\s*\)|\by/n\b|\byes ?/ ?no\b|\?\s*$", re.IGNORECASE)
TWO_YEARS = re.compile(r"\b(?:2|two)\+? ?(?:or more )?(?:yrs?|years?)\b|\b2\+ ?y", re.IGNORECASE)
DAYS_AND_YEARS = frozenset({"law_enforcement_since", "law_enforcement_years", "background_completed_on"})
SURE = 0.85
"""Sureness from which a column is folded away on the page."""
SAMPLE_ROWS = 200
"""Rows whose cells may speak against what a heading seems to say."""

# What must never be kept, by the words that give it away.
NEVER_KEPT = (
    (re.compile(r"\b(?:ssn?|social|soc sec)\b|social ?security"), "Social Security numbers"),
    (re.compile(r"\b(?:dob|born|age|d o b)\b|birth|\bbday\b"), "dates or places of birth"),
    (
        re.compile(r"(?<!mail )\baddress\b|\bhome (?:phone|tel)|resid|\b(?:street|city|zip|zip code|postal code)\b"),
        "home addresses",
    ),
    (
        re.compile(r"\b(?:race|ethnicity|sex|gender|passport|alien|religion|medical|polygraph|credit|licen[cs]e|dl)\b"),
        "personal data that ICE does not ask for here",
    ),
    (re.compile(r"criminal|disciplin|complaint|fingerprint|psych"), "results or contents of checks"),
)
# Words by which a long heading about a criterion is known, however it is put; the first line that fits counts.
CRITERIA: tuple[tuple[frozenset[str], str], ...] = (
    (frozenset({"inmate", "authority"}), "inmate_rules_authority"),
    (frozenset({"inmate", "enforced"}), "enforced_inmate_rules"),
    (frozenset({"inmate", "conduct"}), "enforced_inmate_rules"),
    (frozenset({"security", "facility", "trained"}), "facility_security_trained"),
    (frozenset({"enforced", "laws"}), "enforced_laws"),
)
SHORT: dict[str, str] = {
    **dict.fromkeys(("of", "the", "a", "as", "has", "have", "is", "in", "to", "and", "nominee", "nominees", "s"), ""),
    **dict.fromkeys(("leo", "le"), "law enforcement"),
    **dict.fromkeys(("yrs", "yr", "year"), "years"),
    **dict.fromkeys(("bi", "bgi"), "background investigation"),
    **dict.fromkeys(("inmates", "detainee", "detainees", "prisoners"), "inmate"),
    **dict.fromkeys(("facilities", "jail"), "facility"),
    **dict.fromkeys(("training", "train"), "trained"),
    **dict.fromkeys(("enforce", "enforces", "enforcing"), "enforced"),
    "dt": "date", "svc": "service", "exp": "experience", "emp": "employee", "complete": "completed", "law": "laws",
    "bkgd": "background", "bg": "background", "invest": "investigation", "inv": "investigation", "cit": "citizen",
    "citizens": "citizen", "no": "number",
}  # fmt: skip
"""Short or changed forms of words in headings; words without meaning become ""."""
CLOSE, APART = 90, 4
SHORTEST_FUZZY = 6
EXACT = {fold(wording): name for name, wordings in WORDINGS.items() for wording in wordings.split("|")} | {
    fold(heading): name for name, heading in HEADINGS.items()
}


def _bag(words: str) -> str:
    """Return the words of a heading spelled out and in order of the alphabet."""
    return " ".join(sorted(set(" ".join(SHORT.get(word, word) for word in words.split()).split())))


_BAGS: dict[str, set[str]] = {}
for _words, _name in EXACT.items():
    _BAGS.setdefault(_bag(_words), set()).add(_name)
BAGS = {bag: names.pop() for bag, names in _BAGS.items() if bag and len(names) == 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of the sheet; ``answer`` is what it holds, None where it is left out, and then ``why`` may say why.

    An answer is a name of ``HEADINGS``, a part of a name ("first_name"), or "model:TFM" for a column of ticks.
    """

    index: int
    heading: str
    answer: str | None
    why: str | None = None
    closed: bool = False
    """Whether it holds data that is never stored, so that no one can choose it."""
    sureness: float = 1.0
    """From 0 to 1: how sure it is that the column is what it was taken for, or that it is to be left out."""
    alternatives: tuple[str, ...] = ()
    """Answers that fit about as well, best first: somebody has to choose."""

    @property
    def is_sure(self) -> bool:
        """Say whether nobody needs to look at the column."""
        return self.sureness >= SURE and not self.alternatives


def columns_of(
    row: Sequence[Cell], choices: Mapping[int, str | None] | None = None, below: Sequence[Sequence[Cell]] = ()
) -> list[Column]:
    """Return the columns that a row of headings names; of two with the same answer, the better heading has it.

    ``below`` are the rows under the headings: a column of yes and no is no day, and one of numbers is no rank.
    ``choices`` says by index what a person took a column for, None for nothing; it wins over the heading, but a column
    of what is never kept stays left out.
    """
    columns: list[Column] = []
    choices = choices or {}
    chosen_answers = {answer for answer in choices.values() if answer}
    for index, cell in enumerate(row):
        heading = text_of(cell)
        if not heading or not isinstance(cell, str):
            continue
        why = never_kept(heading)
        answer = None if why else choices[index] if index in choices else answer_named(heading)
        if answer in chosen_answers and index not in choices:
            answer = None
        elif index in choices and answer is None and not why and answer_named(heading):
            why = "so it was chosen"
        if answer and index not in choices and (doubt := _doubt(answer, heading, index, below)):
            answer, why = None, doubt
        twin = next((column for column in columns if answer and column.answer == answer), None)
        if twin and fold(twin.heading) in WEAK and fold(heading) not in WEAK and twin.index not in choices:
            columns[columns.index(twin)] = replace(twin, answer=None, why=f"“{heading[:80]}” says it better")
        elif twin:
            answer, why = None, f"“{twin.heading}” says the same"
        closed = never_kept(heading) is not None
        columns.append(Column(index=index, heading=heading[:80], answer=answer, why=why, closed=closed))
    return columns


def _doubt(answer: str, heading: str, index: int, below: Sequence[Sequence[Cell]]) -> str | None:
    """Return what speaks against the answer that a heading seems to ask for, in the heading or in its column."""
    if answer not in DAYS_AND_YEARS | {"rank"}:
        return None
    cells = [row[index] for row in below[:SAMPLE_ROWS] if index < len(row) and text_of(row[index])]
    texts = [fold(text_of(cell)) for cell in cells]
    if answer in DAYS_AND_YEARS:
        truths = [text for text in texts if text in YES or text in NO]
        all_truths = bool(texts) and len(truths) == len(texts) and not all(map(_is_number, texts))
        says_date = "date" in _bag(fold(heading)).split()
        if (all_truths and not says_date) or (not texts and YES_NO_HEADING.search(heading)):
            return "it says yes or no, and no day or number of years is in it"
    if answer == "law_enforcement_since" and OTHER_DAYS.search(fold(heading)):
        return NOT_FIRST_DAY
    if answer == "law_enforcement_years" and TWO_YEARS.search(heading) and not any(map(_is_number, texts)):
        return "it asks for two years, and does not say how many"
    if answer == "rank" and fold(heading) in WEAK and texts and all(map(_is_number, texts)):
        return "its numbers are no rank"
    return None


def _is_number(text: str) -> bool:
    return text.replace(" ", "").isdecimal()


@cached_text(512)
def never_kept(heading: str) -> str | None:
    """Return the kind of data under a heading, where it is one that this program never keeps."""
    words = fold(heading)
    if words in EXACT:
        return None
    kind = next((kind for pattern, kind in NEVER_KEPT if pattern.search(words)), None)
    return f"this program never keeps {kind}" if kind else None


@cached_text(512)
def answer_named(heading: str) -> str | None:
    """Return the answer that a heading asks for ("Badge #", "DATE OF HIRE (mm/dd/yyyy)"), or None in doubt."""
    spelled = re.sub(r"#|\b[Nn]o\.(?=\s|$)|\bnbr\b|\bnum\b", " number ", heading)
    spelled = re.sub(r"287\s*\(g\)", "287g", spelled)
    bare = re.sub(r"\(.*?\)|\[.*?\]|\*", " ", spelled)
    tries = [fold(text) for text in (spelled, bare, bare.partition(":")[0], bare.partition("?")[0])]
    if answer := next((EXACT[words] for words in tries if words in EXACT), None):
        return answer
    if (model := model_of(bare)) and (len(tries[1].split()) > 1 or tries[1].upper() in MODELS):
        return f"model:{model}"
    words, bag = tries[1], _bag(tries[1])
    if bag in BAGS:
        return BAGS[bag]
    if answer := next((name for needed, name in CRITERIA if needed <= set(bag.split())), None):
        return answer
    if len(words) < SHORTEST_FUZZY:
        return None
    # A slip of the pen, no more: a looser match would take a date of birth for a date of hire.
    close = process.extract(words, EXACT.keys(), scorer=fuzz.ratio, limit=8, score_cutoff=CLOSE)
    answers = {EXACT[name] for name, score, _ in close if score >= close[0][1] - APART}
    return answers.pop() if len(answers) == 1 else None


def names_people(columns: Sequence[Column]) -> bool:
    """Say whether a row of headings can be that of a roster."""
    answers = {column.answer for column in columns}
    return "full_name" in answers or {"first_name", "last_name"} <= answers
