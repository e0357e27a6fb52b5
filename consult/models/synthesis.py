"""What the administration makes of everything that was written: a page in which a sentence cites #12, or #12-3."""

from django.db import models
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, HelpPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from consult.models.arguments import Argument
from consult.models.below import Below
from consult.models.propositions import Proposition
from pages.blocks import BodyBlock


class SynthesisPage(Below, Page):
    """One a consultation. Its citations are checked when it is published, and kept as rows (``Citation``)."""

    intro = models.TextField(_("in two sentences"), max_length=400, blank=True)
    body = StreamField(BodyBlock(), verbose_name=_("text"), blank=True)

    content_panels = [
        *Page.content_panels,
        HelpPanel(
            _("Write #12 to cite proposition 12, #12-3 to cite its argument 3: each becomes a link when published."),
            heading=_("How to cite"),
        ),
        FieldPanel("intro"),
        FieldPanel("body"),
    ]
    search_fields = [*Page.search_fields, index.SearchField("intro"), index.SearchField("body")]
    parent_page_types = ["consult.ConsultationPage"]
    subpage_types: list[str] = []
    private_page_options: list[str] = []
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("synthesis")
        verbose_name_plural = _("syntheses")

    def get_absolute_url(self) -> str:
        return reverse("consult:synthesis", args=[self.get_parent().slug])


class Citation(models.Model):
    """A published synthesis cites a proposition, or one of its arguments."""

    page = models.ForeignKey(
        SynthesisPage, verbose_name=_("synthesis"), on_delete=models.CASCADE, related_name="citations"
    )
    proposition = models.ForeignKey(
        Proposition, verbose_name=_("proposition"), on_delete=models.CASCADE, related_name="citations"
    )
    argument = models.ForeignKey(
        Argument, verbose_name=_("argument"), on_delete=models.CASCADE, null=True, blank=True, related_name="citations"
    )
    created_at = models.DateTimeField(_("cited on"), db_default=Now())

    class Meta:
        verbose_name = _("citation")
        verbose_name_plural = _("citations")
        constraints = [
            models.UniqueConstraint(
                fields=["page", "proposition", "argument"], name="a_text_is_cited_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.page_id} {self.proposition_id}"
