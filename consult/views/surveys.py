"""Answering a questionnaire, page by page: each page is kept, the server decides the next one, the last sums up."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from consult import gatherings, policies, public
from consult.actions import surveys as acts
from consult.choices import Act, Awaited
from consult.errors import AnswersMissing, RuleBroken
from consult.forms.answering import AnswersForm
from consult.models import Participant, Question, SurveyPage
from consult.phases import closed
from consult.public import Asked
from consult.questionnaires import Given, asked_on, page_after, page_before, pages
from consult.views import survey_words, who
from consult.views.held import led
from consult.views.opened import asked_or_404
from consult.views.refusing import refused

_SESSION = "consult.answers"


def reading(request: HttpRequest) -> Participant | None:
    """Who reads, if they ever took part: reading writes nothing."""
    return who.visitor(request) or policies.participant_behind(request.user)


def survey_or_404(asked: Asked, slug: str) -> SurveyPage:
    return get_object_or_404(gatherings.surveys_to_read(asked.consultation), slug=slug)


@never_cache
@require_safe
def survey(request: HttpRequest, slug: str, survey: str) -> HttpResponse:
    """What it is about, until when, and where this person is in it."""
    asked = asked_or_404(slug)
    found = survey_or_404(asked, survey)
    with timezone.override(asked.page.zone):
        person = reading(request)
        return render(request, "consult/survey.html", _shown(asked, found) | _mine(request, asked, found, person))


def preview(request: HttpRequest, page: SurveyPage) -> HttpResponse:
    """An editor's draft: the whole questionnaire on one page, as it is printed."""
    above = policies.consultation_above(page)
    asked = public.asked(above, page=above.page, first=above.page, at=timezone.now())
    return _print(request, asked, page, acts.in_order(page))


@require_safe
def printed(request: HttpRequest, slug: str, survey: str) -> HttpResponse:
    """The questionnaire on paper: every question, its conditions in words."""
    asked = asked_or_404(slug)
    found = survey_or_404(asked, survey)
    with timezone.override(asked.page.zone):
        return _print(request, asked, found, list(gatherings.questions_of(found)))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, slug: str, survey: str, number: int) -> HttpResponse:
    """One page. « Continuer » keeps it and goes on; « Revenir » keeps what can be kept and goes back."""
    asked = asked_or_404(slug)
    found = survey_or_404(asked, survey)
    with timezone.override(asked.page.zone):
        if stopped := _stopped(request, asked, found):
            return stopped
        here = _here(request, asked, found)
        if not 1 <= number <= len(here.made):
            raise Http404
        questions = asked_on(here.made, number, here.given)
        if not questions:
            return redirect(_to(here, page_after(here.made, number, here.given)))
        if request.method != "POST":
            return _page(here, number, AnswersForm(questions=questions, given=here.given))
        return _kept(here, number, AnswersForm(request.POST, questions=questions, given=here.given))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, slug: str, survey: str) -> HttpResponse:
    """The end: every answer, to be checked, then sent."""
    asked = asked_or_404(slug)
    found = survey_or_404(asked, survey)
    with timezone.override(asked.page.zone):
        if stopped := _stopped(request, asked, found):
            return stopped
        here = _here(request, asked, found)
        return _sent(here) if request.method == "POST" else _sum_up(here)


@dataclass(frozen=True)
class Here:
    """Somebody in a questionnaire: what they answered so far, and its pages. ``person`` is None for a visitor."""

    request: HttpRequest
    asked: Asked
    survey: SurveyPage
    person: Participant | None
    given: Given
    made: list[list[Question]]

    def url(self, name: str = "survey", /, **more: Any) -> str:
        return survey_words.address(name, self.asked, self.survey, **more)


def _here(request: HttpRequest, asked: Asked, found: SurveyPage) -> Here:
    person = who.participant(request) if request.method == "POST" else reading(request)
    given = _given(request, found, person)
    return Here(request, asked, found, person, given, pages(gatherings.questions_of(found)))


# --- what a page needs ---


def _shown(asked: Asked, found: SurveyPage) -> dict[str, Any]:
    questions = list(gatherings.questions_of(found))
    return {
        "asked": asked,
        "survey": found,
        "state": survey_words.state(asked),
        "is_open": survey_words.is_open(asked),
        "length": survey_words.length(questions),
        "responses": gatherings.responses_to_count(found).count(),
        "hidden": survey_words.hidden(found, asked),
        "reworded": survey_words.reworded(gatherings.rewordings_of(found)),
        "start_url": survey_words.address("survey_page", asked, found, number=1),
        "check_url": survey_words.address("survey_check", asked, found),
        "print_url": survey_words.address("survey_printed", asked, found),
        "results_url": survey_words.address("survey_results", asked, found),
        "crumbs": survey_words.crumbs(asked, found),
    }


def _mine(request: HttpRequest, asked: Asked, found: SurveyPage, person: Participant | None) -> dict[str, Any]:
    return {
        "response": gatherings.response_of(found, person),
        "draft": gatherings.draft_of(found, person) or _session(request).get(str(found.pk)),
        "needs_account": not request.user.is_authenticated and not who.takes_visitors(asked, Act.SURVEY),
    }


def _print(request: HttpRequest, asked: Asked, found: SurveyPage, questions: list[Any]) -> HttpResponse:
    numbers = {question.code: place for place, question in enumerate(questions, start=1)}
    by_code = {question.code: question for question in questions}
    rows = [
        {
            "number": numbers[one.code],
            "question": one,
            "condition": survey_words.condition(one, by_code, numbers) if one.shown_if in by_code else "",
        }
        for one in questions
    ]
    context = {
        "asked": asked,
        "survey": found,
        "rows": rows,
        "state": survey_words.state(asked),
        "page": asked.page,
        "crumbs": survey_words.crumbs(asked, found, _("To print")),
    }
    return render(request, "consult/survey_printed.html", context)


def _stopped(request: HttpRequest, asked: Asked, found: SurveyPage) -> HttpResponse | None:
    """The door is shut, or asks who one is."""
    back = survey_words.address("survey", asked, found)
    if not survey_words.is_open(asked):
        typed = "\n\n".join(text for name, text in request.POST.items() if name != "csrfmiddlewaretoken")
        return refused(request, closed(asked.phases, Act.SURVEY, at=asked.at), back=back, text=typed)
    if not request.user.is_authenticated and not who.takes_visitors(asked, Act.SURVEY):
        return redirect_to_login(request.path)
    return None


def _session(request: HttpRequest) -> dict[str, Given]:
    return request.session.get(_SESSION) or {}


def _given(request: HttpRequest, found: SurveyPage, person: Participant | None) -> Given:
    """What was kept, or sent; in the session of a visitor whom nobody knows yet."""
    if person is None:
        return _session(request).get(str(found.pk), {})
    draft = gatherings.draft_of(found, person)
    return draft.typed if draft else acts.given_by(found, person)


def _to(here: Here, number: int | None) -> str:
    """A page; the end without one."""
    return here.url("survey_page", number=number) if number else here.url("survey_check")


def _kept(here: Here, number: int, form: AnswersForm) -> HttpResponse:
    is_back = "back" in here.request.POST
    if not form.is_valid() and not is_back:
        return _page(here, number, form, status=422)
    given = here.given
    if form.is_valid():
        try:
            given = _keep(here, form.given())
        except RuleBroken as broken:
            typed = "\n\n".join(said["text"] for said in form.given().values() if said.get("text"))
            return refused(here.request, broken, back=here.url(), text=typed)
    if is_back:
        before = page_before(here.made, number, given)
        return redirect(_to(here, before) if before else here.url())
    return redirect(_to(here, page_after(here.made, number, given)))


def _keep(here: Here, said: Given) -> Given:
    if here.person is not None:
        return acts.keep(here.survey, said, by=here.person).typed
    kept = {**here.given, **acts.masked(said)}
    here.request.session[_SESSION] = {**_session(here.request), str(here.survey.pk): kept}
    return kept


def _page(here: Here, number: int, form: AnswersForm, *, status: int = 200) -> HttpResponse:
    context = {
        "asked": here.asked,
        "survey": here.survey,
        "form": form,
        "number": number,
        "total": len(here.made),
        "is_first": page_before(here.made, number, here.given) is None,
        "url": here.url(),
        "crumbs": survey_words.crumbs(here.asked, here.survey, _("Your answers")),
    }
    return render(here.request, "consult/survey_page.html", context, status=status)


def _sum_up(here: Here, *, status: int = 200) -> HttpResponse:
    urls = [here.url("survey_page", number=place + 1) for place in range(len(here.made))]
    rows = survey_words.summary(here.made, here.given, urls)
    context = {
        "asked": here.asked,
        "survey": here.survey,
        "rows": rows,
        "missing": [row for row in rows if row["is_missing"]],
        "is_masked": survey_words.is_masked(here.given),
        "url": here.url(),
        "closes": survey_words.state(here.asked)["sentence"],
        "crumbs": survey_words.crumbs(here.asked, here.survey, _("Check, then send")),
    }
    return render(here.request, "consult/survey_check.html", context, status=status)


def _sent(here: Here) -> HttpResponse:
    if here.person is None:
        typed = {"survey": here.survey.pk, "given": here.given}
        return led(here.request, here.asked, Awaited.SURVEY, typed, said=here.survey.title, back=here.url())
    try:
        acts.send(here.survey, here.given, by=here.person)
    except AnswersMissing:
        return _sum_up(here, status=422)
    except RuleBroken as broken:
        return refused(here.request, broken, back=here.url())
    messages.success(here.request, _("Your answers are recorded. You may change them until the end."))
    return redirect(here.url())
