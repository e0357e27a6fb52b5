"""What a citizen types: a fiche, in one screen where only the text is required; and a reference with its key."""

import uuid
from collections.abc import Iterable
from typing import Any

import phonenumbers
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from directory.models import Office, Service
from feedback import policies
from feedback.choices import Satisfaction
from feedback.intake_text import TEXT_LIMIT
from pages.forms import Cards, Faces, Voice

OLDEST_YEAR = 1950  # before that, a year with a missing figure


class Step(models.TextChoices):
    """Where in the procedure it went wrong."""

    INFORMATION = "information", gettext_lazy("Finding out what to do")
    APPOINTMENT = "appointment", gettext_lazy("Getting an appointment")
    FORM = "form", gettext_lazy("Filling in the form")
    DOCUMENTS = "documents", gettext_lazy("Gathering or sending the documents")
    WAITING = "waiting", gettext_lazy("Waiting for the answer")
    DECISION = "decision", gettext_lazy("Receiving the decision")
    PAYMENT = "payment", gettext_lazy("Paying or being paid")
    AFTERWARDS = "afterwards", gettext_lazy("Afterwards")


class FormKey(forms.UUIDField):
    """The key that makes two sendings of one page a single fiche; a new one when it is missing or broken."""

    def clean(self, value: Any) -> uuid.UUID:
        try:
            return super().clean(value) or uuid.uuid4()
        except ValidationError:
            return uuid.uuid4()


class FicheForm(forms.Form):
    """One screen. With ``service`` the question « which service? » is not asked."""

    text = forms.CharField(
        label=gettext_lazy("What happened? What should be improved?"),
        help_text=gettext_lazy("Write as you speak. There is no need to give your name."),
        max_length=TEXT_LIMIT,
        widget=Voice(rows=7),
        error_messages={
            "required": gettext_lazy("Write what happened. One sentence is enough."),
            "max_length": gettext_lazy(
                "Your text has %(show_value)d characters. Keep the essential: %(limit_value)d at most."
            ),
        },
    )
    service = forms.ModelChoiceField(
        label=gettext_lazy("Services found"),
        queryset=Service.objects.none(),
        to_field_name="slug",
        required=False,
        widget=Cards(),
        error_messages={"invalid_choice": gettext_lazy("This service no longer receives fiches. Choose another one.")},
    )
    service_words = forms.CharField(label=gettext_lazy("Another service"), max_length=100, required=False)
    unknown = forms.BooleanField(label=gettext_lazy("I do not know. Find it for me."), required=False)
    satisfaction = forms.TypedChoiceField(
        label=gettext_lazy("All in all, did this procedure go well?"),
        choices=Satisfaction.choices,
        coerce=int,
        empty_value=None,
        required=False,
        widget=Faces(),
    )
    occurred_on = forms.DateField(
        label=gettext_lazy("When did it happen?"),
        required=False,
        input_formats=["%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": gettext_lazy("Write the date with figures, for example 12/11/2026.")},
    )
    office = forms.ModelChoiceField(
        label=gettext_lazy("At which counter?"), queryset=Office.objects.none(), required=False, empty_label=""
    )
    step = forms.ChoiceField(
        label=gettext_lazy("At what moment of the procedure?"),
        choices=[("", ""), *Step.choices],
        required=False,
    )
    wants_answer = forms.ChoiceField(
        label=gettext_lazy("Would you like an answer?"),
        choices=[
            ("no", gettext_lazy("No, I just wanted to say it")),
            ("yes", gettext_lazy("Yes, by e-mail or text message")),
        ],
        required=False,
        widget=forms.RadioSelect,
    )
    contact = forms.CharField(
        label=gettext_lazy("Your e-mail or your mobile number"),
        help_text=gettext_lazy("It serves to answer you, nothing else. It is erased after a year."),
        max_length=254,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )
    idempotency_key = FormKey(required=False, widget=forms.HiddenInput(attrs={"autocomplete": "off"}))
    warned = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, data: Any = None, *, service: Service | None = None, found: Iterable[Service] = (), **kwargs: Any
    ):
        super().__init__(data, **kwargs)
        self.fixed_service = service
        self.fields["idempotency_key"].initial = uuid.uuid4
        self.fields["occurred_on"].widget.attrs["max"] = timezone.localdate().isoformat()
        if service:
            for name in ("service", "service_words", "unknown"):
                del self.fields[name]
            self.offer_offices(service)
        else:
            self.fields["service"].queryset = policies.services_to_write_to()
            self.offer(found)

    def offer(self, found: Iterable[Service]) -> None:
        """Show these services as cards; the one already chosen comes first."""
        chosen = self.chosen_service()
        cards = list(dict.fromkeys([*([chosen] if chosen else []), *found]))
        widget = self.fields["service"].widget
        widget.choices = [(service.slug, service.name) for service in cards]
        widget.notes = {service.slug: service.administration.name for service in cards}
        if chosen:
            self.offer_offices(chosen)

    def offer_offices(self, service: Service) -> None:
        self.fields["office"].queryset = service.offices.all()

    def chosen_service(self) -> Service | None:
        """The service picked so far, whatever else is wrong with the form."""
        if self.fixed_service:
            return self.fixed_service
        slug = self["service"].value()
        known = policies.services_to_write_to().select_related("administration")
        return known.filter(slug=str(slug)[:120]).first() if slug else None

    @property
    def has_office(self) -> bool:
        """Whether there is a counter to choose from."""
        return self.fields["office"].queryset.exists()

    def clean_occurred_on(self) -> Any:
        day = self.cleaned_data["occurred_on"]
        if day and day > timezone.localdate():
            raise ValidationError(_("This day has not come yet. Give the day when it happened."))
        if day and day.year < OLDEST_YEAR:
            raise ValidationError(_("This day is too far back. Give the day when it happened."))
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self._clean_service(cleaned)
        self._clean_contact(cleaned)
        return cleaned

    def _clean_service(self, cleaned: dict[str, Any]) -> None:
        """Words alone do not choose: a name written in full does."""
        words = cleaned.get("service_words", "")
        if cleaned.get("unknown"):
            cleaned["service"] = None
        elif words and not cleaned.get("service") and "service" not in self.errors:
            cleaned["service"] = policies.services_to_write_to().filter(name__iexact=words).first()
            if cleaned["service"] is None:
                self.add_error("service_words", _("Choose a service in the list, or tick “I do not know”."))

    def _clean_contact(self, cleaned: dict[str, Any]) -> None:
        """An address given is an answer wished, unless the person said no: then it is not kept."""
        cleaned["email"] = cleaned["phone"] = ""
        typed, wish = cleaned.get("contact", ""), cleaned.get("wants_answer", "")
        if wish == "no" or "contact" in self.errors:
            return
        if wish == "yes" and not typed:
            self.add_error("contact", _("Write your e-mail or your mobile number, so that the service can answer you."))
            return
        try:
            cleaned["email"], cleaned["phone"] = _email_or_mobile(typed)
        except ValidationError as error:
            self.add_error("contact", error)

    def details(self) -> dict[str, Any]:
        """What ``submit_fiche`` receives from a valid form."""
        cleaned = self.cleaned_data
        same = ("text", "office", "step", "occurred_on", "satisfaction", "email", "phone")
        return {
            **{name: cleaned[name] for name in same},
            "service": self.fixed_service or cleaned["service"],
            "wants_answer": bool(cleaned["email"] or cleaned["phone"]),
            "idempotency_key": cleaned["idempotency_key"],
        }


def _email_or_mobile(typed: str) -> tuple[str, str]:
    """``("a@b.fr", "")`` or ``("", "+33612345678")``; two empty strings when nothing was typed."""
    if not typed:
        return "", ""
    if "@" in typed or not any(character.isdigit() for character in typed):
        return _email(typed), ""
    return "", _mobile(typed)


def _email(typed: str) -> str:
    name, _at, domain = typed.rpartition("@")
    if name and domain and "." not in domain:
        raise ValidationError(_("The end of the address is missing, for example “.fr”."))
    try:
        validate_email(typed)
    except ValidationError:
        raise ValidationError(_("Check the address: it looks like name@example.fr.")) from None
    return typed


def _mobile(typed: str) -> str:
    try:
        number = phonenumbers.parse(typed, "FR")
    except phonenumbers.NumberParseException:
        number = None
    mobiles = (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE)
    if number is None or not phonenumbers.is_valid_number(number) or phonenumbers.number_type(number) not in mobiles:
        raise ValidationError(_("Check the number: a mobile has ten figures and begins with 06 or 07."))
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


class TrackingForm(forms.Form):
    """The two things written on the receipt."""

    reference = forms.CharField(
        label=gettext_lazy("Number of your fiche"),
        help_text=gettext_lazy("It looks like F-26-0412-7K."),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        error_messages={"required": gettext_lazy("Write the number that is on your receipt.")},
    )
    key = forms.CharField(
        label=gettext_lazy("Tracking key"),
        help_text=gettext_lazy("Eight letters and figures, written under the number."),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        error_messages={"required": gettext_lazy("Write the key that is under the number.")},
    )
