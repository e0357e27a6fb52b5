"""Tables that a service owner takes away. Asked by a button, not by a link: each leaves a line in the journal."""

from django.http import HttpRequest, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from feedback import policies
from feedback.actions import exporting
from feedback.board import passages as board_passages
from feedback.board import rows
from feedback.exports import Table
from feedback.views.doors import staff_door
from feedback.views.owner import chosen_on_the_board

# What a spreadsheet expects where the decimal sign is a comma; ``?separateur=virgule`` for programs.
SEPARATORS = {"virgule": ",", "point-virgule": ";"}


@staff_door
@require_POST
def board(request: HttpRequest) -> StreamingHttpResponse:
    """The pain points that the board shows with these filters, all pages."""
    view, chosen = chosen_on_the_board(request)
    names = [view, *dict.fromkeys(one.name for one in chosen.on())]
    found = rows.ordered(chosen.qs, chosen.order)
    return sent(request, exporting.export_pain_points(found, filters=names, by=request.user), _("pain-points"))


@staff_door
@require_POST
def passages(request: HttpRequest, number: int) -> StreamingHttpResponse:
    """The passages of one pain point, masked, in the order of its page."""
    shown = get_object_or_404(policies.pain_points_to_see(request.user), number=number)
    order = request.GET.get("order", "")
    order = order if order in board_passages.ORDERS else "typical"
    table = exporting.export_passages(shown, order=order, by=request.user)
    return sent(request, table, _("pain-point-%(number)d") % {"number": number})


def sent(request: HttpRequest, table: Table, name: str) -> StreamingHttpResponse:
    usual = ";" if get_language() == "fr" else ","
    separator = SEPARATORS.get(request.GET.get("separateur", ""), usual)
    response = StreamingHttpResponse(table.lines(separator=separator), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}-{timezone.localdate():%Y-%m-%d}.csv"'
    return response
