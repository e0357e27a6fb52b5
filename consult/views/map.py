"""Answering the statements of an opinion map, one at a time; one's own answers; the map itself."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from consult import people, policies
from consult.actions import statements as acts
from consult.choices import Act, Stance
from consult.errors import RuleBroken
from consult.maps import reading, serving
from consult.models import Consultation, Participant, Statement
from consult.public import Asked
from consult.views import basket, map_results, visiting_words, who
from consult.views import map_words as words
from consult.views.kept import forget, keep, kept
from consult.views.map_doors import led_to_be_known, map_or_404, reader_of
from consult.views.refusing import refused
from consult.views.seeds import seed_of

MINE = "mes-reponses"


@never_cache
@require_safe
def answering(request: HttpRequest, slug: str) -> HttpResponse:
    """The statement that is this person's turn; the map itself once answering is over, or before it begins."""
    asked = map_or_404(slug)
    with timezone.override(asked.page.zone):
        if not reading.is_open(asked):
            return map_results.drawn(request, asked)
        person = reader_of(request)
        context = {
            **_turn(request, asked.consultation, person),
            **map_results.around(asked, chosen="answer", is_known=person is not None),
            "question": words.question(asked),
            "promise": words.promise(asked),
            "kept": _chosen_before(request, asked),
            "then": visiting_words.then_for_choice(request, asked, Act.STATE),
            "last": _last(request, asked, person),
        }
        return render(request, "consult/map/answering.html", context)


def _turn(request: HttpRequest, consultation: Consultation, person: Participant | None) -> dict[str, Any]:
    turn = serving.turn(consultation, person=person, visitor=seed_of(request))
    page = consultation.page
    return {
        "turn": turn,
        "buttons": words.buttons(),
        "by_whom": words.by_whom(turn.statement, page) if turn.statement else "",
        "progress": words.progress(turn.answered, turn.total),
        "to_be_placed": words.to_be_placed(turn.answered),
        "slug": page.slug,
        "takes_statements": page.map_takes_statements,
    }


def _chosen_before(request: HttpRequest, asked: Asked) -> dict[str, Any]:
    """What a visitor had answered before saying who they are; {} otherwise."""
    typed = kept(request, _place(asked.consultation))
    name, number = typed.get("stance", ""), typed.get("number", 0)
    found = policies.statements_to_read_by(None, asked.consultation).filter(number=number).first() if number else None
    if found is None or name not in words.NAMES or not request.user.is_authenticated:
        return {}
    return {"statement": found, "value": name, "label": str(words.NAMES[name].label)}


def _last(request: HttpRequest, asked: Asked, person: Participant | None) -> dict[str, Any]:
    """The statement answered just before, to put a slip right at once."""
    number = _number(request.GET.get("apres", ""))
    if not (person and number):
        return {}
    rows = serving.standing(asked.consultation, person=person).filter(number=number)
    return _told(rows.first())


def _told(found: Statement | None) -> dict[str, Any]:
    if found is None or found.mine is None:
        return {}
    return {"statement": found, "said": words.recorded(found, found.mine)}


def _number(typed: str) -> int:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else 0


def _place(consultation: Consultation) -> str:
    return f"map {consultation.pk}"


@never_cache
@require_POST
def answer(request: HttpRequest, slug: str) -> HttpResponse:
    """``statement``: its number; ``stance``: agree, disagree, pass. ``back``: ``mes-reponses``, or the next one."""
    rows = policies.consultations_to_read().filter(page__has_map=True)
    consultation = get_object_or_404(rows, page__slug=slug)
    name, number = request.POST.get("stance", ""), _number(request.POST.get("statement", ""))
    if name not in words.NAMES:
        raise Http404
    here = f"/consultations/{slug}/carte/"
    person = _person(request, slug)
    if person is None:
        keep(request, _place(consultation), stance=name, number=number)
        return led_to_be_known(request, map_or_404(slug), number=number, stance=name, back=here)
    try:
        answered = acts.answer(consultation, number, words.NAMES[name], by=person)
    except RuleBroken as broken:
        return _refused(request, broken, here)
    except Statement.DoesNotExist:
        messages.info(request, _("This statement has just been taken out. Here is another one."))
        return _led(request, here)
    forget(request, _place(consultation))
    return _answered(request, consultation, person, answered, words.NAMES[name])


def _person(request: HttpRequest, slug: str) -> Participant | None:
    if request.user.is_authenticated:
        return people.participant_of(request.user)
    return who.taking_part(request, map_or_404(slug), Act.STATE) if who.visitor(request) else None


def _answered(
    request: HttpRequest, consultation: Consultation, person: Participant, answered: Statement, stance: Stance
) -> HttpResponse:
    here = f"/consultations/{consultation.page.slug}/carte/"
    if request.POST.get("back") == MINE:
        return redirect(f"{here}{MINE}/#affirmation-{answered.number}")
    if not request.htmx:
        return redirect(f"{here}?apres={answered.number}#affirmation")
    last = {"statement": answered, "said": words.recorded(answered, stance)}
    context = {**_turn(request, consultation, person), "last": last, "is_fresh": True}
    return render(request, "consult/map/_card.html", context)


def _refused(request: HttpRequest, broken: RuleBroken, back: str) -> HttpResponse:
    """On the page that replaces this one, what was refused and why."""
    if not request.htmx:
        return refused(request, broken, back=back)
    messages.error(request, str(broken))
    return HttpResponseClientRedirect(back)


def _led(request: HttpRequest, url: str) -> HttpResponse:
    return HttpResponseClientRedirect(url) if request.htmx else redirect(url)


@never_cache
@require_safe
def mine(request: HttpRequest, slug: str) -> HttpResponse:
    """What I answered, and what I proposed: read by nobody else; changed until it closes."""
    asked = map_or_404(slug)
    with timezone.override(asked.page.zone):
        person = reader_of(request)
        if person is None and not request.user.is_authenticated:
            return redirect_to_login(request.path)
        rows = list(serving.standing(asked.consultation, person=person))
        own = policies.statements_to_read_by(person, asked.consultation).filter(author=person or 0).order_by("number")
        context = {
            **map_results.around(asked, chosen="mine", is_known=True, here=_("My answers")),
            "answers": [{"statement": one, "buttons": words.buttons(one.mine)} for one in rows if one.mine is not None],
            "left": len([one for one in rows if one.mine is None]),
            "own": [{"statement": one, "state": words.state_of(one)} for one in own],
            "slug": slug,
        }
        return render(request, "consult/map/mine.html", context)


@never_cache
@require_safe
def statement(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One statement, to answer it or to give its address to somebody; a tombstone once moderators removed it."""
    asked = map_or_404(slug)
    with timezone.override(asked.page.zone):
        person = reader_of(request)
        found = policies.statements_to_read_by(person, asked.consultation).filter(number=number).first()
        if found is None:
            return basket.removed_statement(request, asked, number)
        mine = serving.standing(asked.consultation, person=person).filter(pk=found.pk).first()
        context = {
            **map_results.around(asked, chosen="", is_known=person is not None, here=words.short_number(number)),
            "statement": found,
            "by_whom": words.by_whom(found, asked.page),
            "state": words.state_of(found),
            "may_answer": mine is not None and reading.is_open(asked),
            "buttons": words.buttons(mine.mine if mine else None),
            "is_mine": person is not None and found.author_id == person.pk and found.withdrawn_at is None,
            "slug": slug,
        }
        return render(request, "consult/map/statement.html", context)
