"""The same doors for programs: what anybody may read of a consultation, and what looks like a text being written.

No rule stands here: objects come through the policies of the pages, and votes are hidden as they are there. Nothing is
sorted by votes: an order would tell what a section hides.
"""

from collections import defaultdict
from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language, gettext_noop
from ninja import Path, Query, Router

from consult import policies, public, results
from consult.api import gatherings, shapes
from consult.models import Argument, Consultation, Proposition, Reply
from consult.public import Asked
from consult.similar import similar as looks_like
from pages.cursors import Page, page_of

router = Router()
router.add_router("", gatherings.router)

MOST = 2**31
Cursor = Annotated[str, Query(max_length=200, description=gettext_noop("Where the former page ended, as it said."))]
Limit = Annotated[int, Query(ge=1, le=100, description=gettext_noop("How many at most."))]
Slug = Annotated[str, Path(max_length=120, pattern=r"^[-\w]+$")]


@router.get(
    "/consultations", response=Page[shapes.ConsultationOut], summary=gettext_noop("The consultations, the newest first")
)
def consultations(request: HttpRequest, cursor: Cursor = "", limit: Limit = 50) -> dict[str, Any]:
    found = policies.consultations_to_read_now().select_related("page__locale", "page__administration")
    found = found.prefetch_related("page__phases", "page__sections")
    page = page_of(found, lambda one: one, by="-pk", cursor=cursor, limit=limit)
    pages = _in_the_readers_language(page["items"])
    asked = [
        public.asked(one, page=pages.get(one.translation_key, one.page), first=one.page, at=one.read_at)
        for one in page["items"]
    ]
    return page | {"items": [shapes.consultation(one) for one in asked]}


def _in_the_readers_language(rows: list[Consultation]) -> dict[Any, Any]:
    language = get_language()
    others = [one for one in rows if one.page.locale.language_code != language]
    return {page.translation_key: page for page in policies.pages_in(language, others)} if others else {}


@router.get(
    "/consultations/{slug}",
    response=shapes.ConsultationDetail,
    summary=gettext_noop("One consultation: its phases, its sections, its counts"),
)
def consultation(request: HttpRequest, slug: Slug) -> dict[str, Any]:
    return shapes.consultation_detail(_asked_of(slug))


@router.get(
    "/consultations/{slug}/propositions",
    response=Page[shapes.PropositionOut],
    summary=gettext_noop("The propositions of a consultation, in the order of their numbers"),
)
def propositions(
    request: HttpRequest,
    slug: Slug,
    section: Annotated[int | None, Query(ge=1, lt=MOST)] = None,
    state: Literal["published", "merged", "withdrawn"] | None = None,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> dict[str, Any]:
    asked = _asked_of(slug)
    found = _propositions(asked).defer("search", "body")
    if section:
        found = found.filter(section=section)
    if state:
        found = found.filter(state=state)
    page = page_of(found, lambda one: one, by="number", cursor=cursor, limit=limit)
    verdicts = results.verdicts(page["items"])
    return page | {
        "items": [shapes.proposition(one, asked, verdict=verdicts.get(one.pk)) for one in page["items"]],
    }


@router.get(
    "/consultations/{slug}/propositions/{int:number}",
    response=shapes.PropositionDetail,
    summary=gettext_noop("One proposition: its text, its sources, its files, its counts"),
)
def proposition(request: HttpRequest, slug: Slug, number: int) -> dict[str, Any]:
    asked = _asked_of(slug)
    found = _proposition(asked, number)
    return shapes.proposition_detail(
        found,
        asked,
        verdict=results.verdicts([found]).get(found.pk),
        sources=policies.sources_to_read(found),
        files=policies.attachments_to_read(found),
    )


@router.get(
    "/consultations/{slug}/propositions/{int:number}/arguments",
    response=Page[shapes.ArgumentOut],
    summary=gettext_noop("The arguments on a proposition, in the order of their numbers, with their answers"),
)
def arguments(
    request: HttpRequest,
    slug: Slug,
    number: int,
    side: Literal["for", "against"] | None = None,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> dict[str, Any]:
    asked = _asked_of(slug)
    on = _proposition(asked, number)
    found = policies.arguments_to_read(on).select_related("author", "fold")
    if side:
        found = found.filter(side=side)
    page = page_of(found, lambda one: one, by="number", cursor=cursor, limit=limit)
    replies = _replies(page["items"])
    return page | {
        "items": [shapes.argument(one, on, asked, replies=replies[one.pk]) for one in page["items"]],
    }


def _replies(written: list[Argument]) -> dict[int, list[Reply]]:
    by_argument = defaultdict(list)
    answered = [one.pk for one in written if one.reply_count]
    for reply in policies.replies_to_read().filter(argument__in=answered).select_related("service").order_by("pk"):
        by_argument[reply.argument_id].append(reply)
    return by_argument


@router.post(
    "/consultations/{slug}/propositions/similar",
    response=list[shapes.SimilarOut],
    summary=gettext_noop("What looks like a text that somebody is writing; nothing is kept"),
)
def similar(request: HttpRequest, slug: Slug, payload: shapes.DraftIn) -> list[dict[str, Any]]:
    asked = _asked_of(slug)
    found = looks_like(asked.consultation, title=payload.title, body=payload.body)
    return [shapes.similar(one, asked) for one in found]


def _asked_of(slug: str) -> Asked:
    """The consultation at the database's clock, in the language of the request; 404 while its page is not public."""
    found = get_object_or_404(policies.consultations_to_read_now(), page__slug=slug)
    return public.read(found, language=get_language() or "")


def _propositions(asked: Asked) -> QuerySet[Proposition]:
    rows = policies.propositions_to_read().filter(consultation=asked.consultation)
    return rows.select_related("author", "merged_into")


def _proposition(asked: Asked, number: int) -> Proposition:
    if number >= MOST:
        raise Http404
    return get_object_or_404(_propositions(asked), number=number)
