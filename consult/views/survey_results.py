"""What a questionnaire came to, for everybody: charts with their tables, two questions crossed, texts, open data."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from consult import gatherings, policies, survey_exports, survey_results
from consult.exports import Table
from consult.models import Question, SurveyPage
from consult.public import Asked
from consult.survey_results import FEW
from consult.views import page_words, survey_words
from consult.views.doors import deciders_door
from consult.views.listing import page_number
from consult.views.opened import asked_or_404
from consult.views.results import sent
from consult.views.surveys import survey_or_404

TEXTS_A_PAGE = 30


@require_safe
def results(request: HttpRequest, slug: str, survey: str) -> HttpResponse:
    """Nothing but a date while they are hidden; nothing but their number under five people."""
    asked = asked_or_404(slug)
    found = survey_or_404(asked, survey)
    with timezone.override(asked.page.zone):
        hidden = survey_words.hidden(found, asked)
        responses = 0 if hidden else survey_results.how_many(found)
        context = {
            "asked": asked,
            "survey": found,
            "hidden": hidden,
            "responses": page_words.figure(responses),
            "is_open": survey_words.is_open(asked),
            "url": survey_words.address("survey", asked, found),
            "is_told": responses >= FEW,
            "private_url": "" if hidden else _private_url(request, asked, found),
            "crumbs": survey_words.crumbs(asked, found, _("Results")),
            **(_told(request, asked, found, responses) if responses >= FEW else {}),
        }
        return render(request, "consult/survey_results.html", context)


def _private_url(request: HttpRequest, asked: Asked, found: SurveyPage) -> str:
    """Where those who decide find every text, published or not."""
    return survey_words.address("survey_private_texts", asked, found) if policies.may_decide(request.user) else ""


def _told(request: HttpRequest, asked: Asked, found: SurveyPage, responses: int) -> dict[str, Any]:
    questions = list(gatherings.questions_of(found))
    charts = [survey_words.chart(one, responses) for one in survey_results.figures(found, questions)]
    for chart in charts:
        if chart["text_count"]:
            code = chart["question"].code
            chart["texts_url"] = survey_words.address("survey_texts", asked, found, code=code)
    lists = survey_results.may_cross(questions)
    return {
        "charts": charts,
        "lists": lists if len(lists) > 1 else [],
        "crossed": _crossed(request, lists),
        "data": [_data(asked, found, name) for name in survey_exports.TABLES],
    }


def _crossed(request: HttpRequest, lists: list[Question]) -> dict[str, Any] | None:
    """The two questions asked for, when they are two lists of answers."""
    by_code = {one.code: one for one in lists}
    down, across = by_code.get(request.GET.get("ligne", "")), by_code.get(request.GET.get("colonne", ""))
    if down is None or across is None or down is across:
        return None
    return {"down": down.code, "across": across.code, **survey_words.cross(survey_results.crossed(down, across))}


def _data(asked: Asked, found: SurveyPage, name: str) -> dict[str, str]:
    words = {
        "reponses": _("Answers, counted"),
        "textes": _("Texts that were published"),
        "dictionnaire": _("What each column means"),
    }
    return {
        "label": words[name],
        "csv": survey_words.address("survey_csv", asked, found, name=name),
        "json": survey_words.address("survey_json", asked, found, name=name),
    }


@require_safe
def texts(request: HttpRequest, slug: str, survey: str, code: str) -> HttpResponse:
    """The texts of one question that a moderator kept."""
    asked = asked_or_404(slug)
    found = _open_or_404(asked, survey)
    question = get_object_or_404(gatherings.questions_of(found), code=code, is_public=True)
    with timezone.override(asked.page.zone):
        number = page_number(request.GET.get("page", ""))
        start = (number - 1) * TEXTS_A_PAGE
        rows = list(survey_results.texts_of(found, question)[start : start + TEXTS_A_PAGE + 1])
        context = {
            "asked": asked,
            "survey": found,
            "question": question,
            "rows": rows[:TEXTS_A_PAGE],
            "first_url": "?" if number > 2 else "",
            "previous_url": f"?page={number - 1}" if number > 1 else "",
            "next_url": f"?page={number + 1}" if len(rows) > TEXTS_A_PAGE else "",
            "url": survey_words.address("survey_results", asked, found),
            "crumbs": survey_words.crumbs(asked, found, _("Answers in full")),
        }
        return render(request, "consult/survey_texts.html", context)


@require_safe
def data_csv(request: HttpRequest, slug: str, survey: str, name: str) -> StreamingHttpResponse:
    """One table, as spreadsheets open it."""
    found = _table(slug, survey, name)
    return sent(found.csv(), f"{survey}-{name}.csv", "text/csv; charset=utf-8")


@require_safe
def data_json(request: HttpRequest, slug: str, survey: str, name: str) -> StreamingHttpResponse:
    """The same table, for programs."""
    found = _table(slug, survey, name)
    return sent(found.json(), f"{survey}-{name}.json", "application/json")


@deciders_door
@require_safe
def private_texts(request: HttpRequest, slug: str, survey: str) -> StreamingHttpResponse:
    """Every text, for those who decide."""
    asked = asked_or_404(slug)
    found = survey_or_404(asked, survey)
    if survey_results.told_from(found, asked):
        raise Http404
    lines = survey_exports.private_texts(found).csv()
    return sent(lines, f"{survey}-textes-internes.csv", "text/csv; charset=utf-8")


def _open_or_404(asked: Asked, slug: str) -> SurveyPage:
    """A questionnaire whose results may be read."""
    found = survey_or_404(asked, slug)
    if survey_results.told_from(found, asked) or not survey_exports.is_told(found):
        raise Http404
    return found


def _table(slug: str, survey: str, name: str) -> Table:
    found = survey_exports.table(name, _open_or_404(asked_or_404(slug), survey))
    if found is None:
        raise Http404
    return found
