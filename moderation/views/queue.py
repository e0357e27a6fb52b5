"""The queue of moderators, one case of it, and the decision: on this text and on those ticked with it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from moderation import actions, errors, policies, queue
from moderation.choices import Outcome
from moderation.forms import DecisionForm
from moderation.models import Case
from moderation.queue import Waiting
from moderation.views import words
from moderation.views.doors import moderators_door


@moderators_door
@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """Everything that waits, ranked; the first, or the one asked for, in view with its decision."""
    return _queue(request, asked=_key(request.GET.get("dossier", "")))


@moderators_door
@require_safe
def case(request: HttpRequest, case: int) -> HttpResponse:
    """One case, whatever its state, with its history: another decision may follow."""
    found = get_object_or_404(policies.cases_of(request.user), pk=case)
    return _alone(request, found)


@moderators_door
@require_POST
def decide(request: HttpRequest, case: int) -> HttpResponse:
    """One decision for this text and for those ticked; each is judged apart, and says what stopped it."""
    found = get_object_or_404(policies.cases_of(request.user), pk=case)
    form = DecisionForm(request.POST)
    comes_from_the_queue = "file" in request.POST
    if not form.is_valid():
        if comes_from_the_queue and found.pk in {one.case.pk for one in queue.of(request.user).entries}:
            return _queue(request, asked=found.pk, form=form, status=422)
        return _alone(request, found, form=form, status=422)
    ticked = dict(form.also())
    targets = {found.pk: form.cleaned_data["after"], **{pk: ticked[pk] for pk in ticked if pk != found.pk}}
    cases = {one.pk: one for one in policies.cases_of(request.user).filter(pk__in=targets)}
    done = [pk for pk, after in targets.items() if pk in cases and _judge(request, cases[pk], form, after)]
    if done:
        messages.success(request, _said(form, len(done)))
    if not comes_from_the_queue or found.pk not in done:
        return redirect("moderation:case", found.pk)
    return redirect(f"{reverse('moderation:queue')}?file={_filter(request.POST.get('file', ''))}")


def _judge(request: HttpRequest, case: Case, form: DecisionForm, after: int | None) -> bool:
    said = form.cleaned_data
    try:
        actions.decide(
            case, outcome=Outcome(said["outcome"]), rule=said["rule"], facts=said["facts"], after=after, by=request.user
        )
    except errors.RuleBroken as broken:
        messages.error(request, str(broken))
        return False
    return True


def _said(form: DecisionForm, count: int) -> str:
    outcome = Outcome(form.cleaned_data["outcome"])
    told = {
        Outcome.KEEP: ngettext("%(n)d text kept.", "%(n)d texts kept.", count),
        Outcome.HIDE: ngettext("%(n)d text hidden: we tell its author.", "%(n)d texts hidden: we tell authors.", count),
        Outcome.REMOVE: ngettext("%(n)d text removed: we tell its author.", "%(n)d removed: we tell authors.", count),
    }
    return told[outcome] % {"n": count}


def _queue(
    request: HttpRequest, *, asked: int | None, form: DecisionForm | None = None, status: int = 200
) -> HttpResponse:
    found = queue.of(request.user)
    chosen = _filter(request.POST.get("file", "") or request.GET.get("file", ""))
    entries = [one for one in found.entries if words.filters()[chosen][1](one)]
    current = next((one for one in entries if one.case.pk == asked), entries[0] if entries else None)
    base = f"?file={chosen}&" if chosen else "?"
    context = {
        "summary": words.summary(found),
        "chips": words.chips(found, chosen),
        "chosen": chosen,
        "rows": words.rows(entries, current, base=base),
        "more": max(0, found.cases - len(found.entries)),
        **(_shown(request, current, form) if current else {}),
        "keys": words.keys(current.case.state, in_the_queue=True) if current else [],
    }
    return _page(request, "moderation/queue.html", context, status=status)


def _alone(request: HttpRequest, found: Case, *, form: DecisionForm | None = None, status: int = 200) -> HttpResponse:
    entry = next(iter(queue.entries_of([found])), None)
    if entry is None:
        raise Http404
    keys = words.keys(found.state, in_the_queue=False)
    context = {**_shown(request, entry, form), "keys": keys, "is_alone": True}
    return _page(request, "moderation/case.html", context, status=status)


def _shown(request: HttpRequest, one: Waiting, form: DecisionForm | None) -> dict[str, Any]:
    """The text, why it is here, what was said and decided, and the form."""
    case = one.case
    decisions = list(policies.decisions_on([case]))
    offset = len(one.shown.title) + 1
    spans = [[start - offset, end - offset] for start, end in one.clues.spans if start >= offset]
    return {
        "case": case,
        "shown": one.shown,
        "title": words.title(one.shown, case),
        "spans": spans,
        "title_spans": [[start, end] for start, end in one.clues.spans if end < offset],
        "why": words.why(one),
        "notices": words.notices(list(policies.notices_on(case, request.user))),
        "history": words.history(decisions),
        "outcomes": words.outcomes(case.state),
        "form": form or DecisionForm(initial={"after": decisions[-1].pk if decisions else None}),
        "report_url": reverse("moderation:report", args=[case.pk]),
    }


def _page(request: HttpRequest, template: str, context: dict[str, Any], *, status: int) -> HttpResponse:
    shared = {
        "agent_entries": [
            {"label": _("Queue"), "url": reverse("moderation:queue"), "is_current": True},
            {"label": _("Near-identical texts"), "url": "/pilotage/textes-proches/"},
        ],
        "agent_section": _("Moderation"),
        "agent_name": str(request.user),
    }
    return render(request, template, {**shared, **context}, status=status)


def _filter(typed: str) -> str:
    return typed if typed in words.filters() else ""


def _key(typed: str) -> int | None:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 19 else None
