"""The themes of a consultation, for those who validate them: search, read, name, merge, move, set aside."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from consult.actions import theming as acts
from consult.choices import RunState, ThemeState
from consult.errors import RuleBroken
from consult.forms.theming import IntoForm, NameForm, PutForm
from consult.models import Theme
from consult.public import Asked
from consult.themes import policies as theme_policies
from consult.themes.counting import held_by
from consult.views import page_words
from consult.views import theme_words as words
from consult.views.deciding import common
from consult.views.doors import deciders_door
from consult.views.listing import page_number
from consult.views.opened import asked_or_404

A_PAGE = 50


@deciders_door
@require_http_methods(["GET", "HEAD", "POST"])
def themes(request: HttpRequest, slug: str) -> HttpResponse:
    """Those validated and those suggested; POST asks the machine to look for them."""
    asked = asked_or_404(slug)
    if request.method == "POST":
        acts.search(asked.consultation, by=request.user)
        messages.success(request, _("The search begins. You may leave this page."))
        return redirect(words.address("themes", asked))
    with timezone.override(asked.page.zone):
        found = list(theme_policies.themes_to_validate(asked.consultation))
        held = held_by(found, public=False)
        run = theme_policies.searches_for_themes(asked.consultation).first()
        context = {
            **common(request, asked, here=_("Themes")),
            "suggested": [words.line(one, held, asked) for one in found if one.state == ThemeState.SUGGESTED],
            "validated": [words.line(one, held, asked) for one in found if one.state == ThemeState.VALIDATED],
            "run": words.run(run),
            "is_running": run is not None and run.state in (RunState.WAITING, RunState.WORKING),
        }
        return render(request, "consult/themes/list.html", context)


@deciders_door
@require_http_methods(["GET", "HEAD", "POST"])
def theme(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One theme with its texts, and the acts about it."""
    asked = asked_or_404(slug)
    found = get_object_or_404(theme_policies.themes_to_validate(asked.consultation), pk=pk)
    with timezone.override(asked.page.zone):
        if request.method != "POST":
            return _drawn(request, asked, found)
        act = _ACTS.get(request.POST.get("act", ""))
        if act is None:
            return _drawn(request, asked, found, status=422)
        try:
            return act(request, asked, found)
        except RuleBroken as broken:
            return _drawn(request, asked, found, refused=str(broken), status=422)


def _validate(request: HttpRequest, asked: Asked, found: Theme) -> HttpResponse:
    acts.validate(found, by=request.user)
    messages.success(request, _("Everybody may read this theme now."))
    return redirect(words.address("theme", asked, found.pk))


def _rename(request: HttpRequest, asked: Asked, found: Theme) -> HttpResponse:
    form = NameForm(request.POST)
    if not form.is_valid():
        return _drawn(request, asked, found, forms={"name_form": form}, status=422)
    acts.rename(found, form.cleaned_data["name"], by=request.user)
    return redirect(words.address("theme", asked, found.pk))


def _merge(request: HttpRequest, asked: Asked, found: Theme) -> HttpResponse:
    form = IntoForm(request.POST, others=_others(asked, found))
    if not form.is_valid():
        return _drawn(request, asked, found, forms={"merge_form": form}, status=422)
    into = acts.merge(found, form.cleaned_data["into"], by=request.user)
    messages.success(request, _("Merged. This is the theme that stays."))
    return redirect(words.address("theme", asked, into.pk))


def _set_aside(request: HttpRequest, asked: Asked, found: Theme) -> HttpResponse:
    acts.set_aside(found, by=request.user)
    messages.success(request, _("Set aside: the machine will not suggest it again."))
    return redirect(words.address("themes", asked))


def _take_out(request: HttpRequest, asked: Asked, found: Theme) -> HttpResponse:
    form = IntoForm(request.POST, others=_others(asked, found), required=False)
    keys = [int(key) for key in request.POST.getlist("member") if key.isdecimal() and len(key) < 19]
    chosen = theme_policies.members_to_validate(found).filter(pk__in=keys)
    if not form.is_valid() or not chosen:
        return _drawn(request, asked, found, refused=_("Tick the texts to take out."), status=422)
    count = acts.take_out(found, chosen, by=request.user, into=form.cleaned_data["into"])
    said = ngettext("%(n)d text taken out of this theme.", "%(n)d texts taken out of this theme.", count)
    messages.success(request, said % {"n": count})
    return redirect(words.address("theme", asked, found.pk))


def _put(request: HttpRequest, asked: Asked, found: Theme) -> HttpResponse:
    form = PutForm(request.POST, consultation=asked.consultation)
    if not form.is_valid():
        return _drawn(request, asked, found, forms={"put_form": form}, status=422)
    acts.put(found, form.found, by=request.user)
    return redirect(words.address("theme", asked, found.pk))


_ACTS: dict[str, Callable[[HttpRequest, Asked, Theme], HttpResponse]] = {
    "validate": _validate,
    "rename": _rename,
    "merge": _merge,
    "set_aside": _set_aside,
    "take_out": _take_out,
    "put": _put,
}


def _others(asked: Asked, found: Theme) -> Any:
    return theme_policies.themes_to_validate(asked.consultation).exclude(pk=found.pk)


def _drawn(
    request: HttpRequest,
    asked: Asked,
    found: Theme,
    *,
    forms: dict[str, Any] | None = None,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    number = page_number(request.GET.get("page", ""))
    start = (number - 1) * A_PAGE
    members = theme_policies.members_to_validate(found)
    rows = list(members[start : start + A_PAGE + 1])
    if number > 1 and not rows:
        raise Http404
    held = held_by([found], public=False)
    others = _others(asked, found)
    context = {
        **common(request, asked, here=found.name, above=(_("Themes"), words.address("themes", asked))),
        "theme": found,
        "line": words.line(found, held, asked),
        "members": [words.member(one, asked) for one in rows[:A_PAGE]],
        "shown": len(rows[:A_PAGE]),
        "total": page_words.figure(sum((held[found.pk].propositions, held[found.pk].arguments)) if held else 0),
        "previous_url": f"?page={number - 1}" if number > 1 else "",
        "next_url": f"?page={number + 1}" if len(rows) > A_PAGE else "",
        "is_suggested": found.state == ThemeState.SUGGESTED,
        "refused": refused,
        "name_form": NameForm(initial={"name": found.name}),
        "merge_form": IntoForm(others=others, auto_id="id_merge_%s"),
        "move_form": IntoForm(others=others, required=False, auto_id="id_move_%s"),
        "put_form": PutForm(consultation=asked.consultation),
        **(forms or {}),
    }
    return render(request, "consult/themes/one.html", context, status=status)
