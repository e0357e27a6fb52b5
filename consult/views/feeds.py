"""Atom feeds and the calendar of a consultation. Addresses are those of the site, never the Host of a request."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import linebreaks
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page, require_safe

from consult import calendars, feeds, gatherings, policies, texts
from consult.models import Argument, Consultation, Decision, Proposition
from consult.views import meeting_words
from consult.views.opened import asked_or_404
from consult.views.page_words import address

EPOCH = datetime(2026, 1, 1, tzinfo=timezone.get_fixed_timezone(0))


class Dated(Atom1Feed):
    """An Atom feed that says when its content changed: Django says « now » of an empty one, which is never the same."""

    def latest_post_date(self) -> datetime:
        dates = [item["updateddate"] or item["pubdate"] for item in self.items]
        return max((date for date in dates if date), default=self.feed["since"] or EPOCH)


class _Ours(Feed):
    feed_type = Dated

    def item_updateddate(self, item: Any) -> datetime | None:
        """Atom asks it of each entry."""
        return self.item_pubdate(item)

    def feed_extra_kwargs(self, obj: Any) -> dict[str, Any]:
        return {"since": feeds.first_day(obj) if isinstance(obj, Consultation) else None}


def _here(path: str) -> str:
    return settings.BASE_URL + path


def _author(one: Proposition | Argument) -> str:
    return texts.line(one.author.name) or _("Erased account")


def _who_asks(consultation: Consultation) -> str:
    administration = consultation.page.administration
    return administration.name if administration else settings.WAGTAIL_SITE_NAME


class Consultations(_Ours):
    """All of them."""

    def title(self) -> str:
        return _("Consultations")

    def link(self) -> str:
        return _here(reverse("consult:index"))

    def feed_url(self) -> str:
        return _here(reverse("consult:feed"))

    def items(self) -> Any:
        return feeds.consultations()

    def item_title(self, item: Consultation) -> str:
        return item.page.title

    def item_description(self, item: Consultation) -> str:
        return linebreaks(item.page.lead, autoescape=True)

    def item_link(self, item: Consultation) -> str:
        return _here(reverse("consult:consultation", args=[item.page.slug]))

    def item_author_name(self, item: Consultation) -> str:
        return _who_asks(item)

    def item_pubdate(self, item: Consultation) -> datetime:
        return item.page.first_published_at or EPOCH


class OfConsultation(_Ours):
    """What the feeds of one consultation have in common; 404 while its page is not public."""

    place, feed = "consult:consultation", ""

    def get_object(self, request: HttpRequest, slug: str) -> Consultation:
        return get_object_or_404(policies.consultations_to_read(), page__slug=slug)

    def author_name(self, obj: Consultation) -> str:
        return _who_asks(obj)

    def link(self, obj: Consultation) -> str:
        return _here(reverse(self.place, args=[obj.page.slug]))

    def feed_url(self, obj: Consultation) -> str:
        return _here(reverse(self.feed, args=[obj.page.slug]))


class Propositions(OfConsultation):
    """Those of one consultation."""

    feed = "consult:propositions_feed"

    def title(self, obj: Consultation) -> str:
        return _("Propositions: %(title)s") % {"title": obj.page.title}

    def items(self, obj: Consultation) -> list[Proposition]:
        found = list(feeds.propositions(obj))
        for one in found:
            one.consultation = obj  # its page is already here
        return found

    def item_title(self, item: Proposition) -> str:
        return texts.line(f"#{item.number} {item.title}")

    def item_description(self, item: Proposition) -> str:
        return texts.shown(texts.said(item.body))

    def item_link(self, item: Proposition) -> str:
        return _here(item.get_absolute_url())

    def item_author_name(self, item: Proposition) -> str:
        return _author(item)

    def item_pubdate(self, item: Proposition) -> datetime:
        return item.created_at


class Decisions(OfConsultation):
    """What was decided about its propositions."""

    place, feed = "consult:results", "consult:decisions_feed"

    def title(self, obj: Consultation) -> str:
        return _("Decisions: %(title)s") % {"title": obj.page.title}

    def items(self, obj: Consultation) -> list[Decision]:
        found = list(feeds.decisions(obj))
        for one in found:
            one.proposition.consultation = obj  # its page is already here
        return found

    def item_title(self, item: Decision) -> str:
        said = {
            "number": item.proposition.number,
            "title": item.proposition.title,
            "verdict": item.get_verdict_display(),
        }
        return texts.line(_("#%(number)d %(title)s: %(verdict)s") % said)

    def item_description(self, item: Decision) -> str:
        return linebreaks(texts.said(item.reason), autoescape=True)

    def item_link(self, item: Decision) -> str:
        return _here(f"{item.proposition.get_absolute_url()}#decision")

    def item_guid(self, item: Decision) -> str:
        return _here(f"{item.proposition.get_absolute_url()}#decision-{item.pk}")

    def item_pubdate(self, item: Decision) -> datetime:
        return item.publication.published_at


class Arguments(_Ours):
    """Those of one proposition."""

    def get_object(self, request: HttpRequest, slug: str, number: int) -> Proposition:
        readable = policies.propositions_to_read().select_related("consultation__page")
        return get_object_or_404(readable, consultation__page__slug=slug, number=number)

    def title(self, obj: Proposition) -> str:
        return texts.line(_("Arguments: #%(number)d %(title)s") % {"number": obj.number, "title": obj.title})

    def link(self, obj: Proposition) -> str:
        return _here(obj.get_absolute_url())

    def feed_url(self, obj: Proposition) -> str:
        return _here(reverse("consult:arguments_feed", args=[obj.consultation.page.slug, obj.number]))

    def feed_extra_kwargs(self, obj: Proposition) -> dict[str, Any]:
        return {"since": obj.created_at}

    def items(self, obj: Proposition) -> list[Argument]:
        found = list(feeds.arguments(obj))
        for one in found:
            one.proposition = obj  # already here
        return found

    def item_title(self, item: Argument) -> str:
        said = {"side": item.get_side_display().capitalize(), "number": item.number}
        return _("%(side)s, argument %(number)d") % said

    def item_description(self, item: Argument) -> str:
        return linebreaks(texts.said(item.text), autoescape=True)

    def item_link(self, item: Argument) -> str:
        page = item.proposition.consultation.page
        return _here(reverse("consult:argument", args=[page.slug, item.proposition.number, item.number]))

    def item_author_name(self, item: Argument) -> str:
        return _author(item)

    def item_pubdate(self, item: Argument) -> datetime:
        return item.created_at


def served(feed: Feed) -> Any:
    """Read only, and not sent again to who has it (ETag, Last-Modified)."""
    return require_safe(conditional_page(feed))


@require_safe
@conditional_page
def calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """Phases and meetings, to add to one's calendar: they move there when their dates move."""
    asked = asked_or_404(slug)
    events = calendars.phases_of(asked, url=_here(address("consultation", asked)))
    for meeting in gatherings.meetings_to_read(asked.consultation).filter(cancelled_reason=""):
        events.append(calendars.meeting(meeting, asked, url=_here(meeting_words.address("meeting", asked, meeting))))
    response = HttpResponse(
        calendars.written(events, name=asked.page.title), content_type="text/calendar; charset=utf-8"
    )
    response.headers["Content-Disposition"] = f'attachment; filename="{asked.consultation.page.slug}.ics"'
    return response


ATOM = "application/atom+xml"


def of_list() -> list[dict[str, str]]:
    """What ``_feeds.html`` reads, and the head of the page, for feed readers to find."""
    return [{"label": _("All consultations (Atom feed)"), "url": reverse("consult:feed"), "icon": "rss", "type": ATOM}]


def of_consultation(slug: str) -> list[dict[str, str]]:
    """Its propositions, its decisions, its calendar."""
    feed = {"icon": "rss", "type": ATOM}
    return [
        {"label": _("Dates in my calendar"), "url": reverse("consult:calendar", args=[slug]), "icon": "calendar-plus"},
        {"label": _("New propositions (Atom feed)"), "url": reverse("consult:propositions_feed", args=[slug]), **feed},
        {"label": _("Decisions (Atom feed)"), "url": reverse("consult:decisions_feed", args=[slug]), **feed},
    ]


def of_proposition(slug: str, number: int) -> list[dict[str, str]]:
    url = reverse("consult:arguments_feed", args=[slug, number])
    return [{"label": _("New arguments (Atom feed)"), "url": url, "icon": "rss", "type": ATOM}]
