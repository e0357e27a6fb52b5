"""The pages that editors write, and the settings by which a city makes the site its own."""

from typing import Any

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.fields import StreamField
from wagtail.images.models import Image
from wagtail.models import Page, Site
from wagtail.search import index

from pages import colours, recipients, sections
from pages.blocks import BodyBlock

IDENTITY_KEY = "identity"  # where pages.identity keeps it
LOGO_SIZE = "max-176x176"
_COLOUR = RegexValidator(r"^#[0-9a-fA-F]{6}$", _("Write a colour like #0b5563."))


class HomePage(Page):
    """The front page: a promise, one field to write in, then what the rooms have to show."""

    marked = models.CharField(_("end of the title, highlighted"), max_length=80, blank=True)
    lead = models.TextField(_("sentence under the title"), max_length=300, blank=True)
    picture = models.ForeignKey(
        Image, verbose_name=_("picture"), on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    picture_description = models.CharField(_("what the picture shows"), max_length=160, blank=True)
    body = StreamField(BodyBlock(), verbose_name=_("below"), blank=True)

    content_panels = [
        *Page.content_panels,
        FieldPanel("marked"),
        FieldPanel("lead"),
        MultiFieldPanel([FieldPanel("picture"), FieldPanel("picture_description")], _("picture")),
        FieldPanel("body"),
    ]
    template = "pages/home.html"
    max_count_per_parent = 1
    parent_page_types = ["wagtailcore.Page"]

    class Meta:
        verbose_name = _("home page")
        verbose_name_plural = _("home pages")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Adds what each room declared for the home page (``pages.sections``)."""
        return {**super().get_context(request, *args, **kwargs), "sections": sections.for_home()}


class StandardPage(Page):
    """A page of information: legal notice, privacy, accessibility, charter, news."""

    intro = models.TextField(_("in a sentence"), max_length=300, blank=True)
    body = StreamField(BodyBlock(), verbose_name=_("text"), blank=True)

    content_panels = [*Page.content_panels, FieldPanel("intro"), FieldPanel("body")]
    search_fields = [*Page.search_fields, index.SearchField("intro"), index.SearchField("body")]
    template = "pages/standard.html"
    parent_page_types = ["pages.HomePage", "pages.StandardPage"]
    subpage_types = ["pages.StandardPage"]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The page about personal data names the machines outside that the settings send anything to."""
        outside = recipients.of_passages() if self.slug == recipients.PAGE else ""
        return super().get_context(request, *args, **kwargs) | {"reads_passages": outside}

    class Meta:
        verbose_name = _("page")
        verbose_name_plural = _("pages")


class Corners(models.TextChoices):
    STRAIGHT = "straight", _("straight")
    SOFT = "soft", _("soft")
    ROUND = "round", _("round")


class Titles(models.TextChoices):
    ATKINSON = "atkinson", "Atkinson Hyperlegible"
    LITERATA = "literata", "Literata"
    SYSTEM = "system", _("of the device")


@register_setting(icon="site")
class SiteIdentity(BaseSiteSetting):
    """Name, logo, colours and contact of the administration that runs the site."""

    name = models.CharField(_("name"), max_length=60, default="Cahier")
    baseline = models.CharField(_("line under the name"), max_length=80, blank=True)
    logo = models.ForeignKey(
        Image, verbose_name=_("logo"), on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    logo_dark = models.ForeignKey(
        Image,
        verbose_name=_("logo on dark grounds"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    main_colour = models.CharField(_("main colour"), max_length=7, default="#0b5563", validators=[_COLOUR])
    accent_colour = models.CharField(_("colour of the margin"), max_length=7, default="#d9482b", validators=[_COLOUR])
    corners = models.CharField(_("corners"), max_length=10, choices=Corners, default=Corners.SOFT)
    titles = models.CharField(_("typeface of titles"), max_length=10, choices=Titles, default=Titles.ATKINSON)
    address = models.TextField(_("postal address"), max_length=300, blank=True)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    opening_hours = models.CharField(_("when the telephone answers"), max_length=120, blank=True)

    panels = [
        MultiFieldPanel([FieldPanel("name"), FieldPanel("baseline")], _("name")),
        MultiFieldPanel([FieldPanel("logo"), FieldPanel("logo_dark")], _("logo")),
        MultiFieldPanel(
            [FieldPanel("main_colour"), FieldPanel("accent_colour"), FieldPanel("corners"), FieldPanel("titles")],
            _("character"),
        ),
        MultiFieldPanel(
            [FieldPanel("address"), FieldPanel("phone"), FieldPanel("opening_hours"), FieldPanel("email")], _("contact")
        ),
    ]

    class Meta:
        verbose_name = _("identity of the site")

    @classmethod
    def of(cls, site: Site | None) -> "SiteIdentity":
        """The name and looks of this site; the defaults, unsaved, while nobody chose: reading writes nothing."""
        found = cls.objects.filter(site=site).select_related("logo", "logo_dark").first() if site else None
        return found or cls()

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        for picture in filter(None, (self.logo, self.logo_dark)):
            picture.get_rendition(LOGO_SIZE)  # drawn now, so that showing a page never has to
        cache.delete(IDENTITY_KEY)

    def clean(self) -> None:
        """Refuse a colour that cannot be read, showing the nearest one that can."""
        refused = {}
        if _is_colour(self.main_colour) and not colours.passes_as_main(self.main_colour):
            refused["main_colour"] = _too_pale(self.main_colour, colours.TEXT)
        if _is_colour(self.accent_colour) and not colours.passes_as_accent(self.accent_colour):
            refused["accent_colour"] = _too_pale(self.accent_colour, colours.LINE)
        if refused:
            raise ValidationError(refused)


def _is_colour(value: str) -> bool:
    return bool(_COLOUR.regex.match(value))


def _too_pale(colour: str, ratio: float) -> str:
    return _("This colour is too pale to be read. The nearest that can be: %(colour)s.") % {
        "colour": colours.suggestion(colour, ratio=ratio)
    }
