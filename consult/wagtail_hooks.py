"""What happens around a consultation in Wagtail: copied as a template, never deleted once people wrote in it."""

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

from consult import checklist, citing, gatherings, policies
from consult.actions import publishing
from consult.errors import CitesTheUnknown, NotReady
from consult.models import ConsultationPage, SynthesisPage
from consult.views import administration, administration_imports

TAKES_DOWN = "delete"


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern]:
    return [path("consultations/<int:pk>/liste/", administration.people_list, name="consult_list")]


@hooks.register("register_page_header_buttons")
def list_button(page: Page, user: Any, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    """From the page of a consultation to the people whom its list names."""
    if page.specific_class is ConsultationPage and policies.may_decide(user):
        consultation = policies.consultation_of(page.specific_deferred)
        if consultation.pk:
            url = reverse("consult_list", args=[consultation.pk])
            yield Button(_("List of people"), url, icon_name="group", priority=60)


@hooks.register("after_copy_page")
def copied_as_a_template(request: HttpRequest, page: Page, new_page: Page) -> None:
    """The copy is a draft, its dates some weeks later."""
    copy = new_page.specific
    if isinstance(copy, ConsultationPage) and not copy.alias_of_id:
        weeks = publishing.make_template(copy, by=request.user)
        messages.warning(request, _told(weeks))


def _told(weeks: int) -> str:
    if not weeks:
        return _("The copy is a draft. Its dates are those of the consultation you copied: check them.")
    return ngettext(
        "The copy is a draft. Its dates are %(n)d week later: check them, and the sentences that tell dates.",
        "The copy is a draft. Its dates are %(n)d weeks later: check them, and the sentences that tell dates.",
        weeks,
    ) % {"n": weeks}


@hooks.register("before_delete_page")
def keep_what_people_wrote(request: HttpRequest, page: Page) -> HttpResponse | None:
    """A consultation in which people wrote is taken down, not deleted; an empty one leaves nothing behind."""
    return _refusal(request, [page]) or _forget(request, [page])


@hooks.register("before_bulk_action")
def judge_several(request: HttpRequest, action_type: str, objects: Iterable[Page], action: Any) -> HttpResponse | None:
    """The same rules when several pages are published or deleted at once."""
    pages = [page for page in objects if isinstance(page, Page)]
    if action_type == TAKES_DOWN:
        return _refusal(request, pages) or _forget(request, pages)
    if action_type == "publish":
        return _not_ready(request, pages)
    return None


def _refusal(request: HttpRequest, pages: list[Page]) -> HttpResponse | None:
    if not (
        policies.written_in(pages).exists() or policies.stated_in(pages).exists() or gatherings.taken_part_below(pages)
    ):
        return None
    messages.error(request, _("People wrote in this consultation: it can be unpublished, not deleted."))
    return redirect("wagtailadmin_explore", pages[0].get_parent().pk)


def _forget(request: HttpRequest, pages: list[Page]) -> None:
    if request.method == "POST":
        publishing.forget(policies.consultations_under(pages))


def _not_ready(request: HttpRequest, pages: list[Page]) -> HttpResponse | None:
    for page in pages:
        draft = page.specific_class is ConsultationPage and page.get_latest_revision_as_object()
        missing = checklist.missing(draft) if draft and not draft.is_translation else []
        if missing:
            said = NotReady([str(point.words) for point in missing])
            messages.error(request, f"{draft.title} — {said}")
            return redirect("wagtailadmin_pages:edit", page.pk)
    return None


@hooks.register("after_create_page")
@hooks.register("after_edit_page")
def tell_what_is_not_there(request: HttpRequest, page: Page) -> None:
    """A draft of a synthesis may cite what nobody may read: its editor knows it at once."""
    written = page.specific
    if isinstance(written, SynthesisPage):
        draft = written.get_latest_revision_as_object()
        if wrong := citing.missing(draft, policies.consultation_above(written)):
            messages.warning(request, str(CitesTheUnknown(wrong)))


@hooks.register("register_admin_urls")
def import_urls() -> list[URLPattern]:
    at = "consultations/<int:pk>/importer/"
    return [
        path(at, administration_imports.imports, name="consult_imports"),
        path(f"{at}<int:brought>/", administration_imports.one, name="consult_import"),
    ]


@hooks.register("register_page_header_buttons")
def import_button(page: Page, user: Any, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    """From the page of a consultation to what is brought from other platforms."""
    if page.specific_class is ConsultationPage and policies.may_decide(user):
        consultation = policies.consultation_of(page.specific_deferred)
        if consultation.pk:
            url = reverse("consult_imports", args=[consultation.pk])
            yield Button(_("Import contributions"), url, icon_name="upload", priority=65)


@hooks.register("register_page_header_buttons")
def to_what_is_decided(page: Page, user: Any, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    """From the page of a consultation to its propositions, its decisions, its mergings and its themes."""
    if page.specific_class is ConsultationPage and page.live and policies.may_decide(user):
        url = reverse("consult:deciding", args=[page.slug])
        yield Button(_("What is decided"), url, icon_name="clipboard-list", priority=5)
