"""Editors, under Wagtail: the voter roll that a town brings, read before it is kept."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import override
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from consult.budgets import eligibility, policies, rolls
from consult.budgets.actions import roll_files
from consult.budgets.choices import BudgetPhaseKind, Requirement, RollBy
from consult.budgets.errors import RollFileWrong
from consult.budgets.forms.rolls import RollForm
from consult.budgets.models import Budget, RollPreview
from consult.choices import Level
from consult.errors import RuleBroken
from consult.views.page_words import figure


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def roll(request: HttpRequest, pk: int) -> HttpResponse:
    """``act``: bring what was read, or give it up; else a file is read, and told in figures."""
    budget = get_object_or_404(policies.budgets_run_by(request.user), pk=pk)
    act = request.POST.get("act", "")
    if act == "bring":
        return _bring(request, budget)
    if act == "give_up":
        roll_files.give_up(budget)
        return redirect("budgets_roll", budget.pk)
    form = RollForm(request.POST, request.FILES) if request.method == "POST" else RollForm()
    if request.method == "POST" and form.is_valid() and _read(request, budget, form):
        return redirect("budgets_roll", budget.pk)
    return _page(request, budget, form)


def _read(request: HttpRequest, budget: Budget, form: RollForm) -> bool:
    try:
        roll_files.read(budget, form.cleaned_data["file"].read(), by=request.user)
    except RollFileWrong:
        form.add_error(
            "file",
            _(
                "The first line does not name the columns. They are: name, given name and date of birth;"
                " or number and date of birth."
            ),
        )
    except RuleBroken as refused:
        form.add_error("file", str(refused))
    return not form.errors


def _bring(request: HttpRequest, budget: Budget) -> HttpResponse:
    preview = roll_files.found(budget)
    if preview is None:
        messages.error(request, _("What was read is no longer there: bring the file again."))
        return redirect("budgets_roll", budget.pk)
    try:
        people = roll_files.bring(preview, by=request.user)
    except RuleBroken as refused:
        messages.error(request, str(refused))
    else:
        said = ngettext("%(n)s person of the file is on the roll.", "%(n)s people of the file are on the roll.", people)
        messages.success(request, said % {"n": figure(people)})
    return redirect("budgets_roll", budget.pk)


def _page(request: HttpRequest, budget: Budget, form: RollForm) -> HttpResponse:
    preview, on_roll = roll_files.found(budget), policies.on_roll(budget)
    context: dict[str, Any] = {
        "budget": budget,
        "page": budget.page,
        "form": form,
        "is_asked": _is_asked(budget),
        "on_roll": on_roll,
        "on_roll_said": figure(on_roll),
        "preview": preview,
        **(_told(preview) if preview else {}),
        "wrong": [(line, rolls.WRONG[why]) for line, why in preview.wrong] if preview else [],
    }
    with override(budget.page.zone):
        return render(request, "budgets/admin/roll.html", context, status=422 if form.errors else 200)


def _told(preview: RollPreview) -> dict[str, Any]:
    """What bringing the file would do, line by line."""
    told, is_by_number = roll_files.told(preview), preview.named_by == RollBy.NUMBER
    names = _("People in the file, by names and date of birth")
    rows = (
        (_("People in the file, by number and date of birth") if is_by_number else names, told.people),
        (_("New on the roll"), told.new),
        (_("Already on the roll: they stay"), told.known),
        (_("On the roll and not in the file: they stay"), told.others),
        (_("Lines that repeat another person: counted once"), preview.twice),
        (_("Lines that cannot be read: left out"), preview.wrong_lines),
    )
    said = [(label, figure(many)) for label, many in rows]
    return {"told": said, "people": told.people, "people_said": figure(told.people)}


def _is_asked(budget: Budget) -> bool:
    """Whether a place on the roll is a condition of this ballot."""
    ballot = policies.phase_of(budget, BudgetPhaseKind.BALLOT)
    is_listed = ballot is not None and ballot.level == Level.LISTED
    return is_listed or eligibility.asks(eligibility.asked_of(budget), Requirement.ROLL)
