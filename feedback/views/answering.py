"""Whoever answers for a service, when they answer: the form, what leaves before it leaves, and what was given."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from feedback import given, letters, policies
from feedback.actions import answer_templates, answering
from feedback.errors import RuleBroken
from feedback.forms.answering import AnswerForm, TemplateForm, outcomes_open_to
from feedback.models import PainPoint
from feedback.views.doors import staff_door
from feedback.views.steering import show

TOGETHER = 50  # pain points answered with the same words


@staff_door
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, number: int) -> HttpResponse:
    """Answer everybody who wrote about one pain point."""
    chosen = policies.pain_points_to_triage(request.user).select_related("service")
    return _answer(request, [get_object_or_404(chosen, number=number)])


@staff_door
@require_http_methods(["GET", "HEAD", "POST"])
def answer_many(request: HttpRequest) -> HttpResponse:
    """The same words to several pain points: ``?irritants=12,58``."""
    numbers = _numbers(request)
    chosen = policies.pain_points_to_triage(request.user).select_related("service").filter(number__in=numbers)
    pain_points = list(chosen.order_by("number"))
    if not pain_points or len(pain_points) != len(numbers):
        raise Http404
    return _answer(request, pain_points)


@staff_door
@require_safe
def answers(request: HttpRequest) -> HttpResponse:
    """The answers given by this person's services: how many heard of them, and whether it is settled."""
    page = _page_number(request)
    rows, total = given.page_of(request.user, page=page)
    if page > 1 and not rows:
        return redirect("feedback:answers")
    context = {
        "rows": rows,
        "total": total,
        "waiting": policies.letters_to_print(request.user).count(),
        "previous_url": f"?page={page - 1}" if page > 1 else "",
        "next_url": f"?page={page + 1}" if page * given.ROWS_A_PAGE < total else "",
    }
    return show(request, "feedback/answering/answers.html", context)


@staff_door
@require_http_methods(["GET", "HEAD", "POST"])
def templates(request: HttpRequest) -> HttpResponse:
    """Words kept to be used again; to keep some, the form at the bottom."""
    form = TemplateForm(request.POST if request.method == "POST" else None, user=request.user)
    if form.is_valid():
        answer_templates.save_template(by=request.user, **form.cleaned_data)
        messages.success(request, _("Template kept."))
        return redirect("feedback:answer_templates")
    kept = policies.answer_templates_of(request.user).select_related("service")
    context = {"form": form, "templates": kept, "for_number": _number(request.GET.get("pour", ""))}
    return show(request, "feedback/answering/templates.html", context, status=422 if form.is_bound else 200)


@staff_door
@require_POST
def delete_template(request: HttpRequest, pk: int) -> HttpResponse:
    template = get_object_or_404(policies.answer_templates_of(request.user), pk=pk)
    answer_templates.delete_template(template, by=request.user)
    messages.success(request, _("Template deleted. The answers given stay."))
    return redirect("feedback:answer_templates")


def _answer(request: HttpRequest, pain_points: Sequence[PainPoint]) -> HttpResponse:
    """The form; then, sent with ``step=preview``, what will leave; then, with ``step=send``, it leaves."""
    if request.method != "POST":
        return _form_page(request, AnswerForm(pain_points=pain_points, initial=_initial(request)), pain_points)
    form = AnswerForm(request.POST, pain_points=pain_points)
    step = request.POST.get("step")
    if not form.is_valid():
        return _form_page(request, form, pain_points, status=422)
    if step == "edit":
        return _form_page(request, form, pain_points)
    if step == "send":
        return _send(request, form, pain_points)
    return _preview(request, form, pain_points)


def _send(request: HttpRequest, form: AnswerForm, pain_points: Sequence[PainPoint]) -> HttpResponse:
    reach = letters.reach_of(answering.fiches_of(pain_points))
    try:
        answering.answer_together(pain_points, by=request.user, **form.said())
    except RuleBroken as broken:
        form.add_error(None, str(broken))
        return _form_page(request, form, pain_points, status=409)
    messages.success(request, _("Answer given."))
    messages.info(request, " ".join(sentences_of(reach)))
    return redirect(pain_points[0] if len(pain_points) == 1 else "feedback:answers")


def _form_page(
    request: HttpRequest, form: AnswerForm, pain_points: Sequence[PainPoint], status: int = 200
) -> HttpResponse:
    context = _context(pain_points) | {
        "form": form,
        "is_open": form.is_bound or bool(outcomes_open_to(pain_points)),
        "answers": pain_points[0].answers.select_related("author").order_by("-pk") if len(pain_points) == 1 else [],
    }
    return show(request, "feedback/answering/answer.html", context, section=pain_points[0].service, status=status)


def _preview(request: HttpRequest, form: AnswerForm, pain_points: Sequence[PainPoint]) -> HttpResponse:
    context = _context(pain_points) | {
        "form": form,
        "said": form.cleaned_data,
        "outcome": dict(form.fields["outcome"].choices)[form.cleaned_data["outcome"]],
    }
    return show(request, "feedback/answering/preview.html", context, section=pain_points[0].service)


def _context(pain_points: Sequence[PainPoint]) -> dict[str, Any]:
    reach = letters.reach_of(answering.fiches_of(pain_points))
    numbers = ",".join(str(one.number) for one in pain_points)
    alone = pain_points[0] if len(pain_points) == 1 else None
    many = f"{reverse('feedback:answer_many')}?irritants={numbers}"
    return {
        "pain_points": pain_points,
        "pain_point": alone,
        "reach": reach,
        "reached": sentences_of(reach),
        "action": reverse("feedback:answer", args=[alone.number]) if alone else many,
        "back_url": alone.get_absolute_url() if alone else reverse("feedback:board"),
    }


def sentences_of(reach: letters.Reach) -> list[str]:
    """Whom an answer reaches, in the words of the mock-up."""
    sentences = []
    if reach.messages:
        sentences.append(
            ngettext("%(n)d person receives a message.", "%(n)d people receive a message.", reach.messages)
            % {"n": reach.messages}
        )
    if reach.papers:
        sentences.append(
            ngettext("%(n)d letter goes to the print tray.", "%(n)d letters go to the print tray.", reach.papers)
            % {"n": reach.papers}
        )
    if reach.pages:
        sentences.append(
            ngettext(
                "%(n)d author left no address: they read the answer with their number.",
                "%(n)d authors left no address: they read the answer with their number.",
                reach.pages,
            )
            % {"n": reach.pages}
        )
    return sentences or [_("No fiche is attached: nobody receives this answer.")]


def _initial(request: HttpRequest) -> dict[str, Any]:
    """What the address asks to fill in: a template of this person's services, or the outcome chosen on the board."""
    initial = {"outcome": request.GET.get("outcome", "")}
    key = _number(request.GET.get("modele", ""))
    template = policies.answer_templates_of(request.user).filter(pk=key).first() if key else None
    if template:
        initial |= {"changes": template.changes, "does_not_change": template.does_not_change}
    return initial


def _numbers(request: HttpRequest) -> set[int]:
    typed = ",".join(request.GET.getlist("irritants")).split(",")[:TOGETHER]
    return {number for one in typed if (number := _number(one))}


def _number(typed: str) -> int | None:
    typed = typed.strip()
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else None


def _page_number(request: HttpRequest) -> int:
    return max(1, _number(request.GET.get("page", "")) or 1)
