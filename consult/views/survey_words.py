"""A questionnaire in words: until when it is open, what somebody answered, what its charts say."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

import masking
from consult import survey_results
from consult.choices import Act, QuestionKind
from consult.models import Question, SurveyPage
from consult.models.surveys import OTHER
from consult.phases import closed, current
from consult.public import Asked
from consult.questionnaires import Given, asked_on
from consult.survey_results import FEW, Crossed, Figures
from consult.views import page_words
from pages.dates import long_date, written

_MASK = re.compile("|".join(re.escape(words) for words in masking.KINDS.values()))


def address(name: str, asked: Asked, survey: SurveyPage, /, **more: Any) -> str:
    return reverse(f"consult:{name}", kwargs={"slug": asked.consultation.page.slug, "survey": survey.slug, **more})


def crumbs(asked: Asked, survey: SurveyPage, here: str = "") -> list[dict[str, str]]:
    above = [{"label": asked.page.title, "url": page_words.address("consultation", asked)}]
    if here:
        return [*above, {"label": survey.title, "url": address("survey", asked, survey)}, {"label": here}]
    return [*above, {"label": survey.title}]


def state(asked: Asked) -> dict[str, str]:
    """The pill and the sentence beside it."""
    phase = current(asked.phases, Act.SURVEY, at=asked.at)
    if phase is not None:
        until = _("Until %(moment)s") % {"moment": page_words.moment(phase.closes_at)}
        return {"state": "open", "sentence": until}
    why = closed(asked.phases, Act.SURVEY, at=asked.at)
    return {"state": "coming" if why.opens_at else "closed", "sentence": str(why)}


def is_open(asked: Asked) -> bool:
    return current(asked.phases, Act.SURVEY, at=asked.at) is not None


def length(questions: Sequence[Question]) -> str:
    """« 12 questions, dont 5 obligatoires »."""
    wanted = len([one for one in questions if one.is_required])
    many = ngettext("%(n)d question", "%(n)d questions", len(questions)) % {"n": len(questions)}
    need = ngettext("%(n)d wants an answer", "%(n)d want an answer", wanted) % {"n": wanted}
    return _("%(many)s, of which %(need)s") % {"many": many, "need": need}


def number(value: Decimal) -> str:
    whole = value == value.to_integral_value()
    return number_format(value.quantize(Decimal(1)) if whole else value.normalize(), force_grouping=True)


def choice(question: Question, chosen: int) -> str:
    return _("Other") if chosen == OTHER else question.choices[chosen - 1]


def answer(question: Question, said: dict[str, Any]) -> list[str]:
    """What somebody answered, one line each; nothing when they did not."""
    if question.is_choice:
        text = said.get("text", "")
        names = [choice(question, one) for one in said.get("chosen", ()) if one in question.numbers()]
        return [*names[:-1], f"{names[-1]} ({text})"] if names and text else names
    if said.get("number"):
        return [number(Decimal(said["number"]))]
    if said.get("day"):
        return [long_date(date.fromisoformat(said["day"]))]
    return [said["text"]] if said.get("text") else []


def summary(pages: Sequence[Sequence[Question]], given: Given, urls: Sequence[str]) -> list[dict[str, Any]]:
    """Each question this person is asked, with the answer and the page where it changes."""
    return [
        {
            "question": question,
            "lines": answer(question, given.get(question.code, {})),
            "url": f"{urls[place]}#id_{question.code}",
            "is_missing": question.is_required and not answer(question, given.get(question.code, {})),
        }
        for place in range(len(pages))
        for question in asked_on(pages, place + 1, given)
    ]


def base(figures: Figures, responses: int) -> str:
    """Out of how many."""
    return _("%(n)s answers, out of %(all)s people who took part") % {
        "n": page_words.figure(figures.answered),
        "all": page_words.figure(responses),
    }


def chart(figures: Figures, responses: int) -> dict[str, Any]:
    """A question as its chart, with the sentence that says it to who does not see it."""
    question = figures.question
    rows = [{"label": _bar(question, name), "value": count} for name, count in figures.bars]
    return {
        "question": question,
        "base": base(figures, responses),
        "rows": rows if figures.answered >= FEW else [],
        "few": figures.answered < FEW,
        "label": _label(question, rows),
        "whole": figures.answered,
        "several": question.kind == QuestionKind.SEVERAL,
        "middle": _middle(figures),
        "text_count": figures.text_count,
    }


def _bar(question: Question, name: int | str) -> str:
    if question.is_choice:
        return choice(question, int(name))
    if question.kind == QuestionKind.DAY:
        year, month = str(name).split("-")
        return written(date(int(year), int(month), 2), "F Y")
    return str(name)


def _label(question: Question, rows: Sequence[dict[str, Any]]) -> str:
    most = max(rows, key=lambda row: row["value"], default=None)
    if most is None:
        return question.label
    told = {"question": question.label, "answer": most["label"], "n": page_words.figure(most["value"])}
    return _("%(question)s The most frequent answer: %(answer)s, %(n)s.") % told


def _middle(figures: Figures) -> str:
    if figures.quartiles is None:
        return ""
    low, middle, high = (number(one) for one in figures.quartiles)
    return _("Half of the answers are at %(middle)s or under; half are between %(low)s and %(high)s.") % {
        "low": low,
        "middle": middle,
        "high": high,
    }


def cross(found: Crossed) -> dict[str, Any]:
    """The table of two questions, its hidden cells said."""
    across = found.across.numbers()
    columns = [{"label": found.down.label}, *({"label": choice(found.across, one), "number": True} for one in across)]
    rows = [
        [choice(found.down, row), *(_cell(found.cells[row, column]) for column in across)]
        for row in found.down.numbers()
    ]
    caption = _("“%(down)s” by “%(across)s”") % {"down": found.down.label, "across": found.across.label}
    return {"columns": columns, "rows": rows, "caption": caption}


def _cell(count: int | None) -> str:
    return _("not told") if count is None else page_words.figure(count)


def reworded(entries: Iterable[Any]) -> list[str]:
    """Each time words were put right, what they were and what they are."""
    return [_reworded(entry) for entry in entries]


def _reworded(entry: Any) -> str:
    pairs = zip(entry.details["before"], entry.details["after"], strict=False)
    was, now = next((was, now) for was, now in pairs if was != now)
    return _("On %(day)s, “%(was)s” became “%(now)s”.") % {"day": long_date(entry.at), "was": was, "now": now}


def hidden(survey: SurveyPage, asked: Asked) -> str:
    """Until when nobody reads the results; "" when they may be read."""
    until = survey_results.told_from(survey, asked)
    return page_words.moment(until) if until else ""


def condition(question: Question, by_code: dict[str, Question], numbers: dict[str, int]) -> str:
    """« Seulement si vous avez répondu « À vélo » à la question 2. » for paper."""
    on = by_code[question.shown_if]
    names = _(" or ").join(_("“%(answer)s”") % {"answer": choice(on, one)} for one in question.shown_if_answers)
    return _("Only if you answered %(answers)s to question %(number)d.") % {
        "answers": names,
        "number": numbers[question.shown_if],
    }


def is_masked(given: Given) -> bool:
    """Whether something personal was hidden in these texts: masks are between square brackets."""
    return any(_MASK.search(said.get("text", "")) for said in given.values())
