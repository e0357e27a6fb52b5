"""The day by which an administration promised to say what became of contributions: those who promised are reminded.

A letter two weeks before, three days before, the day after, then each month for a year, as long as nothing is said.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from consult import policies
from consult.models import Consultation
from letters.actions import promise
from letters.models import Letter
from letters.renderers import Message, from_templates

KIND = "consult.follow_up"
BEFORE = (14, 3)  # days
MONTH, MONTHS = 30, 12


def days_late(consultation: Consultation, due: date | None, *, on: date) -> int:
    """How many days ago it was due; 0 while it is not, or once something was said."""
    if due is None or due >= on or consultation.pk is None or policies.has_said_what_became(consultation):
        return 0
    return (on - due).days


def step(due: date, *, on: date) -> str:
    """Which reminder is due on this day: « before-14 », « before-3 », « late-0 » to « late-11 »; "" before all."""
    left = (due - on).days
    if left < 0:
        return f"late-{min(-left // MONTH, MONTHS - 1)}"
    return next((f"before-{days}" for days in sorted(BEFORE) if left <= days), "")


def remind(*, on: date | None = None) -> int:
    """Promise the letters of the day; how many. Run twice, or late, it tells nobody twice of the same step."""
    today = on or timezone.localdate()
    first, last = today - timedelta(days=MONTH * MONTHS), today + timedelta(days=max(BEFORE))
    waiting = policies.consultations_to_read().filter(page__follow_up_due__range=(first, last))
    promised = 0
    for consultation in waiting:
        if not policies.has_said_what_became(consultation):
            promised += _remind_of(consultation, step(consultation.page.follow_up_due, on=today))
    return promised


def _remind_of(consultation: Consultation, which: str) -> int:
    campaign = f"{KIND}:{consultation.pk}:{consultation.page.follow_up_due}:{which}"
    return len([person for person in _who_promised(consultation) if _promise(consultation, person, campaign)])


def _promise(consultation: Consultation, person: User, campaign: str) -> Letter | None:
    return promise(
        KIND,
        key=consultation.pk,
        campaign=campaign,
        recipient=person.email,
        address=person.email,
        language=settings.LANGUAGE_CODE,
    )


def _who_promised(consultation: Consultation) -> Iterable[User]:
    """Who made the page, and the editors: somebody may have left."""
    owner = consultation.page.owner
    others = policies.people_who_decide().exclude(pk=owner.pk if owner else None)
    return [*([owner] if owner and owner.is_active and policies.may_decide(owner) else []), *others]


def render(letter: Letter) -> Message:
    """How many days are left, or how late it is, on the day the letter leaves."""
    consultation = Consultation.objects.select_related("page").get(pk=letter.key)
    due, today = consultation.page.follow_up_due, timezone.localdate()
    context = {
        "page": consultation.page,
        "due": due,
        "said": due is None or policies.has_said_what_became(consultation),
        "when": words(due, on=today) if due else "",
        "link": settings.BASE_URL + reverse("consult:deciding", args=[consultation.page.slug]),
    }
    late = due is not None and due < today
    subject = _("Late: what became of the contributions") if late else _("Soon due: what became of the contributions")
    return from_templates("consult_follow_up", subject=subject, context=context)


def words(due: date, *, on: date) -> str:
    """« dans 3 jours », « en retard de 12 jours »."""
    left = (due - on).days
    if left < 0:
        return ngettext("%(n)d day late", "%(n)d days late", -left) % {"n": -left}
    return ngettext("in %(n)d day", "in %(n)d days", left) % {"n": left} if left else _("today")
