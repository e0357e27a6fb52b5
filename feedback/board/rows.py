"""The rows of the board: what each shows, and in what order."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Case,
    Count,
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
    Window,
)
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from directory.models import Service, SupportingDocument
from feedback.board import weeks
from feedback.choices import OPEN_STATES, PainPointState
from feedback.models import Answer, Membership, PainPoint, Transfer

WAITING = (PainPointState.SUGGESTED, PainPointState.CONFIRMED)
WAITS = Q(state__in=WAITING)
ACROSS = Q(is_cross_service=True, state__in=OPEN_STATES)  # several services hold a real share (``counting``)
NEVER_ANSWERED = ~Q(Exists(Answer.objects.filter(pain_point=OuterRef("pk"))))
SERVICES_SHOWN = 3
COPIES_SAID = 3  # fiches that repeat others: from there on, the number of different texts is said
MEDIUM = 2  # effort or impact that nobody has given yet


@dataclass(frozen=True)
class Row:
    """One pain point as the board shows it."""

    pain_point: PainPoint
    weeks: weeks.Weeks
    age: int
    surge: str = ""

    @property
    def change(self) -> str:
        return _("+%(count)d in 7 d") % {"count": self.weeks.last}

    @property
    def is_weak(self) -> bool:
        """Its passages hardly resemble one another, and nobody has gone through them."""
        one = self.pain_point
        return one.is_weak and one.vouched_at is None and one.state in OPEN_STATES

    @property
    def state_label(self) -> str:
        return state_label(self.pain_point)

    @property
    def texts(self) -> str:
        return texts_of(self.pain_point)

    @property
    def services(self) -> list[str]:
        """The first services touched."""
        return self.pain_point.service_names[:SERVICES_SHOWN]

    @property
    def services_note(self) -> str:
        """How many there are, and whether several hold a real share of the fiches."""
        count = len(self.pain_point.service_names)
        if self.pain_point.is_cross_service:
            return _("several services")
        return ngettext("%(count)d service", "%(count)d services", count) % {"count": count} if count > 1 else ""


def state_label(pain_point: PainPoint) -> str:
    """The state in the words of staff, with its date when it is planned."""
    if pain_point.state == PainPointState.PLANNED and pain_point.planned_for:
        return _("Planned for %(month)s") % {"month": date_format(pain_point.planned_for, "F Y")}
    return capfirst(pain_point.get_state_display())


def texts_of(pain_point: PainPoint) -> str:
    """« 40 textes distincts », when many of its fiches say the same words; empty otherwise."""
    fiches, texts = pain_point.fiche_count, pain_point.distinct_count
    if not texts or fiches - texts < COPIES_SAID:
        return ""
    words = ngettext("%(count)s different text", "%(count)s different texts", texts)
    return words % {"count": number_format(texts, force_grouping=True)}


def with_names(pain_points: QuerySet[PainPoint]) -> QuerySet[PainPoint]:
    """With ``service_names`` and ``document_names``, in the same query."""
    touched = Service.objects.filter(pain_points=OuterRef("pk")).order_by("name")
    asked = SupportingDocument.objects.filter(pain_points=OuterRef("pk")).order_by("name")
    return pain_points.select_related("service", "assigned_to").annotate(
        service_names=ArraySubquery(touched.values("name")), document_names=ArraySubquery(asked.values("name"))
    )


def with_recent(pain_points: QuerySet[PainPoint]) -> QuerySet[PainPoint]:
    """With ``recent``: fiches that count in the last seven days."""
    today = timezone.localdate()
    fiches = weeks.within(Membership.objects.filter(pain_point=OuterRef("pk")), today - timedelta(days=6), today)
    fiches = fiches.order_by()
    counted = fiches.values("pain_point").annotate(n=Count("segment__fiche", distinct=True)).values("n")
    return pain_points.annotate(recent=Coalesce(Subquery(counted, output_field=IntegerField()), Value(0)))


def page_of(
    pain_points: QuerySet[PainPoint], *, page: int, size: int, rising: Mapping[int, str] | None = None
) -> tuple[list[Row], int]:
    """One page of rows in the order given, and how many there are in all (0 when the page is past the end).

    ``rising``: the sentence of those that rise fast, by number.
    """
    said = rising or {}
    start = (page - 1) * size
    found = list(with_names(pain_points).annotate(total=Window(Count("*")))[start : start + size])
    today = timezone.localdate()
    counts = weeks.of_pain_points([one.pk for one in found], today=today)
    return [Row(one, counts[one.pk], age_of(one, today), said.get(one.pk, "")) for one in found], found[
        0
    ].total if found else 0


def age_of(pain_point: PainPoint, today: date) -> int:
    """Days since the first fiche about it, or since it was suggested."""
    return (today - (pain_point.first_on or timezone.localdate(pain_point.created_at))).days


def with_due_on(pain_points: QuerySet[PainPoint]) -> QuerySet[PainPoint]:
    """With ``due_on``: the day by which those that wait for an answer should have one.

    The date given with the transfer; else the service's target counted from the first fiche that came by itself, from
    the day it was suggested when a file brought them all, or from the day it was opened again.
    """
    handed = Transfer.objects.filter(pain_point=OuterRef("pk"), to_service=OuterRef("service")).order_by("-pk")
    answered = Exists(Answer.objects.filter(pain_point=OuterRef("pk")))
    since = Case(
        When(answered, then=TruncDate("state_changed_at")),
        default=Coalesce("awaited_since", TruncDate("created_at")),
        output_field=DateField(),
    )
    target = ExpressionWrapper(since + F("service__response_target_days"), output_field=DateField())
    return pain_points.annotate(due_on=Coalesce(Subquery(handed.values("due_on")[:1]), target))


def waiting(pain_points: QuerySet[PainPoint]) -> QuerySet[PainPoint]:
    """Those whose authors wait for an answer."""
    return pain_points.filter(WAITS)


def is_to_look_at() -> Q:
    """Waiting, or planned for a day gone by."""
    return WAITS | Q(state=PainPointState.PLANNED, planned_for__lt=timezone.localdate())


def is_theirs(user: User) -> Q:
    """Given to this person, or to nobody."""
    return Q(assigned_to=user) | Q(assigned_to__isnull=True)


def priorities_of(pain_points: QuerySet[PainPoint], user: User) -> QuerySet[PainPoint]:
    """What this person should look at: waiting, or planned for a day gone by; theirs or nobody's."""
    return pain_points.filter(is_to_look_at()).filter(is_theirs(user))


def across_services(pain_points: QuerySet[PainPoint]) -> QuerySet[PainPoint]:
    return pain_points.filter(ACROSS)


def never_answered(pain_points: QuerySet[PainPoint]) -> QuerySet[PainPoint]:
    return waiting(pain_points).filter(NEVER_ANSWERED)


def ordered(pain_points: QuerySet[PainPoint], order: str) -> QuerySet[PainPoint]:
    """By ``size``, ``trend``, ``age``, ``last`` fiche, or ``priority`` (much good for little effort first)."""
    if order == "trend":
        return pain_points.annotate(trend=_trend()).order_by("-trend", "-fiche_count", "-number")
    if order == "size":
        return pain_points.order_by("-fiche_count", "-number")
    if order == "age":
        return pain_points.order_by(F("first_on").asc(nulls_last=True), "number")
    if order == "last":
        return pain_points.order_by(F("last_on").desc(nulls_last=True), "-number")
    worth = Coalesce("impact", MEDIUM) * (4 - Coalesce("effort", MEDIUM))
    return pain_points.annotate(worth=worth).order_by("-worth", "-fiche_count", "-number")


def _trend() -> Coalesce:
    """Fiches of the last seven days over those of a usual week before; eleven times, to stay in whole numbers."""
    today = timezone.localdate()
    since = today - timedelta(days=7)
    fiches = weeks.within(Membership.objects.filter(pain_point=OuterRef("pk")), weeks.first_day(today), today)
    recent = Count("segment__fiche", distinct=True, filter=Q(counted_on__gt=since))
    before = Count("segment__fiche", distinct=True, filter=Q(counted_on__lte=since))
    counted = fiches.order_by().values("pain_point").annotate(n=recent * (weeks.WEEKS - 1) - before).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), Value(0))
