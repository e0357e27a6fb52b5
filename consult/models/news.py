"""What is told to people about something that was made of their text, one letter each."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from consult.choices import NewsKind
from consult.models.merging import Merge
from consult.models.people import Participant
from consult.models.propositions import Proposition


class News(models.Model):
    """Something happened to a proposition. ``page``: the synthesis that cites it."""

    kind = models.CharField(_("what happened"), max_length=12, choices=NewsKind)
    proposition = models.ForeignKey(
        Proposition, verbose_name=_("proposition"), on_delete=models.CASCADE, related_name="news"
    )
    merge = models.ForeignKey(
        Merge, verbose_name=_("merging"), on_delete=models.CASCADE, null=True, blank=True, related_name="news"
    )
    page = models.ForeignKey(
        Page, verbose_name=_("synthesis"), on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("happened on"), db_default=Now())

    class Meta:
        verbose_name = _("news")
        verbose_name_plural = _("news")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="news_of_a_kind_that_exists",
                condition=Q(kind__in=NewsKind.values),
                violation_error_message=_("Unknown kind of news."),
            ),
            models.UniqueConstraint(
                fields=["proposition", "page"], condition=Q(page__isnull=False), name="a_citation_is_told_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.proposition_id}"


class NewsTo(models.Model):
    """A person to whom a piece of news promises one letter."""

    news = models.ForeignKey(News, verbose_name=_("news"), on_delete=models.CASCADE, related_name="told")
    participant = models.ForeignKey(
        Participant, verbose_name=_("participant"), on_delete=models.CASCADE, related_name="+"
    )
    is_promised = models.BooleanField(_("letter promised"), default=False)

    class Meta:
        verbose_name = _("person told")
        verbose_name_plural = _("people told")
        constraints = [models.UniqueConstraint(fields=["news", "participant"], name="news_are_told_once_to_each")]
        indexes = [models.Index(fields=["id"], condition=Q(is_promised=False), name="news_not_told_yet")]

    def __str__(self) -> str:
        return str(self.pk)
