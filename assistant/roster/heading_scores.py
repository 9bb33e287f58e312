"""How surely a heading asks for each answer about a nominee, by its words alone."""

from __future__ import annotations

import re

from rapidfuzz import fuzz, process

from assistant.agencies.words import MODEL_WORDS
from assistant.answers import MODELS
from assistant.cache import cached_text
from assistant.program.states_and_counties import fold
from assistant.roster.headings import EXACT, RULES, SHORT, SINCE, TICK_WEAK, YEARS

OTHER_DAYS = re.compile(
    r"\b(?:re ?hired?|re ?appoint\w*|re ?instat\w*|re ?cert\w*|de ?cert\w*|retire\w*|separat\w*|terminat\w*|resign\w*"
    r"|promot\w*|expir\w*|exp date|renew\w*|next|last|until|end|eligib\w*|vest\w*|adjusted|evaluat\w*|review\w*|leosa"
    r"|transfer\w*|qualif\w*|leave|inactive|revo\w*|class date)\b"
)
"""Words of headings over other days than the first in service: "Rehire Date", "Recertification", "Last promotion"."""
OTHER_TIMES = re.compile(r"\b(?:in|at|of|within) (?:\w+ )?(?:rank|grade|position|profile|title|unit|assignment|job)\b")
"""Words of headings over other lengths of time than that in law enforcement: "Time in Job Profile"."""
NOT_FIRST_DAY = "it is another day than the first in law enforcement"
OTHER_COLUMNS = re.compile(
    r"\b(?:e ?mails?|phone|cell|mobile|tel|telephone|fax|shift|division|district|bureau|squad|assignment|location"
    r"|supervis\w*|manager|sergeant name|reports to|department|dept|agency|county|notes?|remarks?|comments?|salary|pay"
    r"|rate|fte|hours?|vehicle|languages?|emergency|spouse|contact|organi[sz]ation|station|post(?! cert)|beat|zone"
    r"|status|leosa|section|platoon|watch|company|building|cost center|fund|school|city|state|user ?name|login"
    r"|file name|badge (?:expir|issue)\w*|taser|firearms?|uniform|size)\b"
)
"""Words of headings over what no answer about a nominee asks for."""
ORGANIZATIONS = frozenset({"agency", "department", "dept", "county", "city", "state"})
"""Of these the words that may also stand before what is asked: "Agency Hire Date"."""
TWO_YEARS = re.compile(r"\b(?:2|two)\+? ?(?:or more )?(?:yrs?|years?)\b|\b2\+ ?y|\bmin(?:imum)?\b.*\by", re.IGNORECASE)
YES_NO_HEADING = re.compile(r"\(\s*y(?:es)?\s*/\s*no?\s*\)|\by/n\b|\byes ?/ ?no\b|\?\s*$", re.IGNORECASE)

# What must never be kept, by the words that give it away.
NEVER_KEPT = (
    (re.compile(r"\b(?:ssn?|social|soc sec)\b|social ?security"), "Social Security numbers"),
    (re.compile(r"\b(?:dob\w*|born|age|curr(?:ent)? ?age|d o b)\b|birth|\bbday\b"), "dates or places of birth"),
    (
        re.compile(r"(?<!mail )\baddress\b|\bhome (?:phone|tel)|resid|\b(?:street|city|zip|zip code|postal code)\b"),
        "home addresses",
    ),
    (
        re.compile(
            r"\b(?:race|ethnicity|sex|gender|passport|alien|religion|medical|health|disab\w*|fmla|polygraph|credit"
            r"|licen[cs]e|dl|marital|veteran)\b"
        ),
        "personal data that ICE does not ask for here",
    ),
    (re.compile(r"criminal|disciplin|complaint|fingerprint|psych"), "results or contents of checks"),
)
CLOSE, APART = 90, 4
LEAST_SURE = 0.5
SHORTEST_FUZZY = 6
BAG_SHARE, FUZZY_SHARE = 0.97, 0.9
"""By how much words in another order, or with a slip, are less sure than the words themselves."""


def _bag(words: str) -> str:
    """Return the words of a heading spelled out and in order of the alphabet."""
    return " ".join(sorted(set(" ".join(SHORT.get(word, word) for word in words.split()).split())))


def _read_bags() -> dict[str, dict[str, float]]:
    by_bag: dict[str, dict[str, float]] = {}
    for words, shares in EXACT.items():
        known_shares = by_bag.setdefault(_bag(words), {})
        for answer, share in shares.items():
            known_shares[answer] = max(share, known_shares.get(answer, 0))
    by_bag.pop("", None)
    # Words that mean two answers in two orders decide nothing in a third.
    return {bag: shares for bag, shares in by_bag.items() if len(shares) == 1 or bag in EXACT}


BAGS = _read_bags()
RULE_WORDS = tuple((answer, set(need.split()), set(never.split()), share) for answer, need, never, share in RULES)


@cached_text(512)
def never_kept(heading: str) -> str | None:
    """Return the kind of data under a heading, where it is one that this program never keeps."""
    words = fold(heading)
    if words in EXACT:
        return None
    kind = next((kind for pattern, kind in NEVER_KEPT if pattern.search(words)), None)
    return f"this program never keeps {kind}" if kind else None


@cached_text(512)
def answers_of_heading(heading: str) -> dict[str, float]:
    """Return how surely, from 0 to 1, a heading asks for each answer ("Badge #", "ORIG_HIRE_DT"); {} for none."""
    spelled = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", heading)
    spelled = re.sub(r"#|\b[Nn]o\.(?=\s|$)|\bnbr\b|\bnum\b", " number ", spelled)
    spelled = re.sub(r"287\s*\(g\)", "287g", spelled)
    bare = re.sub(r"\(.*?\)|\[.*?\]|\*", " ", spelled)
    tries = [fold(text) for text in (heading, spelled, bare, bare.partition(":")[0], bare.partition("?")[0])]
    tries = [re.sub(r"\b(?:yes no|y n)$", "", words).strip() for words in tries]
    shares = next((EXACT[words] for words in tries if words in EXACT), None) or _tick_shares(bare, tries[2])
    if shares is None:
        shares = _shares_of_words(tries[2])
    return {answer: share for answer, share in shares.items() if not _is_other(answer, share, tries[1], heading)}


def _tick_shares(bare: str, words: str) -> dict[str, float] | None:
    """Return the model whose name a heading is, for a column of ticks."""
    name = re.sub(r"^(?:nominated for|for) | (?:model|nominee|officer)s?$", "", words)
    model = MODEL_WORDS.get(words) or MODEL_WORDS.get(name)
    if model is None:
        inner = re.search(r"\b(?:" + "|".join(MODELS) + r")\b", bare)
        if inner is None or len(set(re.findall(r"\b(?:" + "|".join(MODELS) + r")\b", bare))) > 1:
            return None
        model = next(code for code in MODELS if code == inner[0])
    is_question = words.upper() in MODELS or words not in TICK_WEAK or "?" in bare
    return {f"model:{model}": 0.9 if is_question else 0.45}


def _shares_of_words(words: str) -> dict[str, float]:
    bag = _bag(words)
    if bag in BAGS:
        return {answer: share * BAG_SHARE for answer, share in BAGS[bag].items()}
    other = OTHER_COLUMNS.search(words)
    if other and other[0] not in ORGANIZATIONS:
        return {}
    inside = set(bag.split())
    shares: dict[str, float] = {}
    for answer, need, never, share in RULE_WORDS:
        if need <= inside and not never & inside:
            shares[answer] = max(share, shares.get(answer, 0))
    if shares:
        best = max(shares.values())
        return {answer: share for answer, share in shares.items() if share == best}
    if other or len(words) < SHORTEST_FUZZY:
        return {}
    # A slip of the pen, no more: a looser match would take a date of birth for a date of hire.
    close = process.extract(words, EXACT.keys(), scorer=fuzz.ratio, limit=8, score_cutoff=CLOSE)
    near = {answer for name, score, _ in close if score >= close[0][1] - APART for answer in EXACT[name]}
    if len(near) != 1:
        return {}
    return {answer: share * FUZZY_SHARE for answer, share in EXACT[close[0][0]].items()}


def _is_other(answer: str, share: float, words: str, heading: str) -> bool:
    """Say whether the heading speaks of another day, or another length of time, than the answer."""
    if answer == SINCE:
        return OTHER_DAYS.search(words) is not None and share >= LEAST_SURE
    if answer == YEARS:
        return OTHER_TIMES.search(words) is not None
    return answer == "rank" and re.search(r"\b(?:date|years|time)\b", words) is not None and bool(heading)


def is_other(heading: str) -> bool:
    """Say whether a heading names something that no answer about a nominee asks for."""
    return OTHER_COLUMNS.search(fold(heading)) is not None


def why_other(heading: str) -> str | None:
    """Return why a heading that looks like one of service asks for something else, or None."""
    words = fold(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", heading))
    is_day = re.search(r"\b(?:date|dt|hired?|appoint\w*|certif\w*|cert|sworn)\b", words)
    return NOT_FIRST_DAY if is_day and OTHER_DAYS.search(words) else None
