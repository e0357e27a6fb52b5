"""The filters of lists: an allow-list. Anything else in the address is ignored."""

from collections.abc import Sequence

import django_filters
from django import forms
from django.contrib.postgres.search import SearchQuery
from django.db.models import Func, Q, QuerySet, Value
from django.db.models.functions import Lower
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consult.budgets.choices import ProjectState, StudyVerdict, SuggestionState
from consult.budgets.models import Budget, Envelope, Project, Study, Suggestion


class StudyFilter(django_filters.FilterSet):
    budget = django_filters.ModelChoiceFilter(
        label=_("Budget"), field_name="project__budget", queryset=Budget.objects.all(), empty_label=_("All")
    )
    verdict = django_filters.ChoiceFilter(label=_("Verdict"), choices=StudyVerdict, empty_label=_("All"))
    retard = django_filters.BooleanFilter(label=_("Late"), method="late", widget=forms.CheckboxInput, required=False)

    class Meta:
        model = Study
        fields: list[str] = []

    def late(self, rows: QuerySet, _name: str, value: bool) -> QuerySet:
        return rows.filter(publication=None, due_on__lt=timezone.localdate()) if value else rows


TO_GROUP, BECAME, ASIDE = "a-regrouper", "projet", "non-retenue"
DOUBT = "aucune"


class IdeaFilter(django_filters.FilterSet):
    """Narrow ideas (``policies.with_what_came_of_them``)."""

    q = django_filters.CharFilter(label=_("Words"), method="with_words", max_length=80)
    enveloppe = django_filters.ChoiceFilter(label=_("Envelope"), method="of_envelope", empty_label=_("All"))
    etat = django_filters.ChoiceFilter(
        label=_("What became of it"),
        choices=[(TO_GROUP, _("not grouped yet")), (BECAME, _("became a project")), (ASIDE, _("not taken up"))],
        method="at_stage",
        empty_label=_("All"),
    )

    class Meta:
        model = Suggestion
        fields: list[str] = []

    def __init__(self, data: QueryDict, queryset: QuerySet[Suggestion], *, envelopes: Sequence[Envelope]) -> None:
        super().__init__(data, queryset)
        doubt = (DOUBT, _("not said"))
        self.filters["enveloppe"].extra["choices"] = [*((str(one.pk), one.title) for one in envelopes), doubt]
        if len(envelopes) < 2:
            del self.filters["enveloppe"]

    def with_words(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        words = SearchQuery(Func(Lower(Value(value.replace("\x00", ""))), function="UNACCENT"), config="french")
        return rows.filter(search=words)

    def of_envelope(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        return rows.filter(envelope=None if value == DOUBT else value)

    def at_stage(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        stands = Q(state=SuggestionState.PUBLISHED)
        stages = {TO_GROUP: stands & Q(is_project=False), BECAME: Q(is_project=True), ASIDE: Q(state="set_aside")}
        return rows.filter(stages[value])


class ProjectFilter(django_filters.FilterSet):
    """Narrow the projects that everybody reads."""

    enveloppe = django_filters.ChoiceFilter(label=_("Envelope"), field_name="envelope", empty_label=_("All"))
    theme = django_filters.ChoiceFilter(label=_("Theme"), field_name="theme", empty_label=_("All"))
    etat = django_filters.ChoiceFilter(label=_("State"), field_name="state", empty_label=_("All"))

    class Meta:
        model = Project
        fields: list[str] = []

    def __init__(
        self,
        data: QueryDict,
        queryset: QuerySet[Project],
        *,
        envelopes: Sequence[Envelope],
        themes: Sequence[str],
        states: Sequence[str],
    ) -> None:
        super().__init__(data, queryset)
        choices = {
            "enveloppe": [(str(one.pk), one.title) for one in envelopes],
            "theme": [(one, one) for one in themes],
            "etat": [(one, ProjectState(one).label) for one in states],
        }
        for name, offered in choices.items():
            self.filters[name].extra["choices"] = offered
            if len(offered) < 2:
                del self.filters[name]
