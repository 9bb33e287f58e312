"""Rules: answers in, findings out.

One module per subject, one function per rule. The subjects run in the order in which a user works. A rule knows no
request, no database and no PDF; everything it needs about a form is in its case.
"""

from importlib import import_module

from assistant.rules.registry import (
    SEVERITIES,
    Case,
    Finding,
    Problem,
    Review,
    RuleCard,
    Severity,
    all_rules,
    check,
    rule,
)

SUBJECTS: tuple[str, ...] = (
    "agency",
    "nominees",
    "dates",
    "completeness",
    "contacts",
    "wording",
    "spelling",
    "fit",
    "signatory",
    "approvals",
    "state_law",
    "ice_office",
    "editions",
    "published_lists",
)

for _subject in SUBJECTS:
    import_module(f"assistant.rules.{_subject}")

__all__ = [
    "SEVERITIES",
    "SUBJECTS",
    "Case",
    "Finding",
    "Problem",
    "Review",
    "RuleCard",
    "Severity",
    "all_rules",
    "check",
    "rule",
]
