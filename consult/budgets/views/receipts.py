"""« Mon bulletin est-il dans l'urne ? »: the code of a receipt, typed after closing."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from consult.budgets import receipts
from consult.budgets.forms.registering import ReceiptForm
from consult.budgets.papers import sheet
from consult.budgets.views import ballot_words as words
from consult.budgets.views.voter import voter


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def receipt(request: HttpRequest, slug: str) -> HttpResponse:
    """Before closing it says from when. Nothing of what is typed is kept."""
    seen = voter(request, slug)
    budget = seen.shared.budget
    form = ReceiptForm(request.POST or None)
    found, is_asked = None, False
    if request.method == "POST" and budget.sealed_at and form.is_valid():
        found, is_asked = receipts.check(form.cleaned_data["code"], budget), True
    context = {
        "page": seen.shared.page,
        "crumbs": words.crumbs(seen, _("Is my ballot in the box?")),
        "form": form,
        "is_sealed": budget.sealed_at is not None,
        "is_asked": is_asked,
        "found": found,
        "lines": words.lines_of(sheet(budget, found.envelope), found.choices) if found else [],
    }
    return render(request, "budgets/ballot/receipt.html", context)
