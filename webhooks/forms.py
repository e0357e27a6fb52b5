"""What an administrator types about a tool. Addresses and keys are never written back on a page."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from directory.models import Service
from webhooks.choices import Kind
from webhooks.models import Webhook
from webhooks.sending import Refused, target_of


class WebhookForm(forms.Form):
    """For a new tool, or for ``webhook``: then an address or a key left empty stays as it is."""

    name = forms.CharField(label=_("Name"), max_length=80)
    kind = forms.ChoiceField(label=_("Kind"), choices=Kind.choices)
    url = forms.CharField(
        label=_("Address"),
        max_length=2000,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_("It begins with https://. PagerDuty: https://events.pagerduty.com/v2/enqueue"),
    )
    secret = forms.CharField(
        label=_("Integration key (PagerDuty)"),
        max_length=200,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("For signed JSON, leave it empty: we make the key, and show it once."),
    )
    service = forms.ModelChoiceField(
        label=_("Only for the service"), queryset=Service.objects.all(), required=False, empty_label=_("All services")
    )
    wants_states = forms.BooleanField(
        label=_("Also tell the changes of state of pain points"), required=False, help_text=_("Never to PagerDuty.")
    )

    def __init__(self, *args: Any, webhook: Webhook | None = None, **kwargs: Any) -> None:
        self.webhook = webhook
        if webhook:
            known = {"name": webhook.name, "service": webhook.service_id, "wants_states": webhook.wants_states}
            kwargs["initial"] = known
        super().__init__(*args, **kwargs)
        if webhook:
            del self.fields["kind"]
            self.fields["url"].help_text = _("Now: %(host)s. Leave it empty to keep it.") % {"host": webhook.host}
            self.fields["secret"].help_text = _("Leave it empty to keep the present one.")

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        if Webhook.objects.filter(name=name).exclude(pk=self.webhook.pk if self.webhook else None).exists():
            raise forms.ValidationError(_("Another tool bears this name."))
        return name

    def clean_url(self) -> str:
        url = self.cleaned_data["url"].strip()
        if not url and self.webhook is None:
            raise forms.ValidationError(_("Give the address of the tool."))
        try:
            if url:
                target_of(url)
        except Refused as refused:
            raise forms.ValidationError(str(refused)) from None
        return url

    def clean(self) -> dict[str, Any]:
        typed = self.cleaned_data
        if typed.get("kind") == Kind.PAGERDUTY and not typed.get("secret"):
            self.add_error("secret", _("Give the integration key that PagerDuty shows."))
        return typed
