"""Who may read and judge what: the list first, the yes/no derived from it."""

from django.db.models import Q, QuerySet

from accounts.choices import RoleKind
from accounts.models import User
from accounts.policies import Person, holds
from moderation.choices import CaseState
from moderation.models import Case, Decision, Notice


def may_moderate(user: Person) -> bool:
    return holds(user, RoleKind.MODERATOR)


def moderators() -> QuerySet[User]:
    """Those who are told that a text waits."""
    return User.objects.filter(is_active=True, roles__kind=RoleKind.MODERATOR).distinct().order_by("pk")


def cases_of(user: Person) -> QuerySet[Case]:
    """Every case, for moderators."""
    return Case.objects.all() if may_moderate(user) else Case.objects.none()


def cases_to_judge(user: Person) -> QuerySet[Case]:
    """Those that wait, for moderators."""
    return Case.objects.to_judge() if may_moderate(user) else Case.objects.none()


def cases_to_report() -> QuerySet[Case]:
    """What anybody may report: what everybody may read."""
    return Case.objects.filter(Q(page=None) | Q(page__live=True), is_shown=True)


def removed_in(page_pk: int) -> QuerySet[Case]:
    """What was removed from this page, the last first, for the public basket."""
    return Case.objects.basket().filter(page=page_pk).order_by("-state_changed_at", "-pk")


def removed() -> QuerySet[Case]:
    return Case.objects.filter(state=CaseState.REMOVED)


def decisions_on(cases: list[Case]) -> QuerySet[Decision]:
    """Their decisions, oldest first."""
    return Decision.objects.filter(case__in=[case.pk for case in cases]).select_related("by").order_by("pk")


def last_decisions(cases: list[Case]) -> dict[int, int]:
    """The key of the last decision on each of these cases that has one."""
    decisions = Decision.objects.filter(case__in=[case.pk for case in cases], reviewed_by=None).order_by()
    return dict(decisions.values_list("case", "pk"))


def notices_on(case: Case, user: Person) -> QuerySet[Notice]:
    """What people said of a text, for moderators: never who they are."""
    notices = Notice.objects.filter(case=case).defer("email", "reporter_key").order_by("pk")
    return notices if may_moderate(user) else notices.none()


def open_notices_on(cases: list[Case]) -> QuerySet[Notice]:
    return Notice.objects.filter(case__in=[case.pk for case in cases], answered_at=None)
