"""The logic of a questionnaire, without a request: what is wrong with it, who is asked what, page after page.

``Given`` is what somebody answered so far: by code of the question, a dictionary that may hold ``chosen`` (numbers of
answers), ``text``, ``number`` (digits) and ``day`` (ISO).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _
from rapidfuzz import fuzz

from consult.choices import QuestionKind
from consult.models import Question
from consult.models.surveys import OTHER

Given = dict[str, dict[str, Any]]
SHORT_TEXT, LONG_TEXT = 300, 3000  # characters
LARGEST = Decimal(10) ** 10
SAME_WORDS = 70  # of 100: under it, a new wording asks something else


@dataclass(frozen=True)
class Fault:
    """What is wrong with one question: its place (from 0), the field to look at, and a sentence."""

    place: int
    field: str
    words: str


def name_questions(questions: Sequence[Question]) -> None:
    """Give a code to those that have none: « q3 » for the third, unless it is taken."""
    taken = {question.code for question in questions}
    for place, question in enumerate(questions, start=1):
        if not question.code:
            wanted = f"q{place}"
            while wanted in taken:
                wanted += "b"
            question.code = wanted
            taken.add(wanted)


def faults(questions: Sequence[Question]) -> list[Fault]:
    """What keeps these questions, in this order, from being asked. A condition names an earlier question: no circle."""
    return [fault for place in range(len(questions)) for fault in _faults(questions, place)]


def _faults(questions: Sequence[Question], place: int) -> list[Fault]:
    question, before = questions[place], questions[:place]
    found = []
    if any(one.code == question.code for one in before):
        found.append(Fault(place, "code", _("Another question has this short name.")))
    if slugify(question.code) != question.code:
        found.append(Fault(place, "code", _("Small letters without accents, figures and dashes.")))
    if question.is_choice and len({text.casefold() for text in question.choices}) < max(2, len(question.choices)):
        found.append(Fault(place, "choices", _("Give two answers at least, all different, one a line.")))
    if question.is_public and not question.is_text:
        found.append(Fault(place, "is_public", _("Only texts are published: other answers are counted.")))
    return found + (_condition_faults(question, before, place, questions) if question.shown_if else [])


def _condition_faults(question: Question, before: Sequence[Question], place: int, all_of: Any) -> list[Fault]:
    """A condition that can be met: an earlier question, and answers that it has."""
    on = next((one for one in before if one.code == question.shown_if), None)
    if on is None:
        later = any(one.code == question.shown_if for one in all_of)
        words = (
            _("This question comes later, or is the same: a condition looks back.")
            if later
            else _("No question has this short name.")
        )
        return [Fault(place, "shown_if", words)]
    if not on.is_choice:
        return [Fault(place, "shown_if", _("A condition rests on a list of answers or a scale."))]
    if unknown := sorted(set(question.shown_if_answers) - set(on.numbers())):
        told = {"numbers": ", ".join(map(str, unknown)), "last": len(on.choices)}
        words = _("Nobody can give the answer %(numbers)s: they go from 1 to %(last)d, and 0 is “other”.") % told
        return [Fault(place, "shown_if_answers", words)]
    if set(question.shown_if_answers) == set(on.numbers()) and on.is_required and not on.shown_if:
        return [Fault(place, "shown_if_answers", _("Everybody meets this condition: leave it out."))]
    return []


def asked(questions: Iterable[Question], given: Given) -> list[Question]:
    """Those that somebody who answered this is asked, in their order."""
    found: dict[str, Question] = {}
    for question in questions:
        if not question.shown_if or (
            question.shown_if in found
            and set(given.get(question.shown_if, {}).get("chosen", ())) & set(question.shown_if_answers)
        ):
            found[question.code] = question
    return list(found.values())


def pages(questions: Iterable[Question]) -> list[list[Question]]:
    """The questions page by page. One that depends on another never stands on the same page: the server decides."""
    made: list[list[Question]] = []
    for question in questions:
        here = {one.code for one in made[-1]} if made else set()
        if not made or question.starts_page or question.shown_if in here:
            made.append([])
        made[-1].append(question)
    return made


def page_after(made: Sequence[Sequence[Question]], number: int, given: Given) -> int | None:
    """The next page (from 1) on which this person is asked something; None after the last."""
    return next((place for place in range(number + 1, len(made) + 1) if asked_on(made, place, given)), None)


def page_before(made: Sequence[Sequence[Question]], number: int, given: Given) -> int | None:
    return next((place for place in range(number - 1, 0, -1) if asked_on(made, place, given)), None)


def asked_on(made: Sequence[Sequence[Question]], number: int, given: Given) -> list[Question]:
    """The questions of a page (from 1) that this person is asked."""
    known = {question.code for question in asked((one for page in made for one in page), given)}
    return [question for question in made[number - 1] if question.code in known]


def only_asked(questions: Sequence[Question], given: Given) -> Given:
    """What counts: the answers to questions that this person is asked."""
    known = {question.code for question in asked(questions, given)}
    return {code: answer for code, answer in given.items() if code in known}


def shape(question: Question) -> tuple[Any, ...]:
    """What never changes once somebody answered; the rest is words."""
    return (
        question.code,
        question.kind,
        question.is_required,
        len(question.choices),
        question.takes_other,
        question.minimum,
        question.maximum,
        question.is_public,
        question.shown_if,
        tuple(question.shown_if_answers),
    )


def words(question: Question) -> list[str]:
    return [question.label, question.help, *question.choices]


def says_the_same(before: Question, now: Question) -> bool:
    """Whether a new wording puts words right without asking something else."""
    pairs = zip([before.label, *before.choices], [now.label, *now.choices], strict=False)
    return all(fuzz.ratio(was.casefold(), said.casefold()) >= SAME_WORDS for was, said in pairs)


def read(questions: Sequence[Question], given: Given) -> dict[str, dict[str, Any]]:
    """The answers that count, as columns of ``Answer``: to questions that are asked, of their kind, within bounds.

    What cannot be read counts as no answer.
    """
    understood = {one.code: columns for one in questions if (columns := _columns(one, given.get(one.code) or {}))}
    return only_asked(questions, understood)


def _columns(question: Question, said: dict[str, Any]) -> dict[str, Any]:
    if question.is_choice:
        chosen = sorted({number for number in said.get("chosen", ()) if number in question.numbers()})
        if question.kind != QuestionKind.SEVERAL:
            chosen = chosen[:1]
        text = str(said.get("text", ""))[:SHORT_TEXT] if OTHER in chosen else ""
        return {"chosen": chosen, "text": text} if chosen else {}
    if question.kind == QuestionKind.NUMBER:
        number = _number(said.get("number", ""))
        return {"number": number} if number is not None and _is_within(question, number) else {}
    if question.kind == QuestionKind.DAY:
        day = _day(said.get("day", ""))
        return {"day": day} if day else {}
    text = str(said.get("text", ""))[: SHORT_TEXT if question.kind == QuestionKind.SHORT else LONG_TEXT]
    return {"text": text} if text else {}


def _number(typed: str) -> Decimal | None:
    try:
        number = Decimal(typed).quantize(Decimal("0.01"))
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) < LARGEST else None


def _is_within(question: Question, number: Decimal) -> bool:
    above = question.minimum is None or number >= question.minimum
    return above and (question.maximum is None or number <= question.maximum)


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


def unanswered(questions: Sequence[Question], kept: dict[str, dict[str, Any]]) -> list[Question]:
    """Those asked of this person, that want an answer and have none."""
    return [one for one in asked(questions, kept) if one.is_required and one.code not in kept]
