"""The form in which an editor writes a synthesis: what it cites is checked when it is sent to be published."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import ObjectList, TabbedInterface
from wagtail.models import Page

from consult import citing, policies
from consult.errors import CitesTheUnknown
from consult.models import SynthesisPage


class SynthesisForm(WagtailAdminPageForm):
    """A draft may cite what is not there yet; what is published may not."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        above = self.instance if self.instance.pk else self.parent_page
        if not self.is_deferred_validation and above is not None:
            draft = SynthesisPage(intro=cleaned.get("intro") or "", body=cleaned.get("body"))
            wrong = citing.missing(draft, policies.consultation_around(above.specific))
            if wrong:
                self.add_error("body", str(CitesTheUnknown(wrong)))
        return cleaned


def of_synthesis() -> TabbedInterface:
    """Bound to the model once, when the apps are ready."""
    tabs = [
        ObjectList(SynthesisPage.content_panels, heading=_("Text")),
        ObjectList(Page.promote_panels, heading=_("Address")),
    ]
    return TabbedInterface(tabs, base_form_class=SynthesisForm).bind_to_model(SynthesisPage)
