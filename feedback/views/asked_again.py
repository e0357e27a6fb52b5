"""« Ce qu’on vous redemande », for everybody: the documents that services ask for though others issue them."""

from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from feedback.exports import table_of_asked_again
from feedback.figures import FEW
from feedback.radar import published
from feedback.views import public_words
from feedback.views.owner_exports import sent
from pages.dates import long_date


@require_safe
def asked_again(request: HttpRequest) -> HttpResponse:
    """Who asks, how many fiches say so, what was decided."""
    found = published.asked_again()
    shown = [(one, [public_words.row(said) for said in one.said]) for one in found]
    context = {
        "facts": _facts(found),
        "documents": shown,
        "decided": [(one, rows) for one, rows in shown if rows],
        "few": FEW,
        "today": timezone.localdate(),
    }
    return render(request, "feedback/public/asked_again.html", context)


@require_safe
def table(request: HttpRequest) -> StreamingHttpResponse:
    """The same figures, for spreadsheets and programs (``?separateur=virgule``)."""
    return sent(request, table_of_asked_again(published.asked_again(), on=timezone.localdate()), _("asked-again"))


def _facts(found: list[published.AskedAgain]) -> list[dict[str, Any]]:
    """The band of figures: out of what each was counted, and when."""
    services = {cell.service.pk for one in found for cell in one.cells}
    counted = public_words.count(sum(one.at_least for one in found))
    exact = all(one.is_exact for one in found)
    fiches = counted if exact else _("at least %(count)s") % {"count": counted}
    on = _("counted on %(day)s") % {"day": long_date(timezone.localdate())}
    return [
        {"label": pgettext("figures", "Documents asked again"), "value": len(found), "note": on},
        {"label": pgettext("figures", "Services that ask for them"), "value": len(services), "note": ""},
        {"label": pgettext("figures", "Times a fiche says so"), "value": fiches, "note": ""},
    ]
