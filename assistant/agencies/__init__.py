"""ICE's published lists of agencies that take part in the 287(g) program, or are about to.

Reads a list, says how alike two agencies' names are, draws. Knows spreadsheets; knows no database.
"""

from assistant.agencies.names import likeness
from assistant.agencies.published import Listing, ListKind, PublishedList, Unreadable, read_list

__all__ = ["ListKind", "Listing", "PublishedList", "Unreadable", "likeness", "read_list"]
