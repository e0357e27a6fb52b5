"""Administrators, under Wagtail: who works here, with which roles."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import actions, policies
from accounts.errors import AccountRuleBroken
from accounts.forms import GrantForm, InviteForm

PER_PAGE = 50
View = Callable[..., HttpResponse]


def administrator_door(view: View) -> View:
    """Others, editors included, meet a 404."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not policies.may_keep_people(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@administrator_door
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    words = request.GET.get("q", "").strip()
    found = policies.people_kept_by(request.user).prefetch_related("roles__service", "roles__office")
    if words:
        found = found.filter(Q(name__icontains=words) | Q(email__icontains=words))
    page = Paginator(found.order_by("name", "pk"), PER_PAGE).get_page(request.GET.get("p"))
    return render(request, "accounts/admin/people.html", {"page": page, "words": words})


@administrator_door
def invite(request: HttpRequest) -> HttpResponse:
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            person = actions.invite(**form.cleaned_data, by=request.user)
        except AccountRuleBroken as error:
            form.add_error("email", str(error))
        else:
            messages.success(request, _("The invitation is on its way."))
            return redirect("accounts_person", person.pk)
    return render(request, "accounts/admin/invite.html", {"form": form})


@administrator_door
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One person; a POST grants a role."""
    kept = get_object_or_404(policies.people_kept_by(request.user), pk=pk)
    form = GrantForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.grant(kept, **form.cleaned_data, by=request.user)
        except AccountRuleBroken as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The role is given."))
            return redirect("accounts_person", kept.pk)
    context = {
        "kept": kept,
        "form": form,
        "roles": policies.roles_of(kept),
        "has_second_factor": policies.has_second_factor(kept),
    }
    return render(request, "accounts/admin/person.html", context)


@administrator_door
@require_POST
def revoke(request: HttpRequest, pk: int, role: int) -> HttpResponse:
    kept = get_object_or_404(policies.people_kept_by(request.user), pk=pk)
    actions.revoke(get_object_or_404(policies.roles_of(kept), pk=role), by=request.user)
    messages.success(request, _("The role is withdrawn."))
    return redirect("accounts_person", kept.pk)


ACTS: dict[str, Callable[..., None]] = {
    "suspendre": lambda user, by: actions.set_active(user, is_active=False, by=by),
    "restaurer": lambda user, by: actions.set_active(user, is_active=True, by=by),
    "second-facteur": lambda user, by: actions.reset_second_factor(user, by=by),
    "organisation": lambda user, by: actions.verify_organisation(user, by=by),
}


@administrator_door
@require_POST
def act(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """One of the acts that need nothing but the person."""
    kept = get_object_or_404(policies.people_kept_by(request.user), pk=pk)
    if name not in ACTS:
        raise Http404
    ACTS[name](kept, by=request.user)
    messages.success(request, _("Done."))
    return redirect("accounts_person", kept.pk)
