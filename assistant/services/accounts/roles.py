"""Roles in an agency and what each allows, as data. Deny is the default: what no role names, nobody may do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID


class Permission(StrEnum):
    """What a request may do; each endpoint and method needs one of these."""

    SIGNED_IN = "signed-in"
    """One's own account, and pages that hold no agency's data. Everybody who signed in has it, also without a role."""
    READ = "read"
    """See the agency's applications and papers."""
    WRITE = "write"
    """Change applications: answers, nominees, exports, signed copies, messages."""
    COMMENT = "comment"
    """Comment on an answer."""
    REVIEW = "review"
    """Decide on what was sent for review."""
    APPROVE = "approve"
    """Approve, decline, and lock an application for changes."""
    UNLOCK = "unlock"
    """Let a locked application be changed again."""
    ADMINISTER = "administer"
    """Manage the people of the agency."""
    INSTALL = "install"
    """Change what all agencies of the installation share: official forms, field maps, ICE's lists."""


ROLES: dict[str, frozenset[Permission]] = {
    "preparer": frozenset({Permission.READ, Permission.WRITE, Permission.COMMENT}),
    "reviewer": frozenset({Permission.READ, Permission.COMMENT, Permission.REVIEW}),
    "approver": frozenset({Permission.READ, Permission.COMMENT, Permission.APPROVE, Permission.UNLOCK}),
    "administrator": frozenset({Permission.READ, Permission.ADMINISTER, Permission.INSTALL, Permission.UNLOCK}),
}
"""Role -> permissions. A person may have several roles in an agency and has what all of them allow."""

ROLE_WORDS = {
    "preparer": ("Preparer", "fills in applications and makes the bundles"),
    "reviewer": ("Reviewer", "reads, comments, and reviews what is sent for review"),
    "approver": ("Approver", "reads, comments, locks, and approves or declines"),
    "administrator": (
        "Administrator",
        "manages people, official forms and lists, and reads and unlocks applications",
    ),
}
"""Role -> its name, and what it does, as the pages say it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedInPerson:
    """The person of a request, and the agency that they work for in it; ``agency_id`` is 0 before one is chosen."""

    public_id: UUID
    name: str
    roles: frozenset[str]
    agency_id: int
    agency_name: str = ""

    def may(self, permission: Permission) -> bool:
        """Say whether one of the roles allows this."""
        return permission in permissions_of(self.roles)


def permissions_of(roles: Iterable[str]) -> frozenset[Permission]:
    """Return what these roles allow together; a role that is not known allows nothing."""
    granted = [ROLES.get(role, frozenset()) for role in roles]
    return frozenset({Permission.SIGNED_IN}).union(*granted)
