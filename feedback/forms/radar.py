"""What a service says that it asks for."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from directory.models import Service, SupportingDocument


class DeclaredForm(forms.Form):
    documents = forms.ModelMultipleChoiceField(
        label=_("Documents that this service asks for"),
        help_text=_("This list is compared with what fiches tell."),
        queryset=SupportingDocument.objects.none(),
        required=False,
        to_field_name="key",
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, data: Any, *, service: Service, documents: QuerySet[SupportingDocument]) -> None:
        super().__init__(data, initial={"documents": [one.key for one in service.required_documents.all()]})
        self.fields["documents"].queryset = documents
