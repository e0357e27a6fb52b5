"""The open data of a questionnaire: counts by answer, texts that moderators kept, what each column means.

Never one row a person: put together, a few answers can name somebody. Nothing here knows what is hidden: the caller
asks ``survey_results.told_from`` first, and ``is_told``.
"""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consult import gatherings, survey_results
from consult.exports import AT_ONCE, Column, Table
from consult.models import Answer, Question, SurveyPage
from consult.models.surveys import OTHER
from consult.survey_results import FEW

TABLES = ("reponses", "textes", "dictionnaire")


def is_told(survey: SurveyPage) -> bool:
    """Under ``FEW`` responses, no table is given."""
    return survey_results.how_many(survey) >= FEW


def table(name: str, survey: SurveyPage) -> Table | None:
    """The table of this name; None when there is none."""
    makers = {"reponses": answers, "textes": texts, "dictionnaire": dictionary}
    return makers[name](survey) if name in makers else None


def answers(survey: SurveyPage) -> Table:
    """One row for each answer of each question."""
    questions = list(gatherings.questions_of(survey))
    rows = (
        (found, name, count)
        for found in survey_results.figures(survey, questions)
        if found.answered >= FEW
        for name, count in found.bars
    )
    columns = [
        Column("question", "string", gettext_lazy("Short name of the question."), lambda row: row[0].question.code),
        Column("label", "string", gettext_lazy("The question."), lambda row: row[0].question.label),
        Column("kind", "string", gettext_lazy("one, several, scale, number or day."), lambda row: row[0].question.kind),
        Column(
            "number",
            "integer",
            gettext_lazy("Number of the answer in its list, 0 for “other”; empty for numbers and dates."),
            lambda row: row[1] if row[0].question.is_choice else None,
        ),
        Column(
            "answer",
            "string",
            gettext_lazy("The answer; a class of numbers, or a month, for numbers and dates."),
            lambda row: _answer(row[0].question, row[1]),
        ),
        Column("count", "integer", gettext_lazy("People who gave it."), lambda row: row[2]),
        Column("out_of", "integer", gettext_lazy("People who answered the question."), lambda row: row[0].answered),
    ]
    return Table(columns, rows)


def _answer(question: Question, name: int | str) -> str:
    if not question.is_choice:
        return str(name)
    return _("Other") if name == OTHER else question.choices[int(name) - 1]


def texts(survey: SurveyPage) -> Table:
    """One row for each text that a moderator kept, in an order that tells nothing of who wrote it."""
    rows = gatherings.texts_to_read(survey).select_related("question").order_by("question__sort_order", "text")
    columns = [
        Column("question", "string", gettext_lazy("Short name of the question."), lambda one: one.question.code),
        Column("text", "string", gettext_lazy("The text, without personal data."), lambda one: one.text),
    ]
    return Table(columns, rows.iterator(chunk_size=AT_ONCE))


def dictionary(survey: SurveyPage) -> Table:
    """One row a column of the other tables, then one a question."""
    makers = (("reponses", answers), ("textes", texts))
    described = [(name, column) for name, maker in makers for column in maker(survey).columns]
    rows: Iterator[Any] = iter([(name, one.name, one.kind, str(one.meaning)) for name, one in described])
    columns = [
        Column("table", "string", gettext_lazy("The table."), lambda row: row[0]),
        Column("column", "string", gettext_lazy("Its column."), lambda row: row[1]),
        Column("type", "string", gettext_lazy("Type of its cells."), lambda row: row[2]),
        Column("meaning", "string", gettext_lazy("What it says."), lambda row: row[3]),
    ]
    return Table(columns, rows)


def private_texts(survey: SurveyPage) -> Table:
    """Every text, published or not, for the administration; masked when it came in, without its author."""
    columns = [
        Column("question", "string", gettext_lazy("Short name of the question."), lambda one: one.question.code),
        Column("label", "string", gettext_lazy("The question."), lambda one: one.question.label),
        Column("text", "string", gettext_lazy("The text, without personal data."), lambda one: one.text),
    ]
    rows: Iterator[Answer] = survey_results.others(survey).iterator(chunk_size=AT_ONCE)
    return Table(columns, rows)
