"""What people argued, answered and voted about the propositions of the town."""

from datetime import datetime, timedelta
from itertools import cycle
from typing import Any

from django.utils import timezone

from accounts.models import User
from config.demo.files import moment, read
from consult import folding
from consult.actions import arguments as acts
from consult.choices import Opinion, PhaseKind, Side
from consult.models import Argument, Consultation, Participant, Phase, Proposition, Useful, Vote
from directory.models import Service
from moderation.actions import decide
from moderation.choices import Outcome

HOUR = timedelta(hours=1)
VOTERS = 1950


def discuss(people: dict[str, User]) -> None:
    """Write what ``debate.json`` describes: arguments and answers by the acts of the pages, then votes in bulk."""
    written = read("debate")
    arguers = list(Participant.objects.filter(user__isnull=False).order_by("pk"))
    voters, moderator = _voters(), people["moderation@demo.example"]
    for told in written["consultations"]:
        asked = Consultation.objects.select_related("page").get(page__slug=told["slug"])
        phases = Phase.objects.filter(page=asked.page, kind__in=(PhaseKind.CONTRIBUTE, PhaseKind.VOTE))
        kept = list(phases.values("pk", "opens_at", "closes_at"))
        begun, over = phases.filter(kind=PhaseKind.VOTE).values_list("opens_at", "closes_at").get()
        now = timezone.now()
        phases.update(opens_at=now - HOUR, closes_at=now + HOUR)
        for place, row in enumerate(told["debates"]):
            proposition = Proposition.objects.filter(consultation=asked, title=row["title"]).first()
            if proposition:
                _argue(asked, proposition, row, told, arguers[place:] + arguers[:place], moderator)
                _vote(proposition, row["votes"], voters, place, hours=(begun, min(over, now)))
                reached = Proposition.objects.filter(pk=proposition.pk, threshold_reached_at__isnull=False)
                reached.update(threshold_reached_at=moment(told["to"]))
        for answer in written["replies"]:
            _answer(asked, answer, arguers, moderator)
        for row in kept:
            Phase.objects.filter(pk=row.pop("pk")).update(**row)
        for proposition in asked.propositions.all():
            _find_useful(proposition, voters)
            folding.fold(proposition.pk)
            folding.rank(proposition.pk)


def _voters() -> list[Participant]:
    rows = [Participant(name=f"Habitant {n}", email_key=f"demo {n}") for n in range(VOTERS)]
    return Participant.objects.bulk_create(rows, batch_size=1000)


def _argue(
    asked: Consultation, one: Proposition, row: dict, told: dict, arguers: list[Participant], moderator: User
) -> None:
    first, last = moment(told["from"]), moment(told["to"])
    said = [(Side.FOR, text) for text in row["for"]] + [(Side.AGAINST, text) for text in row["against"]]
    said.sort(key=lambda pair: len(pair[1]) * 7 % 11)  # those for and those against did not come in turn
    others = cycle(person for person in arguers if person.pk != one.author_id)
    for rank, (side, text) in enumerate(said):
        written = acts.argue(asked, one.number, side, text, by=next(others))
        if not written.is_shown:
            decide(written.case, outcome=Outcome.KEEP, after=None, by=moderator)
        at = first + (last - first) * (rank + 1) / (len(said) + 1)
        Argument.objects.filter(pk=written.pk).update(created_at=at)


def _answer(asked: Consultation, row: dict[str, Any], arguers: list[Participant], moderator: User) -> None:
    under = Argument.objects.filter(proposition__consultation=asked, proposition__title=row["on"], side=row["side"])
    texts = {d["title"]: d for c in read("debate")["consultations"] for d in c["debates"]}
    argument = under.filter(text=texts[row["on"]][row["side"]][row["rank"]]).first()
    if argument is None:
        return
    service = Service.objects.get(slug="voirie") if row["service"] else None
    written = acts.reply(asked, argument, row["text"], by=arguers[row["rank"] + 3], service=service)
    if not written.is_shown:
        decide(written.case, outcome=Outcome.KEEP, after=None, by=moderator)
    type(written).objects.filter(pk=written.pk).update(created_at=argument.created_at + timedelta(days=2))


def _vote(
    one: Proposition, votes: list[int], voters: list[Participant], place: int, *, hours: tuple[datetime, datetime]
) -> None:
    """Spread over the hours of the vote, whatever was voted."""
    turned = voters[place * 37 :] + voters[: place * 37]
    opinions = [said for said, many in zip(Opinion, votes, strict=True) for _n in range(many)]
    rows = [Vote(proposition=one, participant=who, opinion=said) for who, said in zip(turned, opinions, strict=False)]
    for rank, vote in enumerate(rows):
        part = (rank * 0.618034) % 1  # the golden section: even, and not in the order of the opinions
        vote.created_at = vote.changed_at = hours[0] + (hours[1] - hours[0]) * part
    Vote.objects.bulk_create(rows, batch_size=1000)


def _find_useful(one: Proposition, voters: list[Participant]) -> None:
    """The first said are found useful by more people, as everywhere; each kind of argument by its own."""
    rows = []
    for rank, argument in enumerate(one.arguments.order_by("pk")):
        many = (len(argument.text) * 13 + rank * 29) % 60 + (150 if argument.reply_count else 0)
        rows += [Useful(argument=argument, participant=who) for who in voters[rank * 11 : rank * 11 + many]]
    Useful.objects.bulk_create(rows, batch_size=1000)
