"""What people type or choose on the public pages: the filters of « Vous avez dit », and « est-ce réglé ? »."""

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from feedback import policies
from feedback.actions.follow_ups import TEXT_LIMIT
from feedback.choices import PUBLIC_STATES, FollowUpReply
from feedback.models import PainPoint
from pages.forms import Cards, Voice

WORDS_AT_MOST = 6


class SaidFilter(django_filters.FilterSet):
    """Narrow the public pain points. An unknown value is said beside its field and changes nothing."""

    service = django_filters.ModelChoiceFilter(
        label=_("Service"),
        queryset=lambda _request: policies.services_with_public_pain_points(),
        to_field_name="slug",
        method="about_service",
        empty_label=_("All services"),
    )
    etat = django_filters.ChoiceFilter(
        label=_("State"),
        field_name="state",
        choices=lambda: [(state.value, capfirst(state.label)) for state in PUBLIC_STATES],
        empty_label=_("All states"),
    )
    mots = django_filters.CharFilter(
        label=_("Words"), method="with_words", max_length=100, widget=forms.TextInput(attrs={"type": "search"})
    )

    class Meta:
        model = PainPoint
        fields: list[str] = []

    def __init__(self, data: QueryDict, queryset: QuerySet[PainPoint]) -> None:
        super().__init__(data, queryset)

    def about_service(self, queryset: QuerySet, name: str, service: object) -> QuerySet:
        touched = PainPoint.services.through.objects.filter(service=service).values("painpoint")
        return queryset.filter(Q(service=service) | Q(pk__in=touched))

    def with_words(self, queryset: QuerySet, name: str, words: str) -> QuerySet:
        """In what everybody may read: the title and the answers. Never in fiches, which only their service reads."""
        for word in words.split()[:WORDS_AT_MOST]:
            answered = PainPoint.objects.filter(answers__changes__unaccent__icontains=word).values("pk")
            queryset = queryset.filter(Q(title__unaccent__icontains=word) | Q(pk__in=answered))
        return queryset

    def is_on(self) -> bool:
        """Whether something narrows the list."""
        return self.form.is_valid() and any(self.form.cleaned_data.values())


class FollowUpForm(forms.Form):
    """« Est-ce réglé ? »"""

    reply = forms.ChoiceField(
        label=_("Is it settled?"),
        choices=[(reply.value, capfirst(reply.label)) for reply in FollowUpReply],
        widget=Cards(),
        error_messages={"required": _("Choose yes, in part or no."), "invalid_choice": _("Choose yes, in part or no.")},
    )
    text = forms.CharField(
        label=_("What is still missing?"),
        help_text=_("Names, addresses and numbers are masked before anybody reads."),
        max_length=TEXT_LIMIT,
        required=False,
        widget=Voice(rows=4),
    )
