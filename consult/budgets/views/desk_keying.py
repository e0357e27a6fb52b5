"""Keying a batch, one line a sheet, and settling what two people read differently. One key goes to the next sheet."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from consult.budgets import papers, policies, sheets
from consult.budgets.actions import batches as acts
from consult.budgets.choices import BallotKind, BatchState, SpoiledBecause
from consult.budgets.errors import PaperRefused
from consult.budgets.forms.desk import SettleForm, SheetForm
from consult.budgets.models import PaperBatch, PaperSheet
from consult.budgets.sheets import Reading
from consult.budgets.views.desk import around, desk_or_404
from consult.budgets.views.desk_batches import batch_or_404
from consult.budgets.views.doors import clerks_door
from consult.errors import RuleBroken


@clerks_door
@require_http_methods(["GET", "HEAD", "POST"])
def keying(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """``?feuille=``: a sheet of the reader's own, to correct; ``?vue=``: the one that was just keyed."""
    budget = desk_or_404(slug)
    with timezone.override(budget.page.zone):
        batch = batch_or_404(budget, number)
        paper = papers.sheet(budget, batch.envelope)
        if request.method != "POST":
            return _keying_page(request, batch, paper, _form(request, batch, paper))
        form = SheetForm(request.POST)
        if not form.is_valid():
            return _keying_page(request, batch, paper, form, status=422)
        rank = form.cleaned_data["rank"]
        try:
            acts.key(batch, rank, sheets.read(paper, form.cleaned_data["typed"]), by=request.user)
        except PaperRefused as refused:
            return _keying_page(request, batch, paper, form, reasons=refused.reasons, status=422)
        except RuleBroken as broken:
            return _keying_page(request, batch, paper, form, refused=str(broken), status=409)
        return redirect(f"{reverse('budgets:desk_keying', args=[slug, number])}?vue={rank}")


def _form(request: HttpRequest, batch: PaperBatch, paper: papers.Sheet) -> SheetForm | None:
    """The next sheet, or the one asked for; None when nothing waits for this person."""
    mine = _mine(batch, _asked(request, "feuille"), request.user)
    if mine is not None:
        return SheetForm(initial={"rank": mine.rank, "typed": sheets.typed(paper, Reading.of(mine.first))})
    rank = acts.next_rank(batch, policies.sheets(batch), by=request.user)
    return SheetForm(initial={"rank": rank}) if rank and batch.state == BatchState.OPEN else None


def _asked(request: HttpRequest, name: str) -> int:
    said = request.GET.get(name, "")
    return int(said) if said.isdigit() and len(said) < 6 else 0


def _mine(batch: PaperBatch, rank: int, user: Any) -> PaperSheet | None:
    """A sheet that this person read first, and that nobody else has read yet."""
    return policies.sheets(batch).filter(rank=rank, first_by=user, second__isnull=True).first() if rank else None


def _keying_page(
    request: HttpRequest,
    batch: PaperBatch,
    paper: papers.Sheet,
    form: SheetForm | None,
    *,
    reasons: list[str] | None = None,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    context = _around(request, batch, paper, crumb=_("Key the sheets")) | {
        "form": form,
        "rank": form["rank"].value() if form else 0,
        "last": _last(request, batch, paper),
        "reasons": reasons or [],
        "refused": refused,
    }
    return render(request, "budgets/desk/keying.html", context, status=status)


def _last(request: HttpRequest, batch: PaperBatch, paper: papers.Sheet) -> dict[str, Any] | None:
    """What this person read on the sheet before: never what somebody else read."""
    found = policies.sheets(batch).filter(rank=_asked(request, "vue")).first()
    if found is None or request.user.pk not in (found.first_by_id, found.second_by_id):
        return None
    is_first = found.first_by_id == request.user.pk
    lines = sheets.said(paper, Reading.of(found.first if is_first else found.second))
    return {"rank": found.rank, "lines": lines, "may_correct": is_first and found.second is None}


@clerks_door
@require_http_methods(["GET", "HEAD", "POST"])
def settling(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One difference at a time, both readings side by side."""
    budget = desk_or_404(slug)
    with timezone.override(budget.page.zone):
        batch = batch_or_404(budget, number)
        paper = papers.sheet(budget, batch.envelope)
        if request.method != "POST":
            return _settling_page(request, batch, paper)
        form = SettleForm(request.POST)
        if not form.is_valid():
            return _settling_page(request, batch, paper, form, status=422)
        try:
            said = form.cleaned_data
            reading = _chosen(batch, paper, said)
            acts.settle(batch, said["rank"], reading, together=said["together"], by=request.user)
        except RuleBroken as broken:
            return _settling_page(request, batch, paper, form, refused=str(broken), status=409)
        messages.success(request, _("Sheet %(rank)d is settled.") % {"rank": said["rank"]})
        return redirect("budgets:desk_settling", slug=slug, number=number)


def _chosen(batch: PaperBatch, paper: papers.Sheet, said: dict[str, Any]) -> Reading:
    sheet = policies.sheets(batch).filter(rank=said["rank"]).first()
    if said["choice"] == "other" or sheet is None or sheet.second is None:
        return sheets.read(paper, said["typed"])
    return Reading.of(sheet.first if said["choice"] == "first" else sheet.second)


def _settling_page(
    request: HttpRequest,
    batch: PaperBatch,
    paper: papers.Sheet,
    form: SettleForm | None = None,
    *,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    waiting = [one for one in policies.sheets(batch) if acts.differs(one)]
    sheet = waiting[0] if waiting else None
    readings = []
    if sheet is not None:
        readings = [
            {"by": by or _("a closed account"), "lines": sheets.said(paper, Reading.of(kept))}
            for kept, by in ((sheet.first, sheet.first_by), (sheet.second, sheet.second_by))
        ]
    context = _around(request, batch, paper, crumb=_("Settle the differences")) | {
        "form": form or SettleForm(initial={"rank": sheet.rank if sheet else None}),
        "sheet": sheet,
        "left": len(waiting),
        "readings": readings,
        "is_theirs": sheet is not None and request.user.pk in (sheet.first_by_id, sheet.second_by_id),
        "refused": refused,
    }
    return render(request, "budgets/desk/settling.html", context, status=status)


def _around(request: HttpRequest, batch: PaperBatch, paper: papers.Sheet, *, crumb: str) -> dict[str, Any]:
    context = around(request, batch.budget, crumb=crumb)
    slug = batch.budget.page.slug
    name = _("Batch No. %(number)d") % {"number": batch.number}
    above = {"label": name, "url": reverse("budgets:desk_batch", args=[slug, batch.number])}
    context["crumbs"].insert(-1, above)
    kind = BallotKind(paper.rules.kind)
    return context | {
        "batch": batch,
        "example": _EXAMPLES[kind],
        "how": _HOW[kind](),
        "mentions": list(enumerate(paper.rules.mentions, start=1)) if kind == BallotKind.JUDGMENT else [],
        "projects": sorted(paper.options.values(), key=lambda one: one.number),
        "spoiled": SpoiledBecause.choices,
    }


_EXAMPLES = {
    BallotKind.APPROVAL: "3 7 12",
    BallotKind.KNAPSACK: "3 7 12",
    BallotKind.RANKING: "7 3 12",
    BallotKind.POINTS: "3*5 7*2",
    BallotKind.JUDGMENT: "3*1 7*4",
}
_HOW = {
    BallotKind.APPROVAL: lambda: _("The numbers of the projects ticked, with spaces."),
    BallotKind.KNAPSACK: lambda: _("The numbers of the projects ticked, with spaces."),
    BallotKind.RANKING: lambda: _("The numbers of the projects in their order, the most wanted first."),
    BallotKind.POINTS: lambda: _("The number of each project, a star, its points."),
    BallotKind.JUDGMENT: lambda: _("The number of each project, a star, the number of its mention."),
}
