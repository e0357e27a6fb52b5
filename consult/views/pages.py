"""The list of consultations, and the page of each: the same drawing for the public and for an editor's preview."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from consult import policies, public
from consult.choices import Act, PhaseKind
from consult.models import ConsultationPage, Section
from consult.phases import clock, current
from consult.public import Asked
from consult.views import below_words, cards, feeds, following, listing, map_words, page_words, sharing, who
from consult.views.opened import asked_or_404

OVER_A_PAGE = 12


@require_safe
def index(request: HttpRequest, page: Any = None) -> HttpResponse:
    """What is open, what comes, what is over. ``page``: an editor's draft of the list."""
    at, language, number = clock(), get_language(), listing.page_number(request.GET.get("page", ""))
    found = public.lists(at=at, language=language, start=(number - 1) * OVER_A_PAGE, many=OVER_A_PAGE)
    first = number == 1
    shown = {"open": found.open if first else [], "coming": found.coming if first else [], "over": found.over}
    pictures = public.pictures([one for listed in shown.values() for one in listed])
    context = {
        "page": page or public.index_page(language),
        "feeds": feeds.of_list(),
        **{name: [cards.card(one, at=at, pictures=pictures) for one in listed] for name, listed in shown.items()},
        "shown": len(found.over),
        "first_url": "?" if number > 2 else "",
        "previous_url": f"?page={number - 1}" if number > 1 else "",
        "next_url": f"?page={number + 1}" if found.has_more else "",
    }
    return render(request, "consult/index.html", context)


@require_safe
def consultation(request: HttpRequest, slug: str) -> HttpResponse:
    """Its propositions, one section at a time; its file before there are any."""
    asked = asked_or_404(slug)
    return _drawn(request, asked, "propositions" if has_propositions(asked) else "file")


@require_safe
def file(request: HttpRequest, slug: str) -> HttpResponse:
    """What there is to know: texts, figures, documents."""
    return _drawn(request, asked_or_404(slug), "file")


@require_safe
def rules(request: HttpRequest, slug: str) -> HttpResponse:
    """The procedure, who answers questions, and each time the dates moved."""
    return _drawn(request, asked_or_404(slug), "rules")


def draft(request: HttpRequest, page: ConsultationPage, at: datetime | None = None) -> HttpResponse:
    """What Wagtail shows: a draft as on a moment, whole on one page; ``at`` None: as it is now."""
    consultation = policies.consultation_of(page)
    first = page if consultation.page_id in (None, page.pk) else consultation.page
    asked = public.asked(consultation, page=page, first=first, at=at or clock())
    return _drawn(request, asked, "all")


def has_propositions(asked: Asked) -> bool:
    """Whether there is a list to read: people may propose since some moment, or have proposed."""
    begun = any(phase.opens_at <= asked.at for phase in asked.phases if phase.kind != PhaseKind.INFORM)
    return bool(asked.sections) and (begun or asked.consultation.proposition_count > 0)


def _drawn(request: HttpRequest, asked: Asked, tab: str) -> HttpResponse:
    with timezone.override(asked.page.zone):
        context = {
            "asked": asked,
            "page": asked.page,
            "language": asked.page.locale.language_code if asked.page.locale_id else "",
            "tab": tab,
            "kicker": page_words.kicker(asked.page),
            "state": page_words.state(asked),
            "closed": page_words.closed_banner(asked),
            "phases": page_words.phases(asked),
            "facts": page_words.facts(asked) if has_propositions(asked) else [],
            "tabs": page_words.tabs(asked, chosen=tab, has_propositions=has_propositions(asked)),
            "moves": page_words.moves(public.dates_moved(asked.consultation)) if tab != "propositions" else [],
            "next_date": page_words.next_date(asked),
            "follow_up": page_words.follow_up(asked),
            "below": below_words.links(asked),
            "rules_url": page_words.address("rules", asked) + page_words.PARTS,
            "map": map_words.invitation(asked),
            **_around(request, asked),
            **(_propositions(request, asked) if tab in ("propositions", "all") else {}),
        }
        return render(request, "consult/consultation.html", context)


def _around(request: HttpRequest, asked: Asked) -> dict[str, Any]:
    """Following, telling others, feeds: of a page that is kept, not of a draft that never was."""
    if asked.consultation.pk is None:
        return {}
    return {
        "follow": following.of_consultation(who.reader(request), asked),
        "share": sharing.share(asked.page.title, page_words.address("consultation", asked)),
        "feeds": feeds.of_consultation(asked.consultation.page.slug),
    }


def _propositions(request: HttpRequest, asked: Asked) -> dict[str, Any]:
    """The list of one section: the one asked for, or the first in which people propose."""
    counts = public.counts_by_section(asked.consultation)
    chosen = _chosen(asked, request.GET.get("rubrique", ""), counts)
    if chosen is None:
        return {"places": []}
    base = page_words.address("consultation", asked)
    places = page_words.places(asked, chosen=chosen, counts=counts, base=base)
    here = next(place for place in places if place.is_current)
    return {
        "places": places,
        "here": here,
        "sentence": page_words.section_sentence(here, len([place for place in places if place.url])),
        "may_propose": chosen.takes_propositions and current(asked.phases, Act.PROPOSE, at=asked.at) is not None,
        "propose_url": f"{base}propositions/nouvelle/?rubrique={chosen.pk}",
        "propose_label": page_words.to_propose(chosen),
        **listing.of_section(request, asked, chosen, total=here.count or 0),
    }


def _chosen(asked: Asked, wanted: str, counts: dict[int, int]) -> Section | None:
    lists = [section for section in asked.sections if section.takes_propositions or counts.get(section.pk)]
    return next((section for section in lists if str(section.pk) == wanted), lists[0] if lists else None)
