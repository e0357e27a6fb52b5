"""What happens around a budget in Wagtail: copied as a template, its regulation written, never deleted once used."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.widgets import Button
from wagtail.models import Page

from consult.budgets import checklist, policies
from consult.budgets.actions import publishing
from consult.budgets.errors import BudgetNotReady, PromiseBroken
from consult.budgets.models import BudgetPage
from consult.budgets.views import administration, administration_roll
from consult.errors import Unpublishable


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern]:
    return [
        path("budgets/<int:pk>/reglement/", administration.regulation, name="budgets_regulation"),
        path("budgets/<int:pk>/essai/", administration.dry_run, name="budgets_dry_run"),
        path("budgets/<int:pk>/figer/", administration.freeze, name="budgets_freezing"),
        path("budgets/<int:pk>/prolonger/", administration.prolong, name="budgets_prolong"),
        path("budgets/<int:pk>/liste/", administration_roll.roll, name="budgets_roll"),
    ]


@hooks.register("register_page_header_buttons")
def regulation_buttons(page: Page, user: Any, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    """From the page of a budget to its regulation, and to its freezing."""
    if page.specific_class is not BudgetPage or not policies.may_run(user):
        return
    budget = policies.budget_of(page.specific_deferred)
    if budget.pk:
        yield Button(
            _("Regulation of the ballot"),
            reverse("budgets_regulation", args=[budget.pk]),
            icon_name="list-ol",
            priority=5,
        )
        yield Button(
            _("Freeze the regulation"), reverse("budgets_freezing", args=[budget.pk]), icon_name="lock", priority=6
        )
        yield Button(_("Voter roll"), reverse("budgets_roll", args=[budget.pk]), icon_name="group", priority=6)
        counting = reverse("budgets:counting", args=[budget.page.slug])
        yield Button(_("Count the ballots"), counting, icon_name="check", priority=7)


@hooks.register("after_copy_page")
def copied_as_a_template(request: HttpRequest, page: Page, new_page: Page) -> None:
    """The copy is a draft, its dates some weeks later."""
    copy = new_page.specific
    if isinstance(copy, BudgetPage) and not copy.alias_of_id:
        messages.warning(request, _told(publishing.make_template(copy, by=request.user)))


def _told(weeks: int) -> str:
    if not weeks:
        return _("The copy is a draft. Its dates are those of the budget you copied: check them.")
    return ngettext(
        "The copy is a draft. Its dates are %(n)d week later: check them.",
        "The copy is a draft. Its dates are %(n)d weeks later: check them.",
        weeks,
    ) % {"n": weeks}


@hooks.register("before_delete_page")
def keep_what_people_wrote(request: HttpRequest, page: Page) -> HttpResponse | None:
    """A budget in which people wrote is taken down, not deleted; an empty one leaves nothing behind."""
    return _refusal(request, [page]) or _forget(request, [page])


@hooks.register("before_bulk_action")
def judge_several(request: HttpRequest, action_type: str, objects: Iterable[Page], action: Any) -> HttpResponse | None:
    """The same rules when several pages are published or deleted at once."""
    pages = [page for page in objects if isinstance(page, Page)]
    if action_type == "delete":
        return _refusal(request, pages) or _forget(request, pages)
    if action_type == "publish":
        return _not_ready(request, pages)
    return None


def _refusal(request: HttpRequest, pages: list[Page]) -> HttpResponse | None:
    if not policies.written_in(pages).exists():
        return None
    messages.error(request, _("People wrote in this budget, or it was frozen: it can be unpublished, not deleted."))
    return redirect("wagtailadmin_explore", pages[0].get_parent().pk)


def _forget(request: HttpRequest, pages: list[Page]) -> None:
    if request.method == "POST":
        publishing.forget(policies.budgets_under(pages))


def _not_ready(request: HttpRequest, pages: list[Page]) -> HttpResponse | None:
    for page in pages:
        draft = page.specific_class is BudgetPage and page.get_latest_revision_as_object()
        said = _why_not(request, draft) if draft and not draft.is_translation else None
        if said:
            messages.error(request, f"{draft.title} — {said}")
            return redirect("wagtailadmin_pages:edit", page.pk)
    return None


def _why_not(request: HttpRequest, draft: BudgetPage) -> Unpublishable | None:
    """Wagtail would refuse it without a word; what breaks a promise is kept in the journal."""
    if missing := checklist.missing(draft):
        return BudgetNotReady([str(point.words) for point in missing])
    budget = policies.budget_of(draft)
    told = publishing.broken_by(budget, draft) if budget.pk else {}
    if told:
        publishing.refuse(budget, list(told), by=request.user)
    return PromiseBroken(told) if told else None
