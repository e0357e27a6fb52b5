"""The public basket of a consultation: what was removed, when, by which rule; and what stands where it stood."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from consult import policies
from consult.models import Proposition
from consult.public import Asked
from consult.views import listing, page_words
from consult.views.opened import asked_or_404
from moderation import public

GONE = 410


@require_safe
def basket(request: HttpRequest, slug: str) -> HttpResponse:
    """The last removed first. A text whose rule forbids to show it again is told without its words."""
    asked = asked_or_404(slug)
    with timezone.override(asked.page.zone):
        url = page_words.address("consultation", asked)
        return basket_of(request, asked.consultation.page_id, page=asked.page, url=url)


def basket_of(request: HttpRequest, page_pk: int, **more: Any) -> HttpResponse:
    """The basket of one page, a page at a time; ``more``: what the template says around it."""
    number = listing.page_number(request.GET.get("page", ""))
    start = (number - 1) * public.A_PAGE
    removed, total = public.basket(page_pk, start=start)
    if number > 1 and not removed:
        return redirect(request.path)
    context = {
        **more,
        "removed": removed,
        "total": total,
        "first_url": "?" if number > 2 else "",
        "previous_url": f"?page={number - 1}" if number > 1 else "",
        "next_url": f"?page={number + 1}" if start + len(removed) < total else "",
    }
    return render(request, "consult/basket.html", context)


def removed_proposition(request: HttpRequest, asked: Asked, number: int) -> HttpResponse | None:
    """Its tombstone, at its own address; None when no proposition of this number was removed."""
    found = policies.proposition_removed(asked.consultation, number)
    told = public.tombstone(found.case) if found else None
    if told is None:
        return None
    context = {
        "told": told,
        "page": asked.page,
        "number": number,
        "url": page_words.address("consultation", asked),
        "basket_url": reverse("consult:basket", args=[asked.consultation.page.slug]),
    }
    return render(request, "consult/removed.html", context, status=GONE)


def removed_argument(request: HttpRequest, asked: Asked, proposition: Proposition, number: int) -> HttpResponse | None:
    """The tombstone of an argument, at its own address; None when no argument of this number was removed."""
    found = policies.argument_removed(proposition, number)
    told = public.tombstone(found.case) if found else None
    if told is None:
        return None
    context = {
        "told": told,
        "page": asked.page,
        "number": f"{proposition.number}-{number}",
        "is_argument": True,
        "url": reverse("consult:proposition", args=[asked.consultation.page.slug, proposition.number]),
        "basket_url": reverse("consult:basket", args=[asked.consultation.page.slug]),
    }
    return render(request, "consult/removed.html", context, status=GONE)


def removed_statement(request: HttpRequest, asked: Asked, number: int) -> HttpResponse:
    """The tombstone of a statement of the opinion map; 404 when none of this number was removed."""
    found = policies.statement_removed(asked.consultation, number)
    told = public.tombstone(found.case) if found else None
    if told is None:
        raise Http404
    context = {
        "told": told,
        "page": asked.page,
        "number": number,
        "is_statement": True,
        "url": reverse("consult:map", args=[asked.consultation.page.slug]),
        "basket_url": reverse("consult:basket", args=[asked.consultation.page.slug]),
    }
    return render(request, "consult/removed.html", context, status=GONE)
