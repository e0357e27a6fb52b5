"""What an owner types for each act. A form knows the pain point it is about and the person who fills it."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import User
from feedback import policies
from feedback.actions.sorting import REASON_AT_LEAST
from feedback.board import sorting
from feedback.board.passages import Passage
from feedback.board.words import about
from feedback.choices import Effort
from feedback.models import PainPoint, SavedView, Theme
from feedback.models.themes import NAME_LIMIT

NOT_READ_BY_AUTHORS = _("Only the members of the service read it. Write no name.")


class ActForm(forms.Form):
    """An act without anything to type: a question and a button."""

    def __init__(
        self,
        data: Any = None,
        *,
        user: User,
        pain_point: PainPoint | None = None,
        passages: Sequence[Passage] = (),
        words: str = "",
    ) -> None:
        super().__init__(data)
        self.user, self.pain_point, self.passages, self.words = user, pain_point, passages, words


class RenameForm(ActForm):
    title = forms.CharField(
        label=_("Title"),
        max_length=160,
        help_text=_("Say what people meet, in their words. For example: “Proof of address asked again”."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title"].initial = self.pain_point.title


class ThemeForm(ActForm):
    """One of the themes that this person reads, or a new one."""

    theme = forms.ModelChoiceField(
        label=_("Theme"),
        queryset=Theme.objects.none(),
        required=False,
        empty_label=_("No theme"),
    )
    name = forms.CharField(
        label=_("Or the name of a new theme"),
        max_length=NAME_LIMIT,
        required=False,
        help_text=_("A few words. For example: “School canteen”."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["theme"].queryset = policies.themes_to_see(self.user).order_by("label")
        self.fields["theme"].label_from_instance = lambda theme: theme.label
        self.fields["theme"].initial = self.pain_point.theme_id


class ThemeNameForm(forms.Form):
    name = forms.CharField(
        label=_("Name of the theme"),
        max_length=NAME_LIMIT,
        help_text=_("A few words. For example: “School canteen”."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class ReasonForm(ActForm):
    reason = forms.CharField(
        label=_("Why"),
        max_length=1000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=NOT_READ_BY_AUTHORS,
    )


class AssignForm(ActForm):
    to = forms.ModelChoiceField(
        label=_("Who follows it"), queryset=User.objects.none(), required=False, empty_label=_("Nobody")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = policies.members_of(self.pain_point.service).order_by("name")
        self.fields["to"].initial = self.pain_point.assigned_to_id or self.user.pk


class PrioritiseForm(ActForm):
    impact = forms.TypedChoiceField(
        label=_("How much good it would do"), choices=Effort, coerce=int, empty_value=None, widget=forms.RadioSelect
    )
    effort = forms.TypedChoiceField(
        label=_("How much effort it asks"), choices=Effort, coerce=int, empty_value=None, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["impact"].initial, self.fields["effort"].initial = self.pain_point.impact, self.pain_point.effort


class NoteForm(ActForm):
    text = forms.CharField(
        label=_("Internal note"), max_length=4000, widget=forms.Textarea({"rows": 3}), help_text=NOT_READ_BY_AUTHORS
    )


class TransferForm(ActForm):
    to_service = forms.ModelChoiceField(
        label=_("Service that can act"), queryset=None, empty_label=_("Choose a service")
    )
    reason = forms.CharField(
        label=_("Why this service"),
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("The members of that service read it. Write no name."),
    )
    due_on = forms.DateField(
        label=_("Answer expected before"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        service = self.pain_point.service
        others = policies.services_to_hand_over_to().exclude(pk=service.pk)
        self.fields["to_service"].queryset = others.order_by("name")
        self.fields["due_on"].initial = timezone.localdate() + timedelta(days=service.response_target_days)

    def clean_due_on(self) -> Any:
        due_on = self.cleaned_data["due_on"]
        if due_on < timezone.localdate():
            raise forms.ValidationError(_("Choose a date to come."))
        return due_on


class TitleForm(ActForm):
    title = forms.CharField(
        label=_("Title of the new pain point"),
        max_length=160,
        help_text=_("Say what people meet, in their words. For example: “Proof of address asked again”."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class TargetForm(ActForm):
    """Choose another pain point of one's services: the nearest are proposed, words find the others."""

    words = forms.CharField(
        label=_("Find it by its words or its number"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    target = forms.ModelChoiceField(
        label=_("Pain point"),
        queryset=PainPoint.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": _("Choose a pain point, or look for another one.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        allowed = policies.pain_points_to_triage(self.user).living()
        if self.pain_point:
            allowed = allowed.exclude(pk=self.pain_point.pk)
        self.fields["words"].initial = self.words
        self.fields["target"].queryset = allowed
        self.fields["target"].choices = [(one.pk, described(one)) for one in self._proposed(allowed)]

    def _proposed(self, allowed: Any) -> list[PainPoint]:
        if self.words.strip():
            return list(about(allowed, self.words).order_by("-fiche_count")[: sorting.PROPOSED])
        texts = [passage.segment.text for passage in self.passages]
        if self.pain_point is None:
            return sorting.nearest(allowed, texts)
        return sorting.nearest(allowed, texts or self.pain_point.keyphrases, title=self.pain_point.title)


class SelectionForm(forms.Form):
    """An act on several pain points at once."""

    def __init__(self, data: Any = None, *, user: User, pain_points: Sequence[PainPoint]) -> None:
        super().__init__(data)
        self.user, self.pain_points = user, pain_points


class AssignAllForm(SelectionForm):
    to = forms.ModelChoiceField(
        label=_("Who follows them"), queryset=User.objects.none(), required=False, empty_label=_("Nobody")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = policies.members_of(*{one.service for one in self.pain_points}).order_by("name")
        self.fields["to"].initial = self.user.pk


class MergeAllForm(SelectionForm):
    into = forms.ModelChoiceField(
        label=_("The one that keeps its number and takes the fiches of the others"),
        queryset=PainPoint.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keys = [one.pk for one in self.pain_points]
        self.fields["into"].queryset = policies.pain_points_to_triage(self.user).living().filter(pk__in=keys)
        self.fields["into"].choices = [(one.pk, described(one)) for one in self.pain_points]
        self.fields["into"].initial = max(self.pain_points, key=lambda one: one.fiche_count).pk


class SetAsideForm(ActForm):
    reason = forms.CharField(
        label=_("Why it is set aside"),
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("The author reads this sentence on the page that follows the fiche."),
    )


class RouteForm(ActForm):
    service = forms.ModelChoiceField(label=_("Service it is about"), queryset=None, empty_label=_("Choose a service"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["service"].queryset = policies.services_to_hand_over_to().order_by("name")


class OriginalForm(ActForm):
    reason = forms.CharField(
        label=_("Why you need the original text"),
        min_length=REASON_AT_LEAST,
        max_length=500,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("Your name, the date and this reason are written in the journal."),
    )


class SaveViewForm(forms.ModelForm):
    """Uniqueness is not judged here: the same name again replaces the view."""

    class Meta:
        model = SavedView
        fields = ["name", "query"]
        widgets = {"query": forms.HiddenInput}
        labels = {"name": _("Name of the view")}


def described(pain_point: PainPoint) -> str:
    """A pain point on one line, as a choice."""
    fiches = ngettext("%(count)d fiche", "%(count)d fiches", pain_point.fiche_count) % {"count": pain_point.fiche_count}
    return f"{pain_point} ({fiches})"
