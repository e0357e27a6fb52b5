"""The answers given, as whoever gave them reads them: who heard, what is in doubt, and whether it is settled."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, QuerySet, Window
from django.utils import translation

from accounts.models import User
from feedback import policies
from feedback.choices import FollowUpReply
from feedback.models import Answer, Fiche, FollowUp, PainPoint, Recipient
from letters.choices import LetterState
from letters.models import Letter
from letters.renderers import render

ROWS_A_PAGE = 25


@dataclass(frozen=True)
class Given:
    """One answer. ``told`` fiches show it; ``letters`` counts its letters by state; replies are out of ``asked``."""

    answer: Answer
    told: int
    letters: Counter[str]
    asked: int
    replies: Counter[str]

    @property
    def sent(self) -> int:
        return self.letters[LetterState.SENT]

    @property
    def promised(self) -> int:
        return sum(self.letters.values())

    @property
    def on_the_way(self) -> int:
        return self.letters[LetterState.PROMISED] + self.letters[LetterState.IN_FLIGHT]

    @property
    def failed(self) -> int:
        return self.letters[LetterState.FAILED]

    @property
    def unknown(self) -> int:
        return self.letters[LetterState.UNKNOWN]

    @property
    def replied(self) -> int:
        return sum(self.replies.values())

    @property
    def yes(self) -> int:
        return self.replies[FollowUpReply.YES]

    @property
    def partly(self) -> int:
        return self.replies[FollowUpReply.PARTLY]

    @property
    def no(self) -> int:
        return self.replies[FollowUpReply.NO]


def page_of(user: User, *, page: int) -> tuple[list[Given], int]:
    """One page of answers, last one first, and how many there are; four questions to the database."""
    start = (page - 1) * ROWS_A_PAGE
    rows = policies.answers_to_see(user).select_related("pain_point__service", "author").order_by("-pk")
    found = list(rows.annotate(total=Window(Count("*")))[start : start + ROWS_A_PAGE])
    return of_answers(found), found[0].total if found else 0


def of_answers(answers: list[Answer]) -> list[Given]:
    """What became of each of these answers."""
    keys = [answer.pk for answer in answers]
    told = dict(_counted(Recipient.objects.filter(answer__in=keys), "answer"))
    asked = dict(_counted(FollowUp.objects.filter(answer__in=keys), "answer"))
    replies = _by(FollowUp.objects.filter(answer__in=keys).exclude(reply=""), "answer", "reply")
    # Answers given together share their letters: each shows all of them.
    campaigns = {answer.campaign for answer in answers}
    letters = _by(Letter.objects.filter(campaign__in=campaigns), "campaign", "state")
    return [
        Given(
            answer=answer,
            told=told.get(answer.pk, 0),
            letters=letters.get(answer.campaign, Counter()),
            asked=asked.get(answer.pk, 0),
            replies=replies.get(answer.pk, Counter()),
        )
        for answer in answers
    ]


def _counted(rows: QuerySet, name: str) -> QuerySet:
    return rows.order_by().values_list(name).annotate(n=Count("pk"))


def _by(rows: QuerySet, outer: str, inner: str) -> dict[object, Counter[str]]:
    found: dict[object, Counter[str]] = {}
    for key, kind, count in rows.order_by().values_list(outer, inner).annotate(n=Count("pk")):
        found.setdefault(key, Counter())[kind] = count
    return found


@dataclass(frozen=True)
class Paper:
    """One letter of the tray: to whom, about what."""

    letter: Letter
    fiche: Fiche
    pain_point: PainPoint

    @property
    def lines(self) -> list[str]:
        """The address as it stands on an envelope, even when it was keyed in on one line."""
        return [line.strip() for line in re.split(r"[\n,]+", self.letter.address) if line.strip()]

    @property
    def addressee(self) -> str:
        return next(iter(self.lines), "")


@dataclass(frozen=True)
class Sheet:
    """One letter as it is printed."""

    paper: Paper
    subject: str
    text: str


def papers_of(letters: Iterable[Letter]) -> list[Paper]:
    """The letters with what they are about; three questions to the database, however many letters."""
    letters = list(letters)
    about = {}
    for kind, model in (("feedback.answer", Recipient), ("feedback.follow_up", FollowUp)):
        keys = [letter.key for letter in letters if letter.kind == kind]
        rows = model.objects.filter(pk__in=keys).select_related("fiche__service", "answer__pain_point__service")
        about |= {(kind, row.pk): row for row in rows}
    found = [(letter, about[letter.kind, letter.key]) for letter in letters if (letter.kind, letter.key) in about]
    return [Paper(letter, row.fiche, row.answer.pain_point) for letter, row in found]


def sheets_of(letters: Iterable[Letter]) -> list[Sheet]:
    """The letters written out, each in the language of its author."""
    return [_sheet(paper) for paper in papers_of(letters)]


def _sheet(paper: Paper) -> Sheet:
    with translation.override(paper.letter.language):
        message = render(paper.letter)
    return Sheet(paper, message.subject, message.text)
