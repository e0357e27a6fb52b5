"""A meeting: what it is, registering for it, giving a seat back, keying in what was said, its date in a calendar."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from consult import calendars, gatherings, meeting_letters, policies, public
from consult.actions import meetings as acts
from consult.choices import Awaited, SeatState, Side
from consult.errors import RuleBroken
from consult.forms.meetings import KeyedArgumentForm, KeyedPropositionForm
from consult.models import MeetingPage
from consult.public import Asked
from consult.views import meeting_words, page_words, who
from consult.views.held import led
from consult.views.opened import asked_or_404
from consult.views.refusing import refused
from consult.views.surveys import reading


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def meeting(request: HttpRequest, slug: str, meeting: str) -> HttpResponse:
    """When, where, what about; then what was said. ``register`` takes a seat, ``leave`` gives it back."""
    asked = asked_or_404(slug)
    found = _meeting_or_404(asked, meeting)
    with timezone.override(asked.page.zone):
        if request.method == "POST":
            return _acted(request, asked, found)
        return render(request, "consult/meeting.html", _shown(asked, found) | _mine(request, asked, found))


def preview(request: HttpRequest, page: MeetingPage) -> HttpResponse:
    """An editor's draft."""
    above = policies.consultation_above(page)
    asked = public.asked(above, page=above.page, first=above.page, at=timezone.now())
    with timezone.override(asked.page.zone):
        return render(request, "consult/meeting.html", _shown(asked, page))


@require_safe
def ics(request: HttpRequest, slug: str, meeting: str) -> HttpResponse:
    """The meeting, for a calendar."""
    asked = asked_or_404(slug)
    found = _meeting_or_404(asked, meeting)
    event = calendars.meeting(
        found, asked, url=request.build_absolute_uri(meeting_words.address("meeting", asked, found))
    )
    response = HttpResponse(calendars.written([event], name=found.title), content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{found.slug}.ics"'
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def seat(request: HttpRequest, token: str) -> HttpResponse:
    """What the link of a letter opens: opening it changes nothing, its button gives the seat back."""
    found = get_object_or_404(gatherings.seats(), pk=meeting_letters.seat_behind(token))
    above = policies.consultation_above(found.meeting)
    with timezone.override(above.page.zone):
        if request.method == "POST":
            try:
                acts.leave(found)
            except RuleBroken as broken:
                return refused(request, broken, back=found.meeting.get_absolute_url())
            messages.success(request, _("Your seat is given back."))
            return redirect(found.meeting.get_absolute_url())
        context = {
            "meeting": found.meeting,
            "when": meeting_words.when(found.meeting),
            "mine": meeting_words.mine(found),
            "url": found.meeting.get_absolute_url(),
            "is_left": found.state == SeatState.LEFT,
        }
        return render(request, "consult/seat.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def room(request: HttpRequest, slug: str, meeting: str) -> HttpResponse:
    """Clerks, editors and administrators key in what was said. The rules are those of every proposition."""
    if not gatherings.may_key_in(request.user):
        raise Http404
    asked = asked_or_404(slug)
    found = _meeting_or_404(asked, meeting)
    with timezone.override(asked.page.zone):
        sections = [one for one in asked.sections if one.takes_propositions]
        is_argument = request.POST.get("what") == "argument"
        posted = request.POST if request.method == "POST" else None
        forms = {
            "proposition": KeyedPropositionForm(
                None if is_argument else posted, sections=sections, prefix="p", initial=_remembered(request)
            ),
            "argument": KeyedArgumentForm(posted if is_argument else None, prefix="a"),
        }
        form = forms["argument" if is_argument else "proposition"]
        if posted is not None and form.is_valid() and _keyed(request, found, form):
            return redirect(meeting_words.address("meeting_room", asked, found))
        context = {
            "asked": asked,
            "meeting": found,
            "forms": forms,
            "said": [_said(one, asked) for one in gatherings.said_in(found)[:50]],
            "url": meeting_words.address("meeting", asked, found),
            "crumbs": meeting_words.crumbs(asked, found, _("What was said")),
        }
        return render(request, "consult/meeting_room.html", context, status=422 if posted is not None else 200)


# --- what a page needs ---


def _meeting_or_404(asked: Asked, slug: str) -> MeetingPage:
    return get_object_or_404(gatherings.meetings_to_read(asked.consultation), slug=slug)


def _shown(asked: Asked, found: MeetingPage) -> dict[str, Any]:
    taken = gatherings.seats_taken(found) if found.pk else 0
    return {
        "asked": asked,
        "meeting": found,
        "kicker": found.get_kind_display(),
        "state": meeting_words.state(found, asked.at),
        "when": meeting_words.when(found),
        "seats": meeting_words.seats(found, taken),
        "is_over": asked.at >= found.ends_at,
        "registers": found.takes_registrations and not found.cancelled_reason and asked.at < found.starts_at,
        "is_full": found.capacity is not None and taken >= found.capacity,
        "said": [_said(one, asked) for one in gatherings.said_to_read(found)[:100]] if found.pk else [],
        "ics_url": meeting_words.address("meeting_ics", asked, found),
        "crumbs": meeting_words.crumbs(asked, found),
    }


def _mine(request: HttpRequest, asked: Asked, found: MeetingPage) -> dict[str, Any]:
    mine = gatherings.seat_of(found, reading(request))
    may = gatherings.may_key_in(request.user)
    return {
        "mine": meeting_words.mine(mine),
        "room_url": meeting_words.address("meeting_room", asked, found) if may else "",
    }


def _said(one: Any, asked: Asked) -> dict[str, Any]:
    """What was said, and where it stands now."""
    base = page_words.address("consultation", asked)
    if one.proposition_id:
        number = one.proposition.number
        return {"label": f"#{number}", "text": one.proposition.title, "url": f"{base}propositions/{number}/"}
    number = one.argument.proposition.number
    label = _("For #%(number)d") if one.argument.side == Side.FOR else _("Against #%(number)d")
    url = f"{base}propositions/{number}/#argument-{one.argument.number}"
    return {"label": label % {"number": number}, "text": one.argument.text, "url": url}


def _acted(request: HttpRequest, asked: Asked, found: MeetingPage) -> HttpResponse:
    back, person = meeting_words.address("meeting", asked, found), who.participant(request)
    if person is None:
        return led(request, asked, Awaited.SEAT, {"meeting": found.pk}, said=found.title, back=back)
    try:
        if "leave" in request.POST:
            if held := gatherings.seat_of(found, person):
                acts.leave(held)
                messages.success(request, _("Your seat is given back."))
        else:
            seat = acts.register(found, by=person)
            told = {SeatState.SEATED: _("You are registered. A letter tells you how to come.")}
            waiting = _("All seats are taken: you are on the waiting list.")
            messages.success(request, told.get(SeatState(seat.state), waiting))
    except RuleBroken as broken:
        return refused(request, broken, back=back)
    return redirect(back)


def _remembered(request: HttpRequest) -> dict[str, str]:
    """Several propositions of a room are often in one section."""
    return {"section": request.GET.get("rubrique", "")}


def _keyed(request: HttpRequest, found: MeetingPage, form: Any) -> bool:
    """Whether it was written; otherwise the form says why."""
    told = form.cleaned_data
    common = {"speaker": told["speaker"], "key": told["key"], "by": request.user}
    try:
        if isinstance(form, KeyedArgumentForm):
            said = acts.key_in_argument(found, told["number"], Side(told["side"]), told["text"], **common)
            words = _("Argument kept under proposition #%(number)d.") % {"number": said.proposition.number}
        else:
            filed = acts.key_in_proposition(found, form.sections[told["section"]], form.written(), **common)
            words = _("Proposition kept: #%(number)d.") % {"number": filed.number}
    except ObjectDoesNotExist:
        form.add_error("number", _("No proposition has this number."))
        return False
    except RuleBroken as broken:
        form.add_error(None, str(broken))
        return False
    messages.success(request, words)
    return True
