"""The Flesch-Kincaid grade of a text: U.S. school years that a reader needs (Kincaid and others, 1975).

Our own, because the libraries that measure it bring word lists of several megabytes or are under the LGPL.
"""

from __future__ import annotations

import re

_QUOTED = re.compile(r"“[^”]*”|`[^`]*`|\([^()]*\)")
_WORD = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)?")
_END = re.compile(r"[.!?]+(?=\s|$)")
_SILENT = re.compile(r"(?:[^laeiouycgsxz]es|[^dt]ed|[^laeiouy]e)$")
_VOWELS = re.compile(r"[aeiouy]+")
# Official names, which no one may replace by easier words.
_TITLES = re.compile(
    r"Memorandum of Agreement|Letter of Interest|law[- ]enforcement|(?:Tribal )?Task Force Model|Jail Enforcement Model"
    r"|Warrant Service Officer|Interconnection Security Agreement|Office of the Principal Legal Advisor"
    r"|public[- ]information contact|Social Security numbers?|background investigation|Immigration and Customs "
    r"Enforcement|Office of Professional Responsibility|Office of Public Affairs"
)


def count_syllables(word: str) -> int:
    """Return the number of syllables of an English word, by its groups of vowels; abbreviations count one."""
    if word.isupper():
        return 1
    plain = word.lower().replace("’s", "").replace("'s", "")
    found = len(_VOWELS.findall(plain)) - (1 if _SILENT.search(plain) and len(plain) > 3 else 0)
    return max(found, 1)


def reading_grade(text: str) -> float:
    """Return the grade of a text, 0 or more; quotations, parentheses and official names do not count."""
    plain = _TITLES.sub("the one name", _QUOTED.sub("", text))
    plain = re.sub(r"\b(?:U\.S\.C?\.|C\.F\.R\.|p\.|pp\.|v\.|St\.)", "law", plain)
    sentences = [words for part in _END.split(plain) if (words := _WORD.findall(part))]
    words = [word for sentence in sentences for word in sentence]
    if not words:
        return 0.0
    syllables = sum(count_syllables(word) for word in words)
    return max(0.0, 0.39 * len(words) / len(sentences) + 11.8 * syllables / len(words) - 15.59)
