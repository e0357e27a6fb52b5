"""What an administrator types about a frequent pain point."""

from typing import Any

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from directory.models import SupportingDocument
from feedback.models import Archetype

FEWEST, MOST, LONGEST = 3, 12, 200


class ArchetypeForm(forms.Form):
    """For a new one, or for ``archetype``."""

    title = forms.CharField(label=_("Title, as boards show it"), max_length=80)
    examples = forms.CharField(
        label=_("How people say it, one sentence per line"),
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("3 to 12 sentences, as different as people are: polite, angry, in a hurry, with mistakes."),
    )
    documents = forms.ModelMultipleChoiceField(
        label=_("Documents involved"), queryset=SupportingDocument.objects.all(), required=False
    )
    is_active = forms.BooleanField(label=_("Used by the grouping"), required=False, initial=True)

    def __init__(self, *args: Any, archetype: Archetype | None = None, **kwargs: Any) -> None:
        self.archetype = archetype
        if archetype:
            kwargs["initial"] = {
                "title": archetype.title,
                "examples": "\n".join(archetype.examples),
                "documents": archetype.documents.all(),
                "is_active": archetype.is_active,
            }
        super().__init__(*args, **kwargs)

    def clean_title(self) -> str:
        title = self.cleaned_data["title"]
        others = Archetype.objects.exclude(pk=self.archetype.pk if self.archetype else None)
        if others.filter(title__iexact=title).exists() or (not self.archetype and self._key(title) in _keys()):
            raise forms.ValidationError(_("Another frequent pain point bears this title."))
        return title

    def clean_examples(self) -> list[str]:
        lines = [" ".join(line.split()) for line in self.cleaned_data["examples"].splitlines()]
        said = list(dict.fromkeys(line for line in lines if line))
        if not FEWEST <= len(said) <= MOST:
            raise forms.ValidationError(_("Give 3 to 12 different sentences, one per line."))
        if any(len(line) > LONGEST for line in said):
            raise forms.ValidationError(_("Keep each sentence under 200 characters."))
        return said

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if typed.get("title"):
            typed["key"] = self.archetype.key if self.archetype else self._key(typed["title"])
        return typed

    @staticmethod
    def _key(title: str) -> str:
        return slugify(title).replace("-", "_")[:60] or "irritant"


def _keys() -> set[str]:
    return set(Archetype.objects.values_list("key", flat=True))
