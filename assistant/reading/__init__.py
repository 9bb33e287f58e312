"""Read a finished agreement, from anywhere: what stands in its blanks, how sure that is, and what cannot be seen.

Knows the structure of the agreements (labels, sections, pages) and the editions; judges nothing. What it cannot see
it calls unseen: neither empty nor filled.
"""

from assistant.reading.agreement import PageMatch, ReadAgreement, SlotReading
from assistant.reading.filled_values import read_answers
from assistant.reading.reader import read_agreement
from assistant.reading.strips import read_answers_with_strips

__all__ = [
    "PageMatch",
    "ReadAgreement",
    "SlotReading",
    "read_agreement",
    "read_answers",
    "read_answers_with_strips",
]
