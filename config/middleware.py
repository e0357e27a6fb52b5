"""Small policies that hold for every address."""

from collections.abc import Callable, Iterator

from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from wagtail.admin import messages

from consult.errors import SameMailbox, Unpublishable
from consult.views.refusing import refused


class ContentSecurityPolicyMiddleware(CSPMiddleware):
    """The strict policy everywhere, ``ADMIN_CONTENT_SECURITY_POLICY`` under ``/admin/`` only."""

    def get_policy_parts(self, request: HttpRequest, response: HttpResponse, report_only: bool = False) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if request.path_info.startswith("/admin/"):
            parts.config = settings.ADMIN_CONTENT_SECURITY_POLICY
        return parts


class RubbishMiddleware:
    """Answer 400 to what PostgreSQL cannot hold (NUL, lone surrogates) before any view meets it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        values = [request.path_info, *_texts(request.GET)]
        if request.method == "POST":
            values += _texts(request.POST)
        if any(_is_rubbish(value) for value in values):
            raise BadRequest("A character that no text may hold.")
        return self.get_response(request)


class ButtonMiddleware:
    """Who opens by its address what only a button opens reads why: browsers show nothing of an empty answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 405 or request.method != "GET" or getattr(response, "content", b"-"):
            return response
        told = render(request, "405.html", status=405)
        told["Allow"] = response["Allow"]
        return told


class BrokenRuleMiddleware:
    """Two rules are told whatever the door: whose mailbox already takes part, and what may not be public yet."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, SameMailbox):
            return refused(request, error, back=reverse("account_logout"))
        if isinstance(error, Unpublishable):
            return _unpublishable(request, error)
        return None


def _unpublishable(request: HttpRequest, error: Unpublishable) -> HttpResponse:
    """Whoever approves or publishes in Wagtail what may not be public reads what is missing, on the page's form."""
    messages.error(request, str(error))
    key = request.resolver_match.kwargs.get("page_id") if request.resolver_match else None
    back = reverse("wagtailadmin_pages:edit", args=[key]) if key else reverse("wagtailadmin_home")
    if request.headers.get("x-requested-with") == "XMLHttpRequest":  # a window over the page goes where it is told
        return JsonResponse({"step": "success", "redirect": back})
    return redirect(back)


def _texts(query: QueryDict) -> Iterator[str]:
    for key, values in query.lists():
        yield key
        yield from values


def _is_rubbish(value: str) -> bool:
    return "\x00" in value or any("\ud800" <= character <= "\udfff" for character in value)
