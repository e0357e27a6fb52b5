"""What every steering page shares: the menu of the agents' header, and how a page is rendered."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

# Addresses are promises of the contract: written, not looked up. The longest one that leads to a page is current.
MENU = (
    (_("Pain points"), "/pilotage/"),
    (_("To sort"), "/pilotage/a-trier/"),
    (pgettext_lazy("menu", "Documents"), "/pilotage/justificatifs/"),
    (_("Answers"), "/pilotage/reponses/"),
    (_("Letters to print"), "/pilotage/courriers/"),
    (_("Import"), "/pilotage/import/"),
)


def show(
    request: HttpRequest, template: str, context: dict[str, Any], *, section: object = "", status: int = 200
) -> HttpResponse:
    """A page of ``base_agent.html``; ``section`` (a service) stands under the name of the administration."""
    under = max((url for _label, url in MENU if request.path.startswith(url)), key=len, default="")
    shared = {
        "agent_entries": [{"label": label, "url": url, "is_current": url == under} for label, url in MENU],
        "agent_section": gettext("Steering, %(service)s") % {"service": section} if section else gettext("Steering"),
        "agent_name": str(request.user),
    }
    return render(request, template, {**shared, **context}, status=status)
