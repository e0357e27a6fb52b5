"""What stands below a consultation, for programs: meetings, questionnaires, panels drawn by lot. Nothing personal."""

from datetime import date, datetime
from typing import Annotated, Any

from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language, gettext_noop
from ninja import Path, Router, Schema

from consult import gatherings, policies, public, survey_exports, survey_results, texts
from consult.models import Draw, MeetingPage, PanelPage, SurveyPage
from consult.public import Asked

router = Router()
Slug = Annotated[str, Path(max_length=120, pattern=r"^[-\w]+$")]


class MeetingOut(Schema):
    """``propositions``: numbers of what was said there and keyed in. ``cancelled_reason``: "" for those that stand."""

    slug: str
    title: str
    kind: str
    starts_at: datetime
    ends_at: datetime
    place: str
    address: str
    seats: int | None
    minutes: str
    cancelled_reason: str
    propositions: list[int]
    url: str


class SurveyOut(Schema):
    """``responses`` is null while results are hidden, or under five of them; tables are then not given either."""

    slug: str
    title: str
    hidden_until: datetime | None
    responses: int | None
    tables: list[str]
    url: str


class PanelOut(Schema):
    """``quotas``: criterion → answer → [at least, at most]; ``draw`` is null until the list is frozen."""

    slug: str
    title: str
    size: int
    closes_at: datetime
    seed_source: str
    seed_at: datetime
    erased_on: date
    cancelled_reason: str
    draw: dict[str, Any] | None
    url: str


@router.get(
    "/consultations/{slug}/meetings", response=list[MeetingOut], summary=gettext_noop("Its meetings, in their order")
)
def meetings(request: HttpRequest, slug: Slug) -> list[dict[str, Any]]:
    asked = _asked_of(slug)
    found = list(gatherings.meetings_to_read(asked.consultation))
    said = gatherings.numbers_said(found)
    return [_meeting(one, asked, said.get(one.pk, [])) for one in found]


@router.get(
    "/consultations/{slug}/surveys",
    response=list[SurveyOut],
    summary=gettext_noop("Its questionnaires, and where the tables of their results are"),
)
def surveys(request: HttpRequest, slug: Slug) -> list[dict[str, Any]]:
    asked = _asked_of(slug)
    found = list(gatherings.surveys_to_read(asked.consultation))
    counts = gatherings.responses_by_survey(found)
    return [_survey(one, asked, counts.get(one.pk, 0)) for one in found]


@router.get(
    "/consultations/{slug}/panels",
    response=list[PanelOut],
    summary=gettext_noop("Its panels drawn by lot: rules, fingerprint of the list, number that decided, who was drawn"),
)
def panels(request: HttpRequest, slug: Slug) -> list[dict[str, Any]]:
    asked = _asked_of(slug)
    return [
        _panel(one, asked, getattr(one, "draw", None))
        for one in gatherings.panels_to_read(asked.consultation).select_related("draw")
    ]


def _asked_of(slug: str) -> Asked:
    found = get_object_or_404(policies.consultations_to_read_now(), page__slug=slug)
    return public.read(found, language=get_language() or "")


def _url(asked: Asked, kind: str, slug: str) -> str:
    return f"{settings.BASE_URL}/consultations/{asked.consultation.page.slug}/{kind}/{slug}/"


def _meeting(one: MeetingPage, asked: Asked, numbers: list[int]) -> dict[str, Any]:
    names = ("slug", "title", "kind", "starts_at", "ends_at", "place", "address", "cancelled_reason")
    told = {name: getattr(one, name) for name in names}
    return told | {
        "seats": one.capacity,
        "minutes": texts.unmarked(one.minutes),
        "propositions": numbers,
        "url": _url(asked, "rencontres", one.slug),
    }


def _survey(one: SurveyPage, asked: Asked, count: int) -> dict[str, Any]:
    hidden, url = survey_results.told_from(one, asked), _url(asked, "questionnaires", one.slug)
    is_told = hidden is None and count >= survey_results.FEW
    return {
        "slug": one.slug,
        "title": one.title,
        "hidden_until": hidden,
        "responses": count if is_told else None,
        "tables": [f"{url}donnees/{name}.json" for name in survey_exports.TABLES] if is_told else [],
        "url": url,
    }


def _panel(one: PanelPage, asked: Asked, draw: Draw | None) -> dict[str, Any]:
    names = ("slug", "title", "size", "closes_at", "seed_source", "seed_at", "cancelled_reason")
    told = {name: getattr(one, name) for name in names}
    return told | {
        "erased_on": one.keeps_until,
        "draw": gatherings.draw_told(draw) if draw else None,
        "url": _url(asked, "tirages", one.slug),
    }
