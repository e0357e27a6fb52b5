"""The filters of those who decide: an allow-list. Anything else in the address is ignored."""

from collections.abc import Sequence

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from consult.choices import Verdict
from consult.models import Proposition, Theme, ThemeMember
from consult.public import Asked

NOTHING, PREPARED, PUBLIC = "sans", "preparee", "publiee"
STAGES = [(NOTHING, _("without a decision")), (PREPARED, _("prepared")), (PUBLIC, _("published"))]


class DecidingFilter(django_filters.FilterSet):
    """Narrow the propositions to decide (``results.with_decisions``)."""

    rubrique = django_filters.ChoiceFilter(label=_("Section"), field_name="section", empty_label=_("All"))
    etat = django_filters.ChoiceFilter(label=_("Decision"), choices=STAGES, method="at_stage", empty_label=_("All"))
    verdict = django_filters.ChoiceFilter(
        label=_("Verdict"), choices=Verdict, method="of_verdict", empty_label=_("All")
    )
    seuil = django_filters.BooleanFilter(
        label=_("Threshold reached"), method="reached", widget=forms.CheckboxInput, required=False
    )

    class Meta:
        model = Proposition
        fields: list[str] = []

    def __init__(self, data: QueryDict, queryset: QuerySet[Proposition], *, asked: Asked) -> None:
        super().__init__(data, queryset)
        self._hidden = [section.pk for section in asked.sections if asked.hides_votes(section)]
        self.filters["rubrique"].extra["choices"] = [(str(one.pk), one.title) for one in asked.sections]
        if not any(section.threshold for section in asked.sections):
            del self.filters["seuil"]

    def at_stage(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        stages = {
            NOTHING: Q(prepared=None, public=None),
            PREPARED: Q(prepared__isnull=False),
            PUBLIC: Q(public__isnull=False),
        }
        return rows.filter(stages[value])

    def of_verdict(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        return rows.filter(Q(prepared=value) | Q(prepared=None, public=value))

    def reached(self, rows: QuerySet, _name: str, value: bool) -> QuerySet:
        """What a hidden vote reached is told to nobody, here either."""
        return rows.filter(threshold_reached_at__isnull=False).exclude(section__in=self._hidden) if value else rows


class ThemeFilter(django_filters.FilterSet):
    """Narrow the propositions that everybody reads to those of a theme that a person validated."""

    theme = django_filters.ChoiceFilter(label=_("Theme"), method="of_theme", empty_label=_("All the themes"))

    class Meta:
        model = Proposition
        fields: list[str] = []

    def __init__(self, data: QueryDict, queryset: QuerySet[Proposition], *, themes: Sequence[Theme]) -> None:
        super().__init__(data, queryset)
        self.filters["theme"].extra["choices"] = [(str(one.pk), one.name) for one in themes]

    @property
    def chosen(self) -> str:
        """The key of the theme in force; "" without one, or for one that does not exist here."""
        return self.form.cleaned_data["theme"] if self.is_valid() else ""

    def of_theme(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        held = ThemeMember.objects.public().filter(theme=value, argument=None)
        return rows.filter(pk__in=held.values("proposition"))
