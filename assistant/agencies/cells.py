"""Read the dates and links of the lists, mending what can mean one thing only."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, quote, urlsplit, urlunsplit

from assistant.cache import cached_text
from assistant.spreadsheets import serial_date, text_of
from assistant.text import MONTH_KEYS

if TYPE_CHECKING:
    from assistant.spreadsheets import Cell

FIRST_YEAR = 1996
"""The year of the law; nothing can have been signed before."""
LAST_YEAR = 2099
CENTURY_START = 2000
LAST_SHORT_YEAR = 99
"""Up to here a year is written with two figures."""

SIGNED = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})")
SIGNED_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?")
ONE_SLASH = re.compile(r"(\d{1,2})/(\d{1,2})(20\d{2})")
"""As ICE types it now and then: "05/082025", "7/72025"; the year is four figures, so it reads in one way only."""
LONG_DATE = re.compile(r"([A-Za-z]{3})[a-z]*\.? (\d{1,2}),? (\d{4})")

SCHEME = re.compile(r"(https?):/{1,3}(?=[^/])", re.IGNORECASE)
SAFELINKS = ".safelinks.protection.outlook.com"
ARCHIVES = frozenset({"web.archive.org", "archive.org", "www.archive.org"})
"""Hosts that put a day, and then the address itself, behind their own."""
MAX_URL = 2_000
WRAPPERS = 3
"""A wrapped address may hold another wrapped one."""
SAFE_IN_URL = "/%:@!$&'()*+,;=?~-._"


def signed_on(value: Cell, *, date1904: bool = False) -> tuple[date | None, str | None]:
    """Return the day in a SIGNED cell, and a sentence where the cell does not say it plainly; both None when empty."""
    if isinstance(value, date):
        return _within(value.date() if isinstance(value, datetime) else value)
    if isinstance(value, float | int) and not isinstance(value, bool):
        signing_day = serial_date(value, date1904=date1904)
        return _within(signing_day) if signing_day else (None, f"SIGNED reads “{text_of(value)}”, which is not a date.")
    text = text_of(value)
    if not text:
        return None, None
    for pattern, order in ((SIGNED, "mdy"), (SIGNED_ISO, "ymd"), (LONG_DATE, "mdy")):
        if match := pattern.fullmatch(text):
            return _within(_day(dict(zip(order, match.groups(), strict=False))), text)
    if match := ONE_SLASH.fullmatch(text):
        day, _ = _within(_day(dict(zip("mdy", match.groups(), strict=True))), text)
        if day:
            return day, f"SIGNED reads “{text}”. A slash is missing, so it was read as {day:%m/%d/%Y}."
    return None, f"SIGNED reads “{text[:40]}”, which is not a date."


def _day(parts: dict[str, str]) -> date | None:
    year = int(parts["y"])
    named = parts["m"].lower()
    month = MONTH_KEYS.index(named) + 1 if named in MONTH_KEYS else int(named) if named.isdecimal() else 0
    try:
        return date(year if year > LAST_SHORT_YEAR else CENTURY_START + year, month, int(parts["d"]))
    except ValueError:
        return None


def _within(day: date | None, text: str | None = None) -> tuple[date | None, str | None]:
    if day is None:
        return None, f"SIGNED reads “{text}”, which is not a date."
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        return None, f"SIGNED reads “{text or f'{day:%m/%d/%Y}'}”, but no agreement can have been signed in that year."
    return day, None


@cached_text(8192)
def correct_link(target: str) -> tuple[str | None, str | None]:
    """Return the address a link means, and a sentence where there is none; both None when empty.

    Outlook's safe links, a web archive and a browser's PDF viewer wrap the address; a slash too few breaks it. What is
    left is http or https to a named host, or nothing: these addresses end up in pages.
    """
    text = re.sub(r"\s+", "", "" if target.isspace() else target.strip().replace(" ", "%20"))
    if not text:
        return None, None
    for _ in range(WRAPPERS):
        text = _unwrapped(text) or text
    text = SCHEME.sub(lambda match: f"{match[1].lower()}://", text, count=1)
    if re.match(r"www\.", text, re.IGNORECASE):
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
        host = (parts.hostname or "").lower()
    except ValueError:
        host = ""
    if (
        not host
        or parts.scheme not in {"http", "https"}
        or "." not in host
        or len(text) > MAX_URL
        or "@" in parts.netloc
    ):
        return None, "The link does not lead to a web page, so it was left out."
    scheme = "https" if host == "ice.gov" or host.endswith(".ice.gov") else parts.scheme
    path = quote(parts.path, safe=SAFE_IN_URL)
    return urlunsplit(
        (
            scheme,
            parts.netloc.lower(),
            path,
            quote(parts.query, safe=SAFE_IN_URL),
            quote(parts.fragment, safe=SAFE_IN_URL),
        )
    ), None


def is_wrapped(target: str) -> bool:
    """Say whether another program wrapped a link, so that it led there and not to the page itself."""
    return _unwrapped(target.strip()) is not None


def _unwrapped(text: str) -> str | None:
    """Return the address inside another, or None where there is none."""
    try:
        parts = urlsplit(text)
        host = (parts.hostname or "").lower()
    except ValueError:
        return None
    if host.endswith(SAFELINKS):
        inner = parse_qs(parts.query).get("url", [""])[0]
        return inner or None
    if host in ARCHIVES:
        match = SCHEME.search(text, len(parts.scheme) + len("://"))
        return text[match.start() :] if match else None
    if parts.scheme in {"chrome-extension", "moz-extension", "edge"}:
        match = SCHEME.search(text)
        return text[match.start() :] if match else None
    return None
