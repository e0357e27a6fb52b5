"""What a questionnaire came to: counts by question, one question crossed with another, texts that moderators kept.

Figures come from responses that were sent. When results are hidden, the caller asks ``told_from`` first. Under ``FEW``
responses nothing is told; crossed cells from 1 to 4 are hidden, and others with them, so that nobody subtracts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.db import connection
from django.db.models import Aggregate, Count, DecimalField, QuerySet
from django.db.models.functions import TruncMonth

from consult import gatherings
from consult.choices import ALLOWED_IN, Act, QuestionKind
from consult.models import FreeText, Question, SurveyPage
from consult.public import Asked

FEW = 5  # people under which a figure could point at somebody
CLASSES = 8  # bars of a chart of numbers, about

_CHOSEN = """
SELECT a.question_id, one.number, COUNT(*) FROM consult_answer a
JOIN consult_response r ON r.id = a.response_id, UNNEST(a.chosen) AS one(number)
WHERE r.survey_id = %s GROUP BY a.question_id, one.number
"""
_CROSSED = """
SELECT one.number, other.number, COUNT(*) FROM consult_answer a
JOIN consult_answer b ON b.response_id = a.response_id AND b.question_id = %s,
    UNNEST(a.chosen) AS one(number), UNNEST(b.chosen) AS other(number)
WHERE a.question_id = %s GROUP BY one.number, other.number
"""


class Quantile(Aggregate):
    """The value under which a share of the rows stands, one of them (PostgreSQL's ``PERCENTILE_DISC``)."""

    function = "PERCENTILE_DISC"
    template = "%(function)s(%(share)s) WITHIN GROUP (ORDER BY %(expressions)s)"

    def __init__(self, expression: str, *, share: float) -> None:
        super().__init__(expression, share=share, output_field=DecimalField())


@dataclass(frozen=True)
class Figures:
    """One question: how many answered it, and ``bars``: number of the answer, or words, with its count.

    ``quartiles`` of numbers: a quarter of the answers is under the first, half under the second.
    """

    question: Question
    answered: int
    bars: list[tuple[int | str, int]] = field(default_factory=list)
    quartiles: tuple[Decimal, Decimal, Decimal] | None = None
    text_count: int = 0


def told_from(survey: SurveyPage, asked: Asked) -> datetime | None:
    """Until when the results are hidden; None when they may be read now."""
    closings = [phase.closes_at for phase in asked.phases if phase.kind in ALLOWED_IN[Act.SURVEY]]
    last = max(closings, default=None)
    return last if survey.hides_results and last is not None and asked.at < last else None


def how_many(survey: SurveyPage) -> int:
    """People who answered."""
    return gatherings.responses_to_count(survey).count()


def figures(survey: SurveyPage, questions: list[Question]) -> list[Figures]:
    """Every question in its order, in a few queries whatever their number."""
    answers = gatherings.answers_to_count(survey).order_by()
    answered = dict(answers.values_list("question").annotate(Count("pk")))
    texts = dict(gatherings.texts_to_read(survey).order_by().values_list("question").annotate(Count("pk")))
    chosen, months = _chosen(survey), _months(survey) if _has(questions, QuestionKind.DAY) else {}
    numbers = _numbers(survey) if _has(questions, QuestionKind.NUMBER) else {}
    return [
        Figures(
            question=one,
            answered=answered.get(one.pk, 0),
            bars=_bars(one, chosen.get(one.pk, {}), months.get(one.pk, []), numbers.get(one.pk)),
            quartiles=numbers[one.pk].quartiles if one.pk in numbers and answered.get(one.pk, 0) >= FEW else None,
            text_count=texts.get(one.pk, 0),
        )
        for one in questions
    ]


def _has(questions: list[Question], kind: QuestionKind) -> bool:
    return any(one.kind == kind for one in questions)


def _chosen(survey: SurveyPage) -> dict[int, dict[int, int]]:
    found: dict[int, dict[int, int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_CHOSEN, [survey.pk])
        for question, number, count in cursor.fetchall():
            found.setdefault(question, {})[number] = count
    return found


def _months(survey: SurveyPage) -> dict[int, list[tuple[date, int]]]:
    days = gatherings.answers_to_count(survey).filter(day__isnull=False).order_by()
    rows = days.annotate(month=TruncMonth("day")).values_list("question", "month").annotate(n=Count("pk"))
    found: dict[int, list[tuple[date, int]]] = {}
    for question, month, count in rows.order_by("month"):
        found.setdefault(question, []).append((month, count))
    return found


@dataclass(frozen=True)
class _Numbers:
    quartiles: tuple[Decimal, Decimal, Decimal]
    counted: list[tuple[Decimal, int]]


def _numbers(survey: SurveyPage) -> dict[int, _Numbers]:
    given = gatherings.answers_to_count(survey).filter(number__isnull=False).order_by()
    shares = {f"q{n}": Quantile("number", share=n / 4) for n in (1, 2, 3)}
    quartiles = {row[0]: row[1:] for row in given.values_list("question").annotate(**shares)}
    counted: dict[int, list[tuple[Decimal, int]]] = {}
    for question, number, count in given.values_list("question", "number").annotate(n=Count("pk")).order_by("number"):
        counted.setdefault(question, []).append((number, count))
    return {key: _Numbers(tuple(quartiles[key]), rows) for key, rows in counted.items()}


def _bars(
    question: Question, chosen: Mapping[int, int], months: list[tuple[date, int]], numbers: _Numbers | None
) -> list[tuple[int | str, int]]:
    if question.is_choice:
        return [(number, chosen.get(number, 0)) for number in question.numbers()]
    if question.kind == QuestionKind.DAY:
        return [(f"{month:%Y-%m}", count) for month, count in months]
    return classes(numbers.counted) if numbers else []


def classes(counted: list[tuple[Decimal, int]]) -> list[tuple[str, int]]:
    """Numbers with their counts, in about ``CLASSES`` classes of the same round width: « 0 – 10 », the end left out."""
    low, high = counted[0][0], counted[-1][0]
    if len(counted) <= CLASSES and all(number == int(number) for number, _count in counted):
        return [(str(int(number)), count) for number, count in counted]
    width = _round_width((high - low) / CLASSES)
    first = int(low // width)
    made = dict.fromkeys(range(first, int(high // width) + 1), 0)
    for number, count in counted:
        made[int(number // width)] += count
    return [(f"{_short(place * width)} – {_short((place + 1) * width)}", count) for place, count in made.items()]


def _round_width(wanted: Decimal) -> Decimal:
    """1, 2 or 5 times a power of ten, at least ``wanted``."""
    power = Decimal(10) ** wanted.adjusted()
    return next(step * power for step in (1, 2, 5, 10) if step * power >= wanted)


def _short(number: Decimal) -> str:
    return f"{number:f}".rstrip("0").rstrip(".") if "." in f"{number:f}" else f"{number:f}"


@dataclass(frozen=True)
class Crossed:
    """People by their answers to two questions; None where the number is not told."""

    down: Question
    across: Question
    cells: dict[tuple[int, int], int | None]


def crossed(down: Question, across: Question) -> Crossed:
    """How many gave each pair of answers."""
    with connection.cursor() as cursor:
        cursor.execute(_CROSSED, [across.pk, down.pk])
        counted = {(row, column): count for row, column, count in cursor.fetchall()}
    whole = {(row, column): counted.get((row, column), 0) for row in down.numbers() for column in across.numbers()}
    return Crossed(down, across, suppressed(whole))


def suppressed(cells: Mapping[tuple[int, int], int]) -> dict[tuple[int, int], int | None]:
    """The same table without its cells from 1 to 4, nor those that would give them back by subtraction.

    Secondary suppression, as statistical offices do: no row and no column has exactly one hidden cell. The smallest
    cells go first; one that is 0 goes only when nothing else is left.
    """
    hidden = {place for place, count in cells.items() if 0 < count < FEW}
    while alone := _alone(cells, hidden):
        hidden.add(alone)
    return {place: None if place in hidden else count for place, count in cells.items()}


def _alone(cells: Mapping[tuple[int, int], int], hidden: set[tuple[int, int]]) -> tuple[int, int] | None:
    """The cell to hide beside one that stands alone hidden in its row or column."""
    for axis in (0, 1):
        for line in sorted({place[axis] for place in cells}):
            places = [place for place in cells if place[axis] == line]
            shown = [place for place in places if place not in hidden]
            if len(places) - len(shown) == 1 and shown:
                return min(shown, key=lambda place: (cells[place] == 0, cells[place], place))
    return None


def texts_of(survey: SurveyPage, question: Question) -> QuerySet[FreeText]:
    """The texts of a question that everybody may read, the latest first."""
    return gatherings.texts_to_read(survey).filter(question=question).order_by("-pk")


def may_cross(questions: list[Question]) -> list[Question]:
    """Lists of answers and scales."""
    return [one for one in questions if one.is_choice]


def others(survey: SurveyPage) -> QuerySet:
    """Every text, « other » included, published or not: for the administration, without personal data."""
    return (
        gatherings.answers_to_count(survey)
        .exclude(text="")
        .select_related("question")
        .order_by("question__sort_order", "pk")
    )
