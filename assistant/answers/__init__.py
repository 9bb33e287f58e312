"""What an agency answered: typed, frozen values, their paths, and their file (``moa-application/1``).

Knows what can be answered, not whether it is enough: what is missing or unfit is a finding of ``rules``. Knows no
form, no PDF, no database. A value that was not given is ``None``; text is kept to the letter as typed.
"""

from assistant.answers.file import (
    FORMAT,
    MAX_FILE_BYTES,
    MAX_NOMINEES,
    MAX_TEXT,
    OPTIONAL_SECTIONS,
    SECTIONS,
    AnswersDocument,
    dump,
    from_document,
    parse,
    to_document,
)
from assistant.answers.paths import AnswersByPath, get_path, has_path, with_path
from assistant.answers.values import (
    KINDS,
    MODELS,
    Address,
    Agency,
    AgencyKind,
    Answers,
    Approvals,
    Background,
    Contact,
    Ice,
    Model,
    Nominee,
    Signatory,
    years_between,
)

__all__ = [
    "FORMAT",
    "KINDS",
    "MAX_FILE_BYTES",
    "MAX_NOMINEES",
    "MAX_TEXT",
    "MODELS",
    "OPTIONAL_SECTIONS",
    "SECTIONS",
    "Address",
    "Agency",
    "AgencyKind",
    "Answers",
    "AnswersByPath",
    "AnswersDocument",
    "Approvals",
    "Background",
    "Contact",
    "Ice",
    "Model",
    "Nominee",
    "Signatory",
    "dump",
    "from_document",
    "get_path",
    "has_path",
    "parse",
    "to_document",
    "with_path",
    "years_between",
]
