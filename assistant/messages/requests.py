"""What a message asks for, in its own words: sentences that ask or request, without older text and signatures.

Nothing is made up and nothing is summed up: each quotation stands in the message, letter by letter but for line ends.
What is not recognized is missing, so whoever answers reads the whole message too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MAX_REQUESTS = 40
MAX_LETTERS = 1_000
"""Of one quotation; a longer sentence is cut and ends with "…"."""
MAX_LINES = 5_000
LONG_SPACE = re.compile(r"[^\S\n]{9,}")
"""Spaces that say nothing; a line of 100,000 of them would take half a minute."""
QUOTED = re.compile(r"^\s*>")
OLDER = re.compile(
    r"^\s*(?:-{3,}\s*(?:original message|forwarded message|original appointment)\b|begin forwarded message|_{10,}\s*$)",
    re.IGNORECASE,
)
WROTE = re.compile(r"^\s*on\b.{4,300}\bwrote:\s*$", re.IGNORECASE | re.DOTALL)
WROTE_LINES = 3
"""Over how many lines a mail program may break "On … wrote:"."""
FROM_LINE = re.compile(r"^\s*\*?from:\*?\s+\S", re.IGNORECASE)
HEADER_LINE = re.compile(r"^\s*\*?(?:sent|date|to|subject):\*?\s", re.IGNORECASE)
SIGNATURE_MARK = re.compile(r"^--\s?$")
CLOSING = re.compile(
    r"^\s*(?:(?:very\s+)?respectfully(?: yours)?|v/?r|r/|(?:best|kind|warm|with)?\s*regards|best|best wishes|"
    r"sincerely(?: yours)?|(?:many\s+)?thanks(?: again)?|thx|thank you(?: again| in advance)?|"
    r"yours (?:truly|sincerely)|cheers)\s*[,.!]?\s*$",
    re.IGNORECASE,
)
BANNER = re.compile(
    r"^\W*(?:caution|warning|notice|disclaimer|confidential\w*|privacy act|unclassified|external (?:e-?mail|sender))\b"
    r"|intended recipient|originated (?:from )?outside",
    re.IGNORECASE,
)
BULLET = re.compile(r"^\s*(?:[-*•–·o]|\(?[0-9]{1,2}[.)]|\(?[a-zA-Z][.)])\s+(?=\S)")
ENDS = re.compile(r"(?<=[.?!])[\"”’')\]]*\s+(?=[\"“‘'(\[]?[A-Z0-9])")
SHORT_FORMS = re.compile(
    r"(?:\b(?:U\.S|Mr|Mrs|Ms|Dr|No|Nos|St|Sgt|Lt|Capt|Cpl|Ofc|Det|Dep|Insp|Gen|Hon|Jr|Sr|Inc|Dept|Co|Rev|Sec|Art|vs|etc|e\.g"
    r"|i\.e|a\.m|p\.m|approx|ext|pp?|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)|\b[A-Z])\.$"
)
LONGEST_SHORT_FORM = 8
REQUEST = re.compile(
    r"\b(?:please|kindly|(?:could|can|would|will) you|let (?:us|me) know|advise|"
    r"(?:we|i|ice|our office) (?:also |still |will |do )*(?:need|require|request|ask|must have|are missing|am missing|"
    r"are unable|cannot|can not|have not received|did not receive|not have)s?|"
    r"you (?:also |still |will )*(?:must|need|should|have to|are required|are asked)|"
    r"(?:must|should|needs? to|has to|have to) be|"
    r"(?:is|are|was|were|appears?(?: to be)?|seems?(?: to be)?) (?:still )?(?:missing|required|needed|incomplete|"
    r"unsigned|illegible|unreadable|blank|outdated|out of date)|"
    r"(?:not|never) (?:been )?(?:signed|dated|initialed|received|completed|filled|attached|included|legible|readable)|"
    r"not (?:the |a )?(?:most )?(?:current|latest|correct|valid|acceptable)|"
    r"(?:does|do|did) not (?:match|include|contain|show|scan|open|come)|"
    r"incorrect|outdated|expired|(?:still )?needs|requires|await(?:s|ing)? your|"
    r"resubmit|re-?send|re-?sign|send (?:us|me|back|the|a|an|your)|provide|submit the|return the|correct the|"
    r"by (?:close of business|cob|noon)|no later than|deadline|request(?:s|ed|ing)? (?:that|the|a)|before we can)\b",
    re.IGNORECASE,
)
COURTESY = re.compile(
    r"\b(?:do(?: not|n['’]t) hesitate|feel free|consider the environment|(?:do not|don['’]t) reply to this"
    r"|please (?:be advised|note) that we (?:have )?received"
    r"|(?:let (?:us|me) know|contact|reach out|call|e-?mail|ask)\b(?:\W+\S+){0,6}?\W+(?:if|should|with)"
    r" (?:you (?:may )?have )?any\b)",
    re.IGNORECASE,
)
OFFER = re.compile(r"\b(?:if|should) you (?:may )?have any\b.*", re.IGNORECASE)
"""The offer to answer questions, with what follows it in the sentence."""


@dataclass(frozen=True, slots=True)
class _Item:
    """A run of text, and whether a bullet or a number stood before it."""

    text: str
    is_bullet: bool


def without_older_text(text: str) -> str:
    """Return what the message itself says: no quoted lines, no message below it, no signature, no banner."""
    lines = LONG_SPACE.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n")).split("\n")[:MAX_LINES]
    blocks: list[list[str]] = [[]]
    for number, line in enumerate(lines):
        if _ends_message(lines, number):
            break
        if QUOTED.match(line) or not line.strip():
            blocks.append([])
        else:
            blocks[-1].append(line.rstrip())
    return "\n\n".join("\n".join(block) for block in blocks if block and not BANNER.search(" ".join(block)))


def requests_in(text: str) -> tuple[str, ...]:
    """Return the sentences of a message that ask or request something, in their order, each once."""
    requests: list[str] = []
    is_listing = False
    for item in _items(without_older_text(text)):
        if item.is_bullet and is_listing:
            requests.append(item.text)
            continue
        is_listing = False
        for sentence in _sentences(item.text):
            if _is_request(sentence):
                requests.append(sentence)
                is_listing = sentence.endswith(":")
    short = (text if len(text) <= MAX_LETTERS else f"{text[:MAX_LETTERS]}…" for text in requests)
    return tuple(dict.fromkeys(short))[:MAX_REQUESTS]


def _ends_message(lines: list[str], number: int) -> bool:
    """Say whether a line begins an older message or a signature."""
    line = lines[number]
    if OLDER.match(line) or SIGNATURE_MARK.match(line) or CLOSING.match(line):
        return True
    if line.lstrip()[:2].lower() == "on":
        joined = [" ".join(lines[number : number + count]) for count in range(1, WROTE_LINES + 1)]
        if any(WROTE.match(part) for part in joined):
            return True
    return (
        bool(FROM_LINE.match(line))
        and sum(bool(HEADER_LINE.match(after)) for after in lines[number + 1 : number + 5]) > 1
    )


def _items(text: str) -> list[_Item]:
    """Return the paragraphs and the points of lists, each in one line."""
    items: list[_Item] = []
    for paragraph in text.split("\n\n"):
        is_first = True
        for line in paragraph.split("\n"):
            bullet = BULLET.match(line)
            words = " ".join(line[bullet.end() if bullet else 0 :].split())
            if not words:
                continue
            if bullet or is_first:
                items.append(_Item(words, bool(bullet)))
            else:
                items[-1] = _Item(f"{items[-1].text} {words}", items[-1].is_bullet)
            is_first = False
    return items


def _sentences(text: str) -> list[str]:
    sentences, start = [], 0
    for end in ENDS.finditer(text):
        if not SHORT_FORMS.search(text[max(start, end.start() - LONGEST_SHORT_FORM) : end.start()]):
            sentences.append(text[start : end.end()].strip())
            start = end.end()
    return [sentence for sentence in [*sentences, text[start:].strip()] if sentence]


def _is_request(sentence: str) -> bool:
    if COURTESY.search(sentence):
        return False
    sentence = OFFER.sub("", sentence)
    return sentence.rstrip("\"”’')]").endswith("?") or bool(REQUEST.search(sentence))
