"""The same doors for programs: what anybody may read of services and pain points, a fiche to file, a fiche to follow.

No rule stands here: objects come through the policies of the pages, a fiche through the form and the act of the page.
"""

import uuid
from typing import Annotated, Any, Literal

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Header, Path, Query, Router, Status
from ninja.errors import HttpError, ValidationError
from ninja.utils import check_csrf

from directory.models import Service
from feedback import figures, following, intake_text, policies, public, references
from feedback.actions.intake import submit_fiche
from feedback.api import shapes
from feedback.choices import IntakeChannel
from feedback.errors import RuleBroken
from feedback.forms.citizen import FicheForm
from feedback.models import Fiche, PainPoint
from feedback.radar import matrix
from pages.cursors import Page, page_of

router = Router()

_KEYS = uuid.UUID("6f3c2f0a-93f0-4f7e-9b0d-3f1f0b2c7d11")
PUBLIC = Literal["confirmed", "planned", "done", "refused"]
Cursor = Annotated[str, Query(max_length=200, description=gettext_noop("Where the former page ended, as it said."))]
Limit = Annotated[int, Query(ge=1, le=100, description=gettext_noop("How many at most."))]
Slug = Annotated[str, Path(max_length=120, pattern=r"^[-\w]+$")]


class KeyUsed(RuleBroken):
    """The same idempotency key with other words: two programs drew the same one, or one forgot to change it."""

    def __init__(self) -> None:
        super().__init__(_("This key was already used for another fiche. Draw a new one."))


@router.get("/services", response=Page[shapes.ServiceOut], summary=gettext_noop("The services, in order of address"))
def services(request: HttpRequest, cursor: Cursor = "", limit: Limit = 50) -> dict[str, Any]:
    return page_of(policies.services_to_read(), shapes.service, by="slug", cursor=cursor, limit=limit)


@router.get("/services/{slug}", response=shapes.ServiceDetail, summary=gettext_noop("One service, with its figures"))
def service(request: HttpRequest, slug: Slug) -> dict[str, Any]:
    found = get_object_or_404(policies.services_to_read(), slug=slug)
    return shapes.service_detail(found, figures.of_service(found))


@router.get(
    "/pain-points",
    response=Page[shapes.PainPointOut],
    summary=gettext_noop("The public pain points, the newest first"),
)
def pain_points(
    request: HttpRequest,
    service: Annotated[str, Query(max_length=120)] = "",
    state: PUBLIC | None = None,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> dict[str, Any]:
    found = policies.pain_points_public().select_related("service")
    if service:
        found = found.touching(policies.services_to_read().filter(slug=service))
    if state:
        found = found.filter(state=state)
    page = page_of(found, lambda one: one, by="-number", cursor=cursor, limit=limit)
    names = public.theme_names({one.theme_id for one in page["items"] if one.theme_id})
    return page | {"items": [shapes.pain_point(one, names) for one in page["items"]]}


@router.get(
    "/pain-points/{int:number}",
    response=shapes.PainPointDetail,
    summary=gettext_noop("One public pain point: what was said, what was decided"),
)
def pain_point(request: HttpRequest, number: int) -> dict[str, Any] | HttpResponse:
    """A number that was merged leads to the one that took it."""
    if number >= 2**63:
        raise Http404
    if went := public.where_it_went(number):
        return redirect(request.path.removesuffix(str(number)) + str(went.number), permanent=True)
    found: PainPoint = get_object_or_404(public.listed(), number=number)
    (told,) = public.told([found])
    touched = policies.services_to_read().filter(pain_points=found).order_by("name")
    names = public.theme_names([found.theme_id] if found.theme_id else [])
    return shapes.pain_point_detail(told, public.answers_to(found), list(touched), names)


@router.get(
    "/documents/matrix",
    response=shapes.DocumentsMatrix,
    summary=gettext_noop("Supporting documents by services, as fiches name them"),
)
def documents_matrix(
    request: HttpRequest,
    service: Annotated[str, Query(max_length=120)] = "",
    document: Annotated[str, Query(max_length=60)] = "",
) -> dict[str, Any]:
    mentions = policies.mentions_to_count()
    if service:
        mentions = mentions.filter(fiche__service__in=policies.services_to_read().filter(slug=service))
    if document:
        mentions = mentions.filter(document__in=policies.documents_known().filter(key=document))
    return shapes.documents_matrix(matrix.counted(mentions))


@router.post(
    "/services/{slug}/fiches",
    response={201: shapes.FicheReceipt},
    summary=gettext_noop("File a fiche, without an account or with one’s session"),
)
def file_fiche(
    request: HttpRequest,
    response: HttpResponse,
    slug: Slug,
    payload: shapes.FicheIn,
    idempotency_key: Annotated[
        str,
        Header(max_length=200, description=gettext_noop("The same key gives the same fiche.")),
    ] = "",
) -> Status:
    author = _session_author(request)
    chosen = get_object_or_404(policies.services_to_read(), slug=slug)
    key = _key(idempotency_key, chosen, author)
    form = FicheForm(payload.typed(key), service=chosen)
    if not form.is_valid():
        raise ValidationError([{"loc": ["body", name], "msg": said[0]} for name, said in form.errors.items()])
    text = form.cleaned_data["text"]
    fiche = submit_fiche(
        **form.details(), channel=IntakeChannel.API, author=author, language=intake_text.guess_language(text)
    )
    if fiche.original.text != intake_text.tidied(text):
        raise KeyUsed
    response["Location"] = settings.BASE_URL + fiche.get_absolute_url()
    response["Cache-Control"] = "private, no-store"
    return Status(201, shapes.receipt(fiche))


@router.get("/fiches/{reference}", response=shapes.FicheOut, summary=gettext_noop("A fiche, for who holds its key"))
def fiche(
    request: HttpRequest,
    response: HttpResponse,
    reference: Annotated[str, Path(max_length=60)],
    key: Annotated[str, Query(max_length=60, description=gettext_noop("The tracking key of the receipt."))] = "",
) -> dict[str, Any]:
    """The same 404 for a wrong key and for a number that nobody holds."""
    response["Cache-Control"] = "private, no-store"
    return shapes.story(following.story_of(_opened(reference, key)))


def _opened(reference: str, key: str) -> Fiche:
    try:
        found = following.opened_with(reference, key)
    except references.MistypedReference as mistyped:
        raise Http404 from mistyped
    if found is None:
        raise Http404
    return found


def _session_author(request: HttpRequest) -> Any:
    """The signed-in person; then the request must prove that it comes from our pages. None without a session."""
    if not request.user.is_authenticated:
        return None
    if check_csrf(request):
        raise HttpError(403, _("Send the CSRF token with your session, or no session at all."))
    return request.user


def _key(given: str, service: Service, author: Any) -> uuid.UUID:
    """Ours, from theirs: a key is one person's for one service, whatever others draw."""
    owner = author.pk if author else ""
    return uuid.uuid5(_KEYS, f"{service.pk}\x1f{owner}\x1f{given}") if given else uuid.uuid4()
