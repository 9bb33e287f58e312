"""What each endpoint needs, as data: an endpoint without a row is refused wherever the installation is shared."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from assistant.services.accounts.roles import Permission
from assistant.web.kit.context import READS_ONLY

if TYPE_CHECKING:
    from collections.abc import Iterator


class Need(NamedTuple):
    """The permission to look (GET, HEAD, OPTIONS), and the one to change (POST)."""

    look: Permission
    change: Permission


ANONYMOUS = frozenset({"files.own", "files.asset", "health.alive", "health.ready"})
"""Endpoints that need no sign-in and never ask who it is: style, and what says that the server works."""
PUBLIC = ANONYMOUS | {
    "sign_in.show", "sign_in.code", "sign_in.remaining", "set_up.show", "set_up.picture", "start_token.open_wizard",
}  # fmt: skip
"""The allow-list: endpoints that answer without a sign-in. All others lead to the page that asks for it."""

SIGNED_IN, READ, WRITE = Permission.SIGNED_IN, Permission.READ, Permission.WRITE
ADMINISTER, INSTALL = Permission.ADMINISTER, Permission.INSTALL


def _rows(need: Need, names: str) -> Iterator[tuple[str, Need]]:
    for name in names.split():
        yield name, need


NEEDS: dict[str, Need] = {
    **dict(_rows(Need(SIGNED_IN, SIGNED_IN), """
        account.show account.end account.end_others account.password account.agency
        sign_in.leave sign_in.stay
        idle_lock.show idle_lock.remaining idle_lock.stay idle_lock.lock_now
        program.models_page program.counsel program.glossary program.sources program.rules program.contact
        program.facts
    """)),
    **dict(_rows(Need(READ, READ), """
        checking.document lists.home lists.look_up lists.report lists.chart lists.state lists.changes
        lists.choose_state lists.changes_csv lists.encounter_report lists.feed lists.state_map lists.trend_chart
        lists.months_csv lists.county_chart lists.agency lists.encounter_table lists.encounter_chart lists.states_csv
        roster.template papers.show papers.page papers.file papers.calendar signatory.show people.grid
        applications.answers_file wizard.blank wizard.not_eligible_page checklist.show
        documents.listing documents.preview documents.page documents.first_page documents.download
        documents.result documents.bundle history.show history.compare
        since_export.show signed_copies.copy signed_copies.file signed_pages.page signed_pages.picture
        sending.show sending.message sending.package reply_desk.draft roster.marked editions.listing
        forms.listing forms.changes mapping.drafts mapping.overview mapping.picture mapping.trial
        mapping.trial_picture mapping.compare mapping.toml
    """)),
    **dict(_rows(Need(READ, WRITE), """
        applications.listing applications.start applications.start_practice applications.copy
        applications.end_practice applications.delete applications.from_file hand_over.open_file
        hand_over.show hand_over.choose editions.move wizard.hub wizard.step wizard.fit
        nominees.listing nominees.new nominees.person nominees.questions nominees.remove
        roster.give roster.look review.show documents.export
        signed_copies.show signed_copies.confirm signed_copies.assign signed_copies.remove
        messages.show messages.mark messages.place messages.remove reply_desk.show status.show nominee_changes.show
        from_agreement.ask from_agreement.start from_agreement.strip
        page_drafts.keep page_drafts.discard
    """)),
    **dict(_rows(Need(READ, READ), "approval.show comments.show")),
    **dict(_rows(Need(READ, WRITE), "approval.ask")),
    **dict(_rows(Need(READ, Permission.COMMENT), "comments.add comments.resolve")),
    **dict(_rows(Need(READ, Permission.REVIEW), "approval.finish_review")),
    **dict(_rows(Need(READ, Permission.APPROVE), "approval.lock approval.decide")),
    **dict(_rows(Need(READ, Permission.UNLOCK), "approval.unlock")),
    **dict(_rows(Need(READ, INSTALL), """
        forms.add forms.remove forms.unregister mapping.give mapping.page mapping.identity mapping.remove
        mapping_keep.keep page_drafts.keep_of_map page_drafts.discard_of_map
        lists.load lists.encounter_reports_page lists.remove_encounter_report applications.note_keys_copied
    """)),
    **dict(_rows(Need(ADMINISTER, ADMINISTER), """
        members.listing members.invite members.show members.roles members.disable members.unlock members.reset
        jobs.listing jobs.retry jobs.cancel
    """)),
}  # fmt: skip
"""Endpoint -> what it needs. ``tests/web/test_roles.py`` walks every route with every role and method."""


def needed_permission(endpoint: str, method: str, go: str = "") -> Permission | None:
    """Return what a request needs; None where the endpoint has no row, so that nobody may have it.

    ``go`` is the button that was pressed: a search and a turned page of the nominees come by POST and change nothing.
    """
    need = NEEDS.get(endpoint)
    if need is None:
        return None
    if endpoint == "nominees.listing" and (go == "find" or go.startswith("page-")):
        return need.look
    return need.look if method in READS_ONLY else need.change
