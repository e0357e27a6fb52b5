"""The display switch of the footer, for those without scripts."""

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pages import display


@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Keep ``choice`` and go back to ``next``, a page of this site, or home."""
    choice = request.POST.get("choice", "")
    if choice not in display.CHOICES:
        return HttpResponseBadRequest(_("This display does not exist."))
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = "/"
    response = HttpResponseRedirect(back)
    display.keep(response, choice)
    return response
