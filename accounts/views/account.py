"""One's own account: what it holds, its name, its copy, its end."""

from urllib.parse import urlencode, urlsplit

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import actions, personal_data, policies
from accounts.forms import RenameForm


@never_cache
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The account; a visitor is led to sign in, and afterwards back to the page this one was opened from."""
    if not request.user.is_authenticated:
        return redirect(reverse("account_login") + _came_from(request))
    context = {
        "roles": policies.roles_of(request.user),
        "work_url": policies.work_url(request.user),
        "has_second_factor": policies.has_second_factor(request.user),
        "is_staff_member": policies.is_staff_member(request.user),
    }
    return render(request, "accounts/home.html", context)


@never_cache
@login_required
def rename(request: HttpRequest) -> HttpResponse:
    form = RenameForm(request.POST or None, initial={"name": request.user.name})
    if request.method == "POST" and form.is_valid():
        actions.rename(request.user, name=form.cleaned_data["name"], by=request.user)
        messages.success(request, _("Your name is changed."))
        return redirect("account_home")
    return render(request, "accounts/rename.html", {"form": form})


@never_cache
@login_required
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """A copy of everything that hangs on this account, as a file."""
    response = JsonResponse(personal_data.copy_of(request.user), json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = 'attachment; filename="mon-compte.json"'
    return response


@never_cache
@login_required
@reauthentication_required
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        actions.close_account(request.user, by=request.user)
        logout(request)
        messages.success(request, _("Your account is closed and your data are erased."))
        return redirect("/")
    return render(request, "accounts/close.html")


def _came_from(request: HttpRequest) -> str:
    """The page of this site that held the link, for the sign-in form to remember."""
    page = urlsplit(request.headers.get("Referer", ""))
    if page.netloc != request.get_host() or page.path.startswith(reverse("account_home")):
        return ""
    return "?" + urlencode({"came_from": page.path})
