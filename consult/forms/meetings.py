"""What is typed about a meeting: by its editor in Wagtail, by whoever keys in what was said."""

import uuid
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList, TabbedInterface
from wagtail.models import Page

from consult import gatherings, texts
from consult.actions.propositions import Written
from consult.choices import Side
from consult.forms.debate import TEXT_LIMIT, FormKey
from consult.forms.moments import WallMoment
from consult.forms.telling import TellingPageForm
from consult.models import MeetingPage, Section
from pages.forms import Voice


class MeetingForm(TellingPageForm):
    """Its hours are those of the clocks of the consultation."""

    starts_at = WallMoment(label=capfirst(MeetingPage._meta.get_field("starts_at").verbose_name))
    ends_at = WallMoment(label=capfirst(MeetingPage._meta.get_field("ends_at").verbose_name))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zone = self.parent_page.specific.zone
        self.fields["starts_at"].zone = self.fields["ends_at"].zone = zone

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        begins, ends, seats = (cleaned.get(name) for name in ("starts_at", "ends_at", "capacity"))
        if begins and ends and ends <= begins:
            self.add_error("ends_at", _("A meeting ends after it begins."))
        seated = gatherings.seats_taken(self.instance) if self.instance.pk else 0
        if seats is not None and seats < seated:
            told = {"n": seated}
            self.add_error("capacity", _("%(n)d people are registered: keep as many seats, or more.") % told)
        if not self.is_deferred_validation and not (cleaned.get("place") or cleaned.get("link")):
            self.add_error("place", _("Say where it is, or give a link to take part from afar."))
        return cleaned


def of_meeting() -> TabbedInterface:
    """The whole form, tab by tab."""
    asked = [
        *Page.content_panels,
        FieldPanel("kind"),
        FieldPanel("intro"),
        MultiFieldPanel(
            [FieldPanel("starts_at"), FieldPanel("ends_at")],
            gettext_lazy("When"),
            help_text=gettext_lazy("The hours of the clocks of the consultation. People registered hear of a change."),
        ),
        MultiFieldPanel([FieldPanel("place"), FieldPanel("address"), FieldPanel("access")], gettext_lazy("Where")),
        FieldPanel("link", help_text=gettext_lazy("Given to people who register, and to nobody else.")),
        FieldPanel("agenda"),
        MultiFieldPanel(
            [FieldPanel("takes_registrations"), FieldPanel("capacity", help_text=gettext_lazy("Empty: no limit."))],
            gettext_lazy("Registration"),
        ),
    ]
    after = [
        FieldPanel("minutes", help_text=gettext_lazy("Public as soon as you publish them.")),
        FieldPanel("cancelled_reason", help_text=gettext_lazy("Everybody reads it; people registered are told.")),
    ]
    return TabbedInterface(
        [
            ObjectList(asked, heading=gettext_lazy("Meeting")),
            ObjectList(after, heading=gettext_lazy("Minutes, cancellation")),
            ObjectList(Page.promote_panels, heading=gettext_lazy("Address")),
            ObjectList(Page.settings_panels, heading=gettext_lazy("Settings")),
        ],
        base_form_class=MeetingForm,
    )


class _Keyed(forms.Form):
    speaker = forms.CharField(
        label=gettext_lazy("Name that the person gave"),
        help_text=gettext_lazy("Left empty, the meeting speaks."),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    key = FormKey(required=False, widget=forms.HiddenInput(attrs={"autocomplete": "off"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].initial = uuid.uuid4


class KeyedPropositionForm(_Keyed):
    """What somebody proposed in the room."""

    section = forms.TypedChoiceField(label=gettext_lazy("Section"), coerce=int)
    title = forms.CharField(label=gettext_lazy("The proposition in one sentence"), max_length=160)
    body = forms.CharField(
        label=gettext_lazy("What was said"),
        max_length=6000,
        widget=Voice(rows=5),
        help_text=gettext_lazy("As it was said."),
    )
    field_order = ["section", "title", "body", "speaker", "key"]

    def __init__(self, *args: Any, sections: list[Section], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["section"].choices = [(one.pk, one.title) for one in sections]
        self.sections = {one.pk: one for one in sections}

    def written(self) -> Written:
        return Written(title=texts.line(self.cleaned_data["title"]), body=texts.said(self.cleaned_data["body"]))


class KeyedArgumentForm(_Keyed):
    """What somebody argued in the room, under a number that everybody could see."""

    number = forms.IntegerField(label=gettext_lazy("Number of the proposition"), min_value=1, max_value=10**8)
    side = forms.ChoiceField(label=gettext_lazy("The argument is"), choices=Side, widget=forms.RadioSelect)
    text = forms.CharField(label=gettext_lazy("What was said"), max_length=TEXT_LIMIT, widget=Voice(rows=4))
    field_order = ["number", "side", "text", "speaker", "key"]
