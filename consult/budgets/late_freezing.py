"""A ballot opened and its regulation lacks something: editors and administrators are told once, by letter."""

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consult.budgets import policies, readiness
from consult.budgets.choices import BudgetPhaseKind
from consult.budgets.models import Budget, BudgetPhase, FrozenRegulation
from letters.actions import promise
from letters.models import Letter
from letters.renderers import Message, from_templates
from letters.topics import Topic

KIND = "budgets.not_frozen"
TOPIC = Topic(
    "budgets.setting_up",
    gettext_lazy("Setting participatory budgets up"),
    gettext_lazy("Always sent: a ballot that opens and is not ready."),
    (KIND,),
    concerns=policies.may_run,
)


def due() -> list[Budget]:
    """Public, their ballot open, not frozen."""
    opened = BudgetPhase.objects.filter(kind=BudgetPhaseKind.BALLOT, opens_at__lte=Now(), closes_at__gt=Now())
    frozen = FrozenRegulation.objects.values("budget")
    return list(policies.budgets().filter(page__in=opened.values("page")).exclude(pk__in=frozen))


@transaction.atomic
def alert(budget: Budget) -> int:
    """How many letters were promised: none the second time, for the same ballot."""
    campaign = f"{KIND}:{budget.pk}"
    promised = [
        promise(
            KIND,
            key=budget.pk,
            campaign=campaign,
            recipient=person.email,
            address=person.email,
            language=settings.LANGUAGE_CODE,
        )
        for person in policies.people_who_run()
    ]
    return len([letter for letter in promised if letter])


def render(letter: Letter) -> Message:
    """What is missing on the day the letter leaves."""
    budget = Budget.objects.select_related("page").get(pk=letter.key)
    is_frozen = FrozenRegulation.objects.filter(budget=budget).exists()
    context = {
        "page": budget.page,
        "missing": [] if is_frozen else readiness.missing(budget),
        "is_frozen": is_frozen,
        "link": settings.BASE_URL + reverse("budgets_freezing", args=[budget.pk]),
    }
    return from_templates(
        "budget_not_frozen", subject=_("Nobody can vote yet: the ballot is not ready"), context=context
    )
