"""The result, told once to who had the ideas, supported them, follows a project or asked for it: one letter each.

A row a person is written in the transaction that signs; the worker promises the letters. Nobody's vote is in them.
"""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy, ngettext

from consult import recipients
from consult.budgets import results, telling
from consult.budgets.models import BallotOption, Budget, BudgetFollow, Project, ProjectFollow, ResultTold
from consult.models import Participant
from letters.actions import promise
from letters.choices import Frequency
from letters.models import Letter
from letters.renderers import Message, NothingLeft, from_templates
from letters.topics import Topic

KIND = "budgets.result"
AT_ONCE = 200  # letters promised in one transaction


def tell_of_result(budget: Budget) -> int:
    """A row for each person concerned; how many. Twice tells nobody twice."""
    projects = _projects(budget)
    following = ProjectFollow.objects.filter(project__in=projects.order_by().values("pk"), stopped_at=None)
    concerned = Q(pk__in=telling.people_behind(projects).order_by().values("pk"))
    concerned |= Q(pk__in=following.order_by().values("participant"))
    concerned |= Q(pk__in=BudgetFollow.objects.filter(budget=budget).values("participant"))
    people = recipients.reachable().filter(concerned).values_list("pk", flat=True)
    rows = (ResultTold(budget=budget, participant_id=key) for key in people)
    return len(ResultTold.objects.bulk_create(rows, batch_size=1000, ignore_conflicts=True))


def _projects(budget: Budget) -> Any:
    on_ballot = BallotOption.objects.filter(budget=budget).values("project")
    return Project.objects.filter(pk__in=on_ballot).order_by("number")


def tell(budget_pk: int) -> int:
    """Promise the letters that are not promised yet; how many."""
    promised = 0
    while count := _tell_some(budget_pk):
        promised += count
    return promised


def late() -> list[int]:
    """The budgets of which somebody was not told yet: a doorbell that did not ring."""
    return list(ResultTold.objects.filter(is_promised=False).order_by().values_list("budget", flat=True).distinct())


@transaction.atomic
def _tell_some(budget_pk: int) -> int:
    rows = ResultTold.objects.select_for_update(of=("self",), skip_locked=True).select_related("participant__user")
    some = list(rows.filter(budget=budget_pk, is_promised=False).order_by("pk")[:AT_ONCE])
    for one in some:
        if address := recipients.address_of(one.participant):
            promise(
                KIND,
                key=one.pk,
                campaign=f"{KIND}:{budget_pk}",
                recipient=address,
                address=address,
                is_mass=True,
                language=settings.LANGUAGE_CODE,
            )
    ResultTold.objects.filter(pk__in=[one.pk for one in some]).update(is_promised=True)
    return len(some)


def render(letter: Letter) -> Message:
    """The projects of this person first, funded or not; then how many are."""
    told = ResultTold.objects.select_related("budget__page", "participant").get(pk=letter.key)
    found = results.official(told.budget)
    if not found:
        raise NothingLeft
    funded = {str(number) for one in found for number in one.options if one.is_funded(number)}
    page = told.budget.page
    context = {
        "page": page,
        "mine": [
            {"title": project.title, "number": project.number, "is_funded": str(project.number) in funded}
            for project in _of_person(told.budget, told.participant)
        ],
        "funded": len(funded),
        "all": sum(len(one.options) for one in found),
        "link": settings.BASE_URL + reverse("budgets:results", args=[page.slug]),
        "check": settings.BASE_URL + reverse("budgets:recount", args=[page.slug]),
    }
    subject = ngettext("%(count)d project is funded", "%(count)d projects are funded", len(funded))
    return from_templates("budgets_result", subject=subject % {"count": len(funded)}, context=context)


def _of_person(budget: Budget, person: Participant) -> list[Project]:
    """Those of the ballot that came of their idea, or that they supported or follow."""
    projects = _projects(budget)
    mine = Q(origins__suggestion__author=person) | Q(origins__suggestion__supports__participant=person)
    followed = ProjectFollow.objects.filter(participant=person, stopped_at=None).values("project")
    return list(projects.filter(mine | Q(pk__in=followed)).distinct())


TOPIC = Topic(
    "budgets.result",
    gettext_lazy("The result of a participatory budget"),
    gettext_lazy(
        "One letter when the count is signed, if you had an idea, supported one, follow a project or asked for it."
    ),
    (KIND,),
    choices=(Frequency.AT_ONCE, Frequency.NEVER),
)
