"""A panel drawn by lot: volunteering, one's own place, the draw in front of everybody, and who conducts it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

import spreadsheets
from consult import gatherings, policies, public
from consult.actions import panels as acts
from consult.choices import Awaited, Level, VolunteerState
from consult.drawing_lots import letters
from consult.drawing_lots.reading import in_order
from consult.errors import ListClosed, QuotasImpossible, RuleBroken
from consult.forms.lots import SeedForm, VolunteerForm
from consult.models import Draw, PanelPage, Volunteer
from consult.public import Asked
from consult.views import lot_words, visiting_words, who
from consult.views.doors import deciders_door
from consult.views.held import led
from consult.views.opened import asked_or_404
from consult.views.refusing import refused
from consult.views.results import sent
from consult.views.surveys import reading


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def panel(request: HttpRequest, slug: str, panel: str) -> HttpResponse:
    """What is asked, until when, and how the draw is made; posting puts one in the list."""
    asked = asked_or_404(slug)
    found = _panel_or_404(asked, panel)
    with timezone.override(asked.page.zone):
        mine, draw = gatherings.volunteer_of(found, reading(request)), gatherings.draw_of(found)
        form = VolunteerForm(request.POST or None, criteria=in_order(found), answers=mine.answers if mine else {})
        if request.method == "POST" and asked.at >= found.closes_at:
            return refused(request, ListClosed(found.closes_at), back=request.path)
        if request.method == "POST" and form.is_valid():
            return _volunteered(request, asked, found, form)
        context = _shown(asked, found, draw) | {
            "form": form,
            "mine": lot_words.mine(mine, found, draw),
            "mine_url": _own_address(mine),
            "conduct_url": _conduct_address(request, asked, found),
        }
        return render(request, "consult/panel.html", context, status=422 if request.method == "POST" else 200)


def preview(request: HttpRequest, page: PanelPage) -> HttpResponse:
    """An editor's draft."""
    above = policies.consultation_above(page)
    asked = public.asked(above, page=above.page, first=above.page, at=timezone.now())
    with timezone.override(asked.page.zone):
        form = VolunteerForm(criteria=in_order(page), answers={})
        return render(request, "consult/panel.html", _shown(asked, page, None) | {"form": form})


@require_safe
def record(request: HttpRequest, slug: str, panel: str) -> JsonResponse:
    """What is needed to draw again, beside the list: rules, fingerprint, seed, who was drawn. Nothing personal."""
    asked = asked_or_404(slug)
    draw = get_object_or_404(gatherings.draws(), panel=_panel_or_404(asked, panel))
    answer = JsonResponse(gatherings.draw_told(draw), json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer.headers["Content-Disposition"] = f'attachment; filename="{panel}-tirage.json"'
    return answer


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def volunteer(request: HttpRequest, token: str) -> HttpResponse:
    """What the link of a letter opens: opening it changes nothing, its button gives the place back."""
    mine = get_object_or_404(gatherings.volunteers(), pk=letters.volunteer_behind(token))
    above = policies.consultation_above(mine.panel)
    with timezone.override(above.page.zone):
        if request.method == "POST":
            acts.leave(mine)
            messages.success(request, _("Your place is given back."))
            return redirect(mine.panel.get_absolute_url())
        draw = gatherings.draw_of(mine.panel)
        context = {
            "panel": mine.panel,
            "mine": lot_words.mine(mine, mine.panel, draw),
            "answers": mine.answers,
            "erased": lot_words.erased(mine.panel),
            "is_drawn": bool(draw and draw.drawn_at),
            "may_leave": mine.state != VolunteerState.LEFT and not mine.panel.cancelled_reason,
            "url": mine.panel.get_absolute_url(),
        }
        response = render(request, "consult/volunteer.html", context)
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["X-Robots-Tag"] = "noindex"
        return response


# --- who conducts it ---


@deciders_door
@require_http_methods(["GET", "HEAD", "POST"])
def conduct(request: HttpRequest, slug: str, panel: str) -> HttpResponse:
    """Freezing the list, drawing with the number announced, then who is in the panel."""
    asked = asked_or_404(slug)
    found = _panel_or_404(asked, panel)
    with timezone.override(asked.page.zone):
        form = SeedForm(request.POST if "seed" in request.POST else None)
        is_act = request.method == "POST" and ("freeze" in request.POST or form.is_valid())
        answer = _conducted(request, asked, found, form) if is_act else None
        if isinstance(answer, HttpResponse):
            return answer
        draw, stands = gatherings.draw_of(found), not found.cancelled_reason
        context = _shown(asked, found, draw) | {
            "form": form,
            "impossible": answer.words if answer else [],
            "may_freeze": stands and draw is None and found.closes_at <= asked.at < found.seed_at,
            "is_late": stands and draw is None and found.seed_at <= asked.at,
            "may_draw": stands and draw is not None and not draw.drawn_at and draw.seed_at <= asked.at,
            "empty": acts.seats_empty(draw) if draw and draw.drawn_at and not draw.erased_at else 0,
            "list_url": lot_words.address("panel_list", asked, found),
            "members_url": lot_words.address("panel_members", asked, found),
            "tables": lot_words.tables(found, draw, listed=True),
            "url": lot_words.address("panel", asked, found),
            "crumbs": lot_words.crumbs(asked, found, _("Conducting the draw")),
        }
        return render(request, "consult/panel_conduct.html", context, status=422 if request.method == "POST" else 200)


def _conducted(
    request: HttpRequest, asked: Asked, found: PanelPage, form: SeedForm
) -> HttpResponse | QuotasImpossible | None:
    """Where to go once it is done; otherwise what no panel can have, and None for what was said already."""
    try:
        if "freeze" in request.POST:
            acts.freeze(found, by=request.user)
            messages.success(request, _("The list is frozen, its fingerprint is public."))
        else:
            acts.draw_lots(found, seed=form.cleaned_data["seed"], by=request.user)
            messages.success(request, _("The panel is drawn. Every volunteer is told by a letter."))
    except QuotasImpossible as impossible:
        return impossible
    except RuleBroken as broken:
        form.add_error(None, str(broken)) if form.is_bound else messages.error(request, str(broken))
        return None
    return redirect(lot_words.address("panel_conduct", asked, found))


@deciders_door
@require_safe
def members(request: HttpRequest, slug: str, panel: str) -> HttpResponse:
    """Who is in the panel, to write to them; that it was read is in the journal."""
    asked = asked_or_404(slug)
    found = _panel_or_404(asked, panel)
    people = acts.read_members(found, by=request.user)
    lines = spreadsheets.lines([_("number"), _("name"), _("address"), *[one.label for one in in_order(found)]], people)
    return sent(lines, f"{panel}-membres.csv", "text/csv; charset=utf-8")


@deciders_door
@require_safe
def the_list(request: HttpRequest, slug: str, panel: str) -> StreamingHttpResponse:
    """The list that was frozen, without names, for whoever is asked to check the draw; that it was taken is written."""
    asked = asked_or_404(slug)
    found = _panel_or_404(asked, panel)
    labels = [one.label for one in in_order(found)]
    rows = acts.take_list(found, by=request.user)
    lines = spreadsheets.lines(["id", *labels], [[code, *[answers[one] for one in labels]] for code, answers in rows])
    return sent(lines, f"{panel}-liste.csv", "text/csv; charset=utf-8")


# --- what a page needs ---


def _panel_or_404(asked: Asked, slug: str) -> PanelPage:
    return get_object_or_404(gatherings.panels_to_read(asked.consultation), slug=slug)


def _shown(asked: Asked, found: PanelPage, draw: Draw | None) -> dict[str, Any]:
    is_drawn = bool(draw and draw.drawn_at)
    return {
        "asked": asked,
        "panel": found,
        "state": lot_words.state(found, draw, asked.at),
        "steps": lot_words.steps(found, draw, asked.at),
        "tables": lot_words.tables(found, draw),
        "volunteers": lot_words.count(draw.volunteers if draw else gatherings.volunteers_counted(found)),
        "is_open": asked.at < found.closes_at and not found.cancelled_reason,
        "draw": draw,
        "is_drawn": is_drawn,
        "erased": lot_words.erased(found),
        "gone": ",".join(draw.gone) if is_drawn else "",
        "called": gatherings.called_since(draw) if is_drawn and draw.gone else [],
        "record_url": lot_words.address("panel_record", asked, found) if draw else "",
        "crumbs": lot_words.crumbs(asked, found),
    }


def _conduct_address(request: HttpRequest, asked: Asked, found: PanelPage) -> str:
    return lot_words.address("panel_conduct", asked, found) if policies.may_decide(request.user) else ""


def _own_address(mine: Volunteer | None) -> str:
    return lot_words.own_address(letters.token_of(mine)) if mine else ""


def _volunteered(request: HttpRequest, asked: Asked, found: PanelPage, form: VolunteerForm) -> HttpResponse:
    back, person = lot_words.address("panel", asked, found), who.participant(request)
    try:
        if person is None:
            return _led(request, asked, found, form, back)
        acts.volunteer(found, form.answers(), by=person)
    except RuleBroken as broken:
        return refused(request, broken, back=back)
    messages.success(request, _("You are in the list. A letter gives you your number."))
    return redirect(back)


def _led(request: HttpRequest, asked: Asked, found: PanelPage, form: VolunteerForm, back: str) -> HttpResponse:
    """Somebody whom nobody knows: to the page that asks for an address, or to sign in. Raises ``ListClosed``."""
    if found.cancelled_reason:
        raise ListClosed
    if found.level != Level.VISITOR:
        return redirect_to_login(back)
    typed = {"panel": found.pk, "answers": form.answers()}
    said = "\n".join([found.title, *(visiting_words.answered(*one) for one in form.answers().items())])
    return led(request, asked, Awaited.VOLUNTEER, typed, said=said, back=back)
