"""Near-identical texts in numbers: what moderators, and the owners of a service, are shown. Nothing is hidden by it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.policies import services_owned_by
from feedback import floods, policies
from feedback.actions import alerts
from feedback.choices import IntakeChannel
from feedback.models import FloodSignal
from feedback.views.doors import signals_door
from feedback.views.owner import page_number, pages
from feedback.views.steering import show
from pages.dates import long_date

A_PAGE = 20


@signals_door
@require_safe
def signals(request: HttpRequest) -> HttpResponse:
    seen = policies.flood_signals_to_see(request.user)
    page, total = page_number(request), seen.count()
    listed = list(floods.ranked(seen)[(page - 1) * A_PAGE : page * A_PAGE])
    reachable = set(policies.pain_points_to_see(request.user).filter(pk__in=_held(listed)).values_list("pk", flat=True))
    context: dict[str, Any] = {
        "signals": [_told(one, reachable) for one in listed],
        "pages": pages(request, page=page, size=A_PAGE, shown=len(listed), total=total),
    }
    if not services_owned_by(request.user).exists():
        context["agent_entries"] = []  # a moderator: the other pages of the menu are not theirs
    return show(request, "feedback/owner/signals.html", context)


@signals_door
@require_POST
def seen(request: HttpRequest, pk: int) -> HttpResponse:
    signal = get_object_or_404(policies.flood_signals_to_see(request.user), pk=pk)
    alerts.see_flood(signal, by=request.user)
    messages.success(request, _("Noted. Your colleagues read that you have seen it."))
    return redirect("feedback:flood_signals")


def _held(signals: list[FloodSignal]) -> list[int]:
    return [one.text.membership.pain_point_id for one in signals if hasattr(one.text, "membership")]


def _told(signal: FloodSignal, reachable: set[int]) -> dict[str, Any]:
    """One signal in words; its pain point only for whoever may read it."""
    held = getattr(signal.text, "membership", None)
    seen = {"name": signal.seen_by, "day": long_date(signal.seen_at)} if signal.seen_at else {}
    return {
        "signal": signal,
        "title": _fiches(signal.fiche_count),
        "period": _period(signal),
        "channels": [
            _("%(channel)s: %(count)s") % {"channel": IntakeChannel(channel).label, "count": number_format(count)}
            for channel, count in signal.channels.items()
        ],
        "pain_point": held.pain_point if held and held.pain_point_id in reachable else None,
        "seen": _("Seen by %(name)s on %(day)s.") % seen if seen else "",
    }


def _fiches(count: int) -> str:
    words = ngettext("%(count)s fiche says nearly the same", "%(count)s fiches say nearly the same", count)
    return words % {"count": number_format(count, force_grouping=True)}


def _period(signal: FloodSignal) -> str:
    if signal.first_on == signal.last_on:
        return _("On %(day)s.") % {"day": long_date(signal.first_on)}
    words = _("From %(first)s to %(last)s, up to %(most)s in a day.")
    figures = {"first": long_date(signal.first_on), "last": long_date(signal.last_on)}
    return words % {**figures, "most": number_format(signal.most_in_a_day, force_grouping=True)}
