"""Rules: answers in, findings out.

One module a subject, one function a rule; the subjects are asked in the order in which a user works. Knows no
request, no database and no PDF; what a form needs reaches a rule through its case.
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
