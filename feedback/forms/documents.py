"""What an administrator types about a supporting document."""

from typing import Any

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from directory import documents
from directory.models import SupportingDocument

SYNONYMS_MOST = 40


class DocumentForm(forms.ModelForm):
    """For a new one, or for the document of ``instance``; its key is drawn from its first name, and stays."""

    synonyms = forms.CharField(
        label=_("What people call it here, one name per line"),
        widget=forms.Textarea(attrs={"rows": 6}),
        required=False,
        help_text=_("Accents, capitals, plurals and small mistakes do not matter. The usual names are known already."),
    )

    class Meta:
        model = SupportingDocument
        fields = ["name", "synonyms", "issuer", "issuing_service", "issued_by", "is_held_by_state", "api_note"]
        help_texts = {
            "issuer": _("An administration of this site; nothing when it is a bank, a doctor or an employer."),
            "issuing_service": _("Its owner is told when the document is asked again elsewhere."),
            "api_note": _("For example: API Particulier, family quotient."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["synonyms"] = "\n".join(self.instance.synonyms)

    @property
    def key(self) -> str:
        return self.instance.key or slugify(self.cleaned_data["name"]).replace("-", "_")[:60]

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        key = self.instance.key or slugify(name).replace("-", "_")[:60]
        if not self.instance.pk and (not key or SupportingDocument.objects.filter(key=key).exists()):
            raise forms.ValidationError(_("Another document bears this name."))
        if said := documents.refusals(key=key, names=[name]):
            raise forms.ValidationError(said)
        return name

    def clean_synonyms(self) -> list[str]:
        lines = [" ".join(line.split()) for line in self.cleaned_data["synonyms"].splitlines()]
        typed = list(dict.fromkeys(line for line in lines if line))
        if len(typed) > SYNONYMS_MOST or any(len(line) > 120 for line in typed):
            raise forms.ValidationError(_("Give 40 names at most, each under 120 characters."))
        if said := documents.refusals(key=self.instance.key or "", names=typed):
            raise forms.ValidationError(said)
        return typed

    def described(self) -> SupportingDocument:
        """The document as typed, not saved."""
        self.instance.key = self.key
        self.instance.synonyms = self.cleaned_data["synonyms"]
        return self.instance
