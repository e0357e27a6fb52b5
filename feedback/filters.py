"""The filters of the board: an allow-list. Anything else in the address is ignored."""

from datetime import date, timedelta
from typing import Any, NamedTuple

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from feedback.board.words import about
from feedback.choices import OPEN_STATES, IntakeChannel, PainPointState
from feedback.models import DocumentMention, Membership, PainPoint
from pages.dates import long_date

OPEN = "open"
BY_THEME = "theme"  # what ``group`` says in the address
PERIODS = [("7", _("7 days")), ("28", _("4 weeks")), ("84", _("12 weeks")), ("365", _("one year"))]
FOLDED = ("channel", "theme", "since", "until")  # filters that wait under « Plus de filtres »
ORDERS = [
    ("priority", _("Priority")),
    ("size", _("Size")),
    ("trend", _("Growth")),
    ("age", _("Age")),
    ("last", _("Last fiche")),
]


def _states() -> list[tuple[str, object]]:
    return [(OPEN, _("open")), *((state.value, state.label) for state in PainPointState)]


def _day() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


def _several(label: Promise, method: str, **options: Any) -> django_filters.MultipleChoiceFilter:
    """A filter that keeps what any of its chosen values keeps; with none, it keeps everything."""
    return django_filters.MultipleChoiceFilter(
        label=label, method=method, widget=forms.CheckboxSelectMultiple, **options
    )


class On(NamedTuple):
    """A filter that narrows the list: its name, the value in the address, and what a person reads."""

    name: str
    value: str
    label: str


class BoardFilter(django_filters.FilterSet):
    """Narrow and order the pain points of a board. An unknown value is said beside its field and changes nothing.

    Several values of one filter add up; several filters narrow each other.

    ``since`` and ``until`` keep those told between these days: their first fiche is not after, their last not before.
    """

    state = _several(_("State"), "in_states", choices=_states)
    service = _several(_("Service"), "about_services")
    office = _several(_("Office"), "at_offices")
    channel = _several(_("Channel"), "by_channels", choices=IntakeChannel)
    document = _several(_("Document asked"), "with_documents")
    theme = _several(_("Theme"), "under_themes")
    period = django_filters.ChoiceFilter(
        label=_("Fiches since"), choices=PERIODS, method="in_period", empty_label=_("The beginning")
    )
    since = django_filters.DateFilter(label=_("Told from"), field_name="last_on", lookup_expr="gte", widget=_day())
    until = django_filters.DateFilter(label=_("Told until"), field_name="first_on", lookup_expr="lte", widget=_day())
    sort = django_filters.ChoiceFilter(label=_("Sort by"), choices=ORDERS, method="in_order", empty_label=None)
    words = django_filters.CharFilter(
        label=_("Words"),
        method="with_words",
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "data-key": "/"}),
    )

    class Meta:
        model = PainPoint
        fields: list[str] = []

    def __init__(self, data: QueryDict, queryset: QuerySet[PainPoint], *, choices: dict[str, list]) -> None:
        super().__init__(data, queryset)
        for name, options in choices.items():
            self.filters[name].extra["choices"] = options
        if not self.filters["theme"].extra["choices"]:
            del self.filters["theme"]  # nothing is under a theme yet

    def in_states(self, queryset: QuerySet, name: str, values: list[str]) -> QuerySet:
        states = {state for value in values for state in (OPEN_STATES if value == OPEN else (value,))}
        return queryset.filter(state__in=states)

    def about_services(self, queryset: QuerySet, name: str, values: list[str]) -> QuerySet:
        touched = PainPoint.services.through.objects.filter(service__in=values).values("painpoint")
        return queryset.filter(Q(service__in=values) | Q(pk__in=touched))

    def at_offices(self, queryset: QuerySet, name: str, values: list[str]) -> QuerySet:
        return queryset.filter(_holds(segment__fiche__office__in=values))

    def by_channels(self, queryset: QuerySet, name: str, values: list[str]) -> QuerySet:
        return queryset.filter(_holds(segment__fiche__channel__in=values))

    def with_documents(self, queryset: QuerySet, name: str, values: list[str]) -> QuerySet:
        return queryset.filter(
            pk__in=PainPoint.documents.through.objects.filter(supportingdocument__in=values).values("painpoint")
        )

    def under_themes(self, queryset: QuerySet, name: str, values: list[str]) -> QuerySet:
        return queryset.filter(theme__in=values)

    def in_period(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(last_on__gt=timezone.localdate() - timedelta(days=int(value)))

    def in_order(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset  # the view orders once, whatever else is asked

    def with_words(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return about(queryset, value)

    @property
    def order(self) -> str:
        self.form.is_valid()
        return self.form.cleaned_data.get("sort") or ORDERS[0][0]

    def on(self) -> list[On]:
        """The filters that narrow the list, one a value chosen."""
        if not self.form.is_valid() and not self.form.cleaned_data:
            return []
        chosen = {name: value for name, value in self.form.cleaned_data.items() if value and name != "sort"}
        return [
            On(name, str(one), self._worded(name, one))
            for name, value in chosen.items()
            for one in (value if isinstance(value, list) else [value])
        ]

    def most_without_one(self) -> tuple[str, str, int] | None:
        """The filter to take away when nothing is left: its name, its label, and how many there would be."""
        counts = [(self._rows_without(name).count(), name) for name in dict.fromkeys(one.name for one in self.on())]
        most, name = max(counts, default=(0, ""))
        return (name, str(self.form.fields[name].label), most) if most else None

    def _rows_without(self, name: str) -> QuerySet[PainPoint]:
        rows = self.queryset.all()
        for other, value in self.form.cleaned_data.items():
            if other != name:
                rows = self.filters[other].filter(rows, value)
        return rows

    def _worded(self, name: str, value: str | date) -> str:
        options = dict(getattr(self.form.fields[name], "choices", []))
        return gettext("%(filter)s: %(value)s") % {
            "filter": self.form.fields[name].label,
            "value": long_date(value) if isinstance(value, date) else options.get(value, value),
        }


RADAR_ORDERS = [("again", _("Asked again")), ("fiches", _("Fiches")), ("name", _("Name"))]


class RadarFilter(django_filters.FilterSet):
    """Narrow the mentions of documents: whose services, since when, only those asked again."""

    administration = django_filters.ChoiceFilter(
        label=_("Administration"), field_name="fiche__service__administration", empty_label=_("All administrations")
    )
    period = django_filters.ChoiceFilter(
        label=_("Fiches since"), choices=PERIODS, method="in_period", empty_label=_("The beginning")
    )
    again = django_filters.ChoiceFilter(
        label=_("What people say"),
        choices=[("1", _("asked again only"))],
        method="asked_again",
        empty_label=_("All"),
    )
    sort = django_filters.ChoiceFilter(label=_("Sort by"), choices=RADAR_ORDERS, method="in_order", empty_label=None)

    class Meta:
        model = DocumentMention
        fields: list[str] = []

    def __init__(self, data: QueryDict, queryset: QuerySet, *, administrations: list[tuple[str, str]] = ()) -> None:
        super().__init__(data, queryset)
        self.filters["administration"].extra["choices"] = administrations

    def in_period(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(fiche__received_on__gt=timezone.localdate() - timedelta(days=int(value)))

    def asked_again(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(asked_again=True)

    def in_order(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset  # rows are put in order once counted

    @property
    def order(self) -> str:
        self.form.is_valid()
        return self.form.cleaned_data.get("sort") or RADAR_ORDERS[0][0]

    def on(self) -> list[tuple[str, str]]:
        """The filters that narrow the table: name, and what a person reads."""
        self.form.is_valid()
        chosen = {name: value for name, value in self.form.cleaned_data.items() if value and name != "sort"}
        return [(name, str(dict(self.form.fields[name].choices).get(value, value))) for name, value in chosen.items()]


def kept(data: QueryDict) -> str:
    """The part of a query string that the board understands, always in the same order: what a saved view keeps."""
    chosen = QueryDict(mutable=True)
    for name in ("view", *BoardFilter.base_filters):
        given = {value.strip()[:100] for value in data.getlist(name)} - {""}
        if given and not isinstance(BoardFilter.base_filters.get(name), django_filters.MultipleChoiceFilter):
            given = {data.get(name, "").strip()[:100]} - {""}
        chosen.setlist(name, sorted(given))
    if data.get("group") == BY_THEME:
        chosen["group"] = BY_THEME
    return chosen.urlencode()


def _holds(**conditions: object) -> Exists:
    return Exists(Membership.objects.filter(pain_point=OuterRef("pk"), **conditions))
