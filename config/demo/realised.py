"""The participatory budget of 2024, voted, counted, built or not since: told by the acts of the pages, each dated."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.text import slugify

from accounts.actions import create_person
from accounts.models import User
from config.demo.files import FOLDER, day, moment, read
from consult.budgets import counting, studies, tasks
from consult.budgets.actions import counting as counts
from consult.budgets.actions import freezing, projects, publishing_studies, realising, studying, suggestions
from consult.budgets.choices import BallotKind, BatchState, CostKind, StudyVerdict
from consult.budgets.models import (
    Ballot,
    Budget,
    BudgetIndexPage,
    BudgetPage,
    BudgetPhase,
    Count,
    Envelope,
    Mark,
    PaperBatch,
    Project,
    ProjectMove,
    RollEntry,
    Study,
    Suggestion,
    Support,
)
from consult.budgets.rules import CIVIL, Rules
from consult.models import Participant
from consult.people import participant_of
from consult.uploads import prepared
from directory.models import Administration
from journal.actions import dated
from pages.models import StandardPage
from tally.budgets import Regulation

EUROS = 100
PLAIN = (
    "slug", "title", "lead", "population", "population_word", "procedure", "contact_name", "contact_email",
    "contact_phone", "contact_address", "moderation",
)  # fmt: skip
WHY = "Le terrain est à la ville, le coût tient dans l’enveloppe, et un service l’entretiendra."
CHANNELS = ("web", "web", "web", "web", "paper", "web", "web", "web", "kiosk", "paper")
# Where paper was keyed: sheets blank, spoiled, read differently by two people, of these settled by the two of them.
PAPER = (
    ("Mairie, guichet des familles", 4, 2, 3, 0),
    ("Annexe du Faubourg", 3, 2, 1, 1),
    ("Annexe de la Gare", 2, 1, 2, 0),
)


def build(people: dict[str, User]) -> Budget:
    """From the ideas to the opening days."""
    told = read("realised_budget")
    editor, evaluator = people["redaction@demo.example"], people["evaluateur@demo.example"]
    budget = _set_up(told["budget"], by=people["admin@demo.example"])
    every = [*told["projects"], *told["refused"]]
    with _opened(budget):
        for row in every:
            row["numbers"] = [_suggest(budget, one, people) for one in row["ideas"]]
    for row in every:
        _study(budget, row, told["budget"], by=editor, evaluator=evaluator)
    _publish(budget, told["budget"], by=editor)
    _vote(budget, told)
    _count(budget, told["budget"], by=editor)
    for row in told["projects"]:
        _build(Project.objects.get(budget=budget, title=row["title"]), row, by=editor)
    return budget


def _set_up(row: dict[str, Any], *, by: User) -> Budget:
    page = BudgetPage(**{name: row[name] for name in PLAIN}, live=False, owner=by)
    page.administration = Administration.objects.get(slug=row["administration"])
    page.charter = StandardPage.objects.get(slug="charte", locale__language_code="fr").page_ptr
    count = Regulation(ties=("lower_cost",))
    page.rules = Rules(kind=BallotKind.APPROVAL, at_most=5, identity=CIVIL, count=count).as_json()
    page.envelopes = [Envelope(title=row["envelope"], kind="whole", amount=row["amount"] * EUROS)]
    page.phases = [
        BudgetPhase(sort_order=place, kind=kind, opens_at=moment(opens), closes_at=moment(closes))
        for place, (kind, opens, closes) in enumerate(row["phases"])
    ]
    BudgetIndexPage.objects.get(locale__language_code="fr").add_child(instance=page)
    page.save_revision(user=by).publish(user=by)
    return Budget.objects.get(page=page.pk)


@contextmanager
def _opened(budget: Budget) -> Iterator[None]:
    """Ideas are filed meanwhile: the acts know no other hour than the database's."""
    phases = BudgetPhase.objects.filter(page=budget.page_id, kind="ideas")
    kept = phases.values("opens_at", "closes_at").get()
    now = timezone.now()
    phases.update(opens_at=now - timedelta(hours=1), closes_at=now + timedelta(hours=1))
    yield
    phases.update(**kept)


def _suggest(budget: Budget, row: dict[str, Any], people: dict[str, User]) -> int:
    """The number of the idea, filed on its day, with its supports."""
    on, email = moment(row["on"]), f"{slugify(row['author'])}@demo.example"
    author = User.objects.filter(email=email).first() or create_person(email=email, name=row["author"])
    cost = row["cost"] * EUROS if "cost" in row else None
    with dated(on):
        filed = suggestions.file(
            budget, suggestions.Written(row["title"], row["body"], cost=cost), by=participant_of(author)
        )
    Suggestion.objects.filter(pk=filed.pk).update(created_at=on)
    crowd = Participant.objects.filter(user=None).order_by("pk")[filed.number * 11 :][: row["supports"]]
    Support.objects.bulk_create(Support(suggestion=filed, participant=who) for who in crowd)
    return filed.number


def _study(budget: Budget, row: dict[str, Any], days: dict[str, str], *, by: User, evaluator: User) -> None:
    """Written from its ideas, studied and signed; public with the others."""
    made_on, sent_on, signed_on = (moment(days[name]) for name in ("made_on", "studied_on", "signed_on"))
    with dated(made_on):
        made = projects.make(budget, _content(budget, row), of=row["numbers"], by=by)
    Project.objects.filter(pk=made.pk).update(created_at=made_on)
    ProjectMove.objects.filter(project=made).update(at=made_on)
    with dated(sent_on):
        sent = projects.send_to_study(made, by=by)
        study = studying.assign(sent, by=by, evaluator=evaluator, due_on=day("2024-08-30"))
    ProjectMove.objects.filter(project=made, state="studied").update(at=sent_on)
    Study.objects.filter(pk=study.pk).update(assigned_at=sent_on)
    with dated(signed_on):
        for kind, name, label in ((CostKind.INVEST, "cost", "Travaux"), (CostKind.RUNNING, "running", "Entretien")):
            if row.get(name):
                studying.add_line(study, label=label, kind=kind, amount=row[name] * EUROS, by=evaluator)
        verdict = StudyVerdict.NOT_FEASIBLE if "reason" in row else StudyVerdict.FEASIBLE
        study = studying.conclude(study, studying.Concluded(verdict, row.get("reason", WHY)), by=evaluator)
        studying.sign(study, seen=studies.fingerprint(study), by=evaluator, on=signed_on)


def _content(budget: Budget, row: dict[str, Any]) -> projects.Content:
    at = (Decimal(str(row["at"][0])), Decimal(str(row["at"][1])))
    said = {name: row[name] for name in ("title", "summary", "body", "theme", "place")}
    return projects.Content(**said, envelope=budget.page.envelopes.get(), at=at)


def _publish(budget: Budget, days: dict[str, str], *, by: User) -> None:
    on = moment(days["published_on"])
    with dated(on):
        seen = studies.batch_fingerprint(studies.ready(budget))
        publication = publishing_studies.publish(budget, seen=seen, by=by, on=on)
    tasks.tell_studies(publication.pk)
    with dated(moment(days["frozen_on"])):
        freezing.freeze(budget, by=by)


def _vote(budget: Budget, told: dict[str, Any]) -> None:
    """The box as it was at closing: who voted and what was voted, with nothing in common."""
    chance = Random(2024)  # noqa: S311  (an invented box, the same each time)
    envelope = budget.page.envelopes.get()
    weights = {row["title"]: row["weight"] for row in told["projects"]}
    numbers = {one.number: weights[one.title] for one in budget.options.all()}
    channels = [CHANNELS[rank % len(CHANNELS)] for rank in range(told["budget"]["ballots"])]
    aside = ["paper"] * sum(blank + spoiled for _place, blank, spoiled, *_settled in PAPER)
    voters = [*channels, *aside]
    entries = [RollEntry(budget=budget, person_key=f"{chance.getrandbits(256):064x}") for _one in voters]
    RollEntry.objects.bulk_create(entries)
    Mark.objects.bulk_create(
        Mark(entry=entry, envelope=envelope, channel=channel) for entry, channel in zip(entries, voters, strict=True)
    )
    Ballot.objects.bulk_create(_ballot(budget, envelope, channel, numbers, chance) for channel in channels)
    _paper(budget, envelope, channels.count("paper"))


def _paper(budget: Budget, envelope: Envelope, ballots: int) -> None:
    """The batches as they were closed: their sheets were destroyed then."""
    each, rest = divmod(ballots, len(PAPER))
    for number, (place, blank, spoiled, settled, together) in enumerate(PAPER, start=1):
        valid = each + (rest if number == 1 else 0)
        PaperBatch.objects.create(
            budget=budget,
            envelope=envelope,
            number=number,
            place=place,
            announced=valid + blank + spoiled,
            state=BatchState.CLOSED,
            valid=valid,
            blank=blank,
            spoiled=spoiled,
            settled=settled,
            settled_together=together,
        )


def _ballot(budget: Budget, envelope: Envelope, channel: str, weights: dict[int, int], chance: Random) -> Ballot:
    liked = [number for number, weight in weights.items() if chance.random() * 100 < weight]
    chosen = sorted(chance.sample(liked, min(len(liked), 5)) or [min(weights)])
    return Ballot(
        id=UUID(int=chance.getrandbits(128), version=4),
        budget=budget,
        envelope=envelope,
        channel=channel,
        choices=[[number, 1] for number in chosen],
        receipt=f"{chance.getrandbits(256):064x}" if channel != "paper" else "",
    )


def _count(budget: Budget, days: dict[str, Any], *, by: User) -> None:
    on = moment(days["result_on"])
    with dated(on):
        number = counts.ask(budget, by=by)
        for count in Count.objects.filter(budget=budget, number=number):
            counting.run(count.pk)
        done = list(Count.objects.filter(budget=budget, number=number).of_ballots().order_by("pk"))
        counts.sign(budget, number=number, read=counts.seen(done), signatory=days["signatory"], by=by, on=on)
    tasks.tell_result(budget.pk)


def _build(project: Project, row: dict[str, Any], *, by: User) -> None:
    """What was done since, each on its day."""
    for title, on, note in row.get("steps", ()):
        with dated(moment(on)):
            realising.add_milestone(project, title=title, done_on=day(on), note=note, by=by)
    for title, on, note in row.get("planned", ()):
        with dated(moment("2026-01-12")):
            realising.add_milestone(project, title=title, planned_on=day(on), note=note, by=by)
    for on, label, euros in row.get("spent", ()):
        with dated(moment(on)):
            realising.spend(project, on=day(on), label=label, amount=euros * EUROS, by=by)
    for on, title, text in row.get("news", ()):
        with dated(moment(on)):
            realising.tell(project, title=title, text=text, by=by, on=moment(on))
    for on, caption in row.get("photos", ()):
        _photo(project, row, on=on, caption=caption, by=by)
    _end(project, row, by=by)


def _photo(project: Project, row: dict[str, Any], *, on: str, caption: str, by: User) -> None:
    path = FOLDER / "budgets" / f"{row['picture']}.png"
    with path.open("rb") as drawing:
        kept = prepared(path.name, drawing, path.stat().st_size)
    with dated(moment(on)):
        realising.add_photo(
            project,
            content=kept.content,
            extension={"jpeg": "jpg"}.get(kept.kind, "png"),
            description=row["description"],
            caption=caption,
            taken_on=day(on),
            by=by,
        )


def _end(project: Project, row: dict[str, Any], *, by: User) -> None:
    if row.get("begin"):
        with dated(moment(row["begin"])):
            realising.begin(project, by=by, on=moment(row["begin"]))
    if "open" in row:
        with dated(moment(row["open"])):
            realising.open_to_people(project, by=by, on=moment(row["open"]))
    if "abandon" in row:
        on, reason = row["abandon"]
        with dated(moment(on)):
            realising.abandon(project, reason=reason, by=by, on=moment(on))
