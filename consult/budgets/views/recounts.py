"""Counting again, for everybody: the anonymous ballots, the rules, the outcome, and a program of Python alone."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from consult.budgets import exports, results
from consult.budgets.public import Shared
from consult.budgets.results import Result
from consult.budgets.views import archives, result_words
from consult.budgets.views.opened import shared_or_404
from consult.budgets.views.results import around, result_of, tabs
from consult.count_words import listed
from pages.dates import long_date


@require_safe
def recount(request: HttpRequest, slug: str) -> HttpResponse:
    """404 before the result is public."""
    shared, found = _found(slug)
    with timezone.override(shared.page.zone):
        context = around(shared) | {
            "crumbs": [
                {"label": shared.page.title, "url": shared.page.get_absolute_url()},
                {"label": _("Results"), "url": reverse("budgets:results", args=[shared.slug])},
                {"label": _("Check")},
            ],
            "tabs": tabs(shared, "recount"),
            "is_alone": len(found) == 1,
            "frozen": shared.budget.regulation.hash,
            "envelopes": [_envelope(shared, one) for one in found],
            "archive": archives.link(shared),
        }
        return render(request, "budgets/results/recount.html", context)


@require_safe
def file(request: HttpRequest, slug: str, pk: int, name: str) -> HttpResponse:
    """``pk``: of the envelope."""
    _shared, found = _found(slug)
    result = result_of(found, pk)
    if result is None or name not in exports.FILES:
        raise Http404
    made = exports.file(result.count, name)
    return _sent(made.content, name, made.content_type)


@require_safe
def script(request: HttpRequest, slug: str, script: str) -> HttpResponse:
    _found(slug)
    name = f"{script}.py"
    if name not in exports.SCRIPTS:
        raise Http404
    return _sent(exports.script(name), name, "text/x-python; charset=utf-8")


def _found(slug: str) -> tuple[Shared, list[Result]]:
    shared = shared_or_404(slug)
    found = results.official(shared.budget)
    if not found:
        raise Http404
    return shared, found


def _sent(content: bytes, name: str, content_type: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _envelope(shared: Shared, result: Result) -> dict[str, Any]:
    count = result.count
    name = exports.script_of(count)
    words = {
        exports.PB: _("Anonymous ballots, in the format of Pabulib"),
        "bulletins.csv": _("The same ballots, for a spreadsheet"),
        "reglement.json": _("The rules they were counted by"),
        "resultat.json": _("The outcome, round by round, with a reason for each project"),
        "recepisses.txt": _("The receipts of all ballots cast online"),
    }
    return {
        "title": result.envelope.title,
        "files": [
            {
                "name": file,
                "label": label,
                "url": reverse("budgets:recount_file", args=[shared.slug, count.envelope_id, file]),
            }
            for file, label in words.items()
        ],
        "script": {
            "name": name,
            "url": reverse("budgets:recount_script", args=[shared.slug, name.removesuffix(".py")]),
        },
        "size": filesizeformat(len(exports.script(name))),
        "command": f"python3 {name} bulletins.pb reglement.json resultat.json",
        "hashes": [
            [_("Ballots"), count.input_hash],
            [_("Rules"), count.regulation_hash],
            [_("Outcome"), count.outcome_hash],
        ],
        "short": result_words.short_hash(count.outcome_hash),
        "kernel": count.outcome["kernel_version"],
        "signed": _("Signed on %(day)s by %(who)s.") % {"day": long_date(count.signed_at), "who": count.signatory},
        "drawing": result.drawing,
        "drawn": listed(result.drawing.numbers) if result.drawing else "",
        "steps": count.outcome["steps"],
    }
