"""What somebody types to propose, to change their text, and to withdraw it."""

import re
import uuid
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consult import texts
from consult.actions.propositions import Written
from consult.models import Section
from consult.uploads import Prepared, prepared
from pages.forms import Voice

SOURCES = 10
_ADDRESS = re.compile(r"https?://\S+")
_valid = URLValidator(schemes=["http", "https"])


class FormKey(forms.UUIDField):
    """The key that makes two sendings of one page a single proposition; a new one when it is missing or broken."""

    def clean(self, value: Any) -> uuid.UUID:
        try:
            return super().clean(value) or uuid.uuid4()
        except ValidationError:
            return uuid.uuid4()


class FilesInput(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files, each judged by what it holds: a list of ``Prepared``."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Prepared]:
        given = [one for one in (data if isinstance(data, list | tuple) else [data]) if one]
        if len(given) > settings.ATTACHMENTS_AT_MOST:
            raise ValidationError(_("Keep %(most)d files at most.") % {"most": settings.ATTACHMENTS_AT_MOST})
        return [prepared(one.name, one, one.size) for one in given]


def files_field() -> FilesField:
    return FilesField(
        label=gettext_lazy("Files"),
        help_text=lazy(_files_help, str)(),
        required=False,
        widget=FilesInput(attrs={"accept": "application/pdf,image/jpeg,image/png,image/webp"}),
    )


def _files_help() -> str:
    weight = settings.ATTACHMENT_BYTES // (1024 * 1024)
    return _(
        "PDF or pictures, %(most)d at most, %(weight)d MB each. Pictures lose where and when they were taken;"
        " a PDF keeps the name of whoever made it."
    ) % {"most": settings.ATTACHMENTS_AT_MOST, "weight": weight}


class TextForm(forms.Form):
    """The text itself: written first, or changed."""

    title = forms.CharField(
        label=gettext_lazy("Your proposition in one sentence"),
        help_text=gettext_lazy("Say what should be done, and where."),
        max_length=160,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Say your proposition in one sentence.")},
    )
    body = forms.CharField(
        label=gettext_lazy("Explain it"),
        help_text=gettext_lazy(
            "What is the matter today, what you propose, what it would change."
            " A line that begins with a dash makes a list."
        ),
        max_length=6000,
        widget=Voice(rows=10),
        error_messages={"required": gettext_lazy("Explain your proposition. Two sentences are enough.")},
    )
    sources = forms.CharField(
        label=gettext_lazy("Your sources"),
        help_text=gettext_lazy("One per line: its title, then its address."),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, takes_sources: bool = True, takes_files: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not takes_sources:
            del self.fields["sources"]
        if takes_sources and takes_files:
            self.fields["files"] = files_field()

    def clean_title(self) -> str:
        return _said(texts.line(self.cleaned_data["title"]), _("Say your proposition in one sentence."))

    def clean_body(self) -> str:
        return _said(texts.said(self.cleaned_data["body"]), _("Explain your proposition. Two sentences are enough."))

    def clean_sources(self) -> list[tuple[str, str]]:
        given = read_sources(self.cleaned_data["sources"])
        if len(given) > SOURCES:
            raise ValidationError(_("Keep %(most)d sources at most.") % {"most": SOURCES})
        return given

    def written(self) -> Written:
        told = self.cleaned_data
        return Written(
            title=told["title"], body=told["body"], sources=told.get("sources", ()), files=told.get("files", ())
        )


class PropositionForm(TextForm):
    """A new proposition; the section is asked when several take propositions."""

    section = forms.TypedChoiceField(label=gettext_lazy("Section"), coerce=int, widget=forms.RadioSelect)
    key = FormKey(required=False, widget=forms.HiddenInput(attrs={"autocomplete": "off"}))
    field_order = ["section", "title", "body", "sources", "key"]

    def __init__(self, *args: Any, sections: list[Section], **kwargs: Any) -> None:
        super().__init__(*args, takes_sources=any(one.takes_sources for one in sections), **kwargs)
        self.fields["section"].choices = [(one.pk, one.title) for one in sections]
        self.fields["key"].initial = uuid.uuid4
        self.sections = {one.pk: one for one in sections}
        if len(sections) == 1:
            self.fields["section"].initial = sections[0].pk
            self.fields["section"].widget = forms.HiddenInput()

    def chosen(self) -> Section:
        return self.sections[self.cleaned_data["section"]]


class ChangeForm(TextForm):
    """A new version. ``needs_reason``: people have answered the text; ``kept``: its files, by key, with their names."""

    without = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Files to throw away"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )

    reason = forms.CharField(
        label=gettext_lazy("What changes, and why"),
        help_text=gettext_lazy("Everybody reads it beside the new version."),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": gettext_lazy("Say what changes, and why.")},
    )

    def __init__(self, *args: Any, needs_reason: bool, kept: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = needs_reason
        if kept:
            self.fields["without"].choices = kept
        else:
            del self.fields["without"]

    def thrown(self) -> list[int]:
        return self.cleaned_data.get("without", [])

    def clean_reason(self) -> str:
        return texts.line(self.cleaned_data["reason"])


class WithdrawForm(forms.Form):
    """Why somebody takes their proposition back."""

    reason = forms.CharField(
        label=gettext_lazy("Why do you withdraw it?"),
        help_text=gettext_lazy("Everybody can read this reason. The number and the title stay."),
        max_length=600,
        widget=Voice(rows=3),
        error_messages={"required": gettext_lazy("Give a reason. One sentence is enough.")},
    )


def _said(text: str, otherwise: str) -> str:
    if not text:
        raise ValidationError(otherwise)
    return text


def read_sources(typed: str) -> list[tuple[str, str]]:
    """Title and address (or "") of each line; an address alone on its line goes with the title above.

    Raises ``ValidationError`` for an address that cannot be read.
    """
    lines: list[str] = []
    for line in filter(None, map(texts.line, typed.splitlines())):
        if lines and _ADDRESS.fullmatch(line) and not _ADDRESS.search(lines[-1]):
            lines[-1] = f"{lines[-1]}, {line}"
        else:
            lines.append(line)
    return [_source(line) for line in lines]


def _source(line: str) -> tuple[str, str]:
    """« Comptages de 2025, https://… » → its title and its address; a title alone is a source too."""
    found = _ADDRESS.search(line)
    url = found[0].rstrip(".,;:)") if found else ""
    if url:
        try:
            _valid(url[:501])
        except ValidationError:
            raise ValidationError(_("This address cannot be read: %(address)s") % {"address": url[:80]}) from None
    if len(url) > 500:
        raise ValidationError(_("An address has 500 characters at most."))
    label = line.replace(found[0], "").strip(" ,;:–-()") if found else line
    return (label or url)[:160], url
