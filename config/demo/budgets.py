"""The participatory budget of 2026, told by the acts of the pages, up to its ballot: the regulation is frozen."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.text import slugify
from wagtail.models import Locale

from accounts.actions import create_person
from accounts.models import User
from config.demo.files import FOLDER, day, moment, read
from consult.budgets import papers, rolls, sheets, studies
from consult.budgets.actions import (
    batches,
    freezing,
    kiosks,
    marking,
    projects,
    publishing_studies,
    studying,
    suggestions,
)
from consult.budgets.actions.registering import Declared
from consult.budgets.choices import BallotKind, CostKind, ProjectState, StudyVerdict
from consult.budgets.models import (
    Budget,
    BudgetIndexPage,
    BudgetPage,
    BudgetPhase,
    Condition,
    Envelope,
    Project,
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
from pages.models import HomePage, StandardPage
from tally.budgets import Regulation

EUROS = 100
PAPER_VOTERS = 38
SHEETS = ("1 2", "3", "b", "2 4", "1 5", "n2", "6 1", "2")
PLAIN = (
    "slug", "title", "lead", "population", "population_word", "procedure", "contact_name", "contact_email",
    "contact_phone", "contact_address", "moderation",
)  # fmt: skip
WHY = "Le terrain est à la ville, les travaux tiennent dans l’enveloppe, et un service l’entretiendra."


def share_out(people: dict[str, User]) -> Budget:
    """Set up, filled, and open to votes: the budget of 2026 in its ballot phase, its regulation frozen."""
    told = read("budgets")
    editor, evaluator = people["redaction@demo.example"], people["evaluateur@demo.example"]
    budget = _set_up(told, by=people["admin@demo.example"])
    with _opened(budget):
        _suggest(budget, told["ideas"], people)
    _set_aside(budget, told["aside"], by=editor)
    for row in [*told["projects"], *told["refused"]]:
        _study(budget, row, told["budget"], by=editor, evaluator=evaluator)
    seen = studies.batch_fingerprint(studies.ready(budget))
    on = moment(told["budget"]["published_on"])
    with dated(on):
        publishing_studies.publish(budget, seen=seen, by=editor, on=on)
    with dated(moment(told["budget"]["frozen_on"])):
        freezing.freeze(budget, by=editor)
    _keep_a_desk(budget, people)
    return budget


def _keep_a_desk(budget: Budget, people: dict[str, User]) -> None:
    """A tablet open at the town hall; people marked on paper, and a batch that one clerk has begun to key."""
    envelope = budget.page.envelopes.get()
    for year in range(1948, 1948 + PAPER_VOTERS):
        born_on = date(year, 3, year % 28 + 1)
        said = Declared(born_on=born_on, lives_here=True, civil=rolls.Civil("Delorme", "Camille", born_on))
        marking.mark(budget, envelope, said)
    kiosks.open_tablet(budget, place="Mairie, accueil", by=people["guichet@demo.example"])
    clerk = people["guichet.faubourg@demo.example"]
    batch = batches.start(budget, envelope, place="Annexe du Faubourg", announced=len(SHEETS) + 4, by=clerk)
    paper = papers.sheet(budget, envelope)
    for rank, typed in enumerate(SHEETS, start=1):
        batches.key(batch, rank, sheets.read(paper, typed), by=clerk)


def _set_up(told: dict[str, Any], *, by: User) -> Budget:
    row = told["budget"]
    page = BudgetPage(**{name: row[name] for name in PLAIN}, live=False, owner=by)
    page.administration = Administration.objects.get(slug=row["administration"])
    page.charter = StandardPage.objects.get(slug="charte", locale__language_code="fr").page_ptr
    page.rules = _rules().as_json()
    page.envelopes = [Envelope(title=row["envelope"], kind="whole", amount=row["amount"] * EUROS)]
    page.conditions = [Condition(sort_order=place, **one) for place, one in enumerate(row["conditions"])]
    page.phases = [BudgetPhase(sort_order=place, **_dated(one)) for place, one in enumerate(row["phases"])]
    _index(told["index"]).add_child(instance=page)
    page.save_revision(user=by).publish(user=by)
    return Budget.objects.get(page=page.pk)


def _index(words: dict[str, str]) -> BudgetIndexPage:
    found = BudgetIndexPage.objects.filter(locale__language_code="fr").first()
    if found:
        return found
    home = HomePage.objects.get(locale=Locale.objects.get(language_code="fr"))
    return home.add_child(instance=BudgetIndexPage(slug="budgets", **words))


def _rules() -> Rules:
    shares = Regulation(rule="equal_shares", completion="first_over_budget", top_up="greedy", ties=("lower_cost",))
    return Rules(kind=BallotKind.KNAPSACK, identity=CIVIL, count=shares)


def _dated(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, **{name: _hour(row[name]) for name in ("opens_at", "closes_at")}}


def _hour(written: str) -> datetime:
    typed = datetime.fromisoformat(written)
    return timezone.make_aware(datetime.combine(day(typed.date().isoformat()), typed.time()))


@contextmanager
def _opened(budget: Budget) -> Iterator[None]:
    """Ideas are filed meanwhile: the acts know no other hour than the database's."""
    phases = BudgetPhase.objects.filter(page=budget.page_id, kind="ideas")
    kept = phases.values("opens_at", "closes_at").get()
    now = timezone.now()
    phases.update(opens_at=now - timedelta(hours=1), closes_at=now + timedelta(hours=1))
    yield
    phases.update(**kept)


def _suggest(budget: Budget, rows: list[dict[str, Any]], people: dict[str, User]) -> None:
    """Each on its day, in the order of numbers; supports in bulk, from the first to the last."""
    envelope = budget.page.envelopes.get()
    crowd = list(Participant.objects.filter(user=None).order_by("pk")[:600])
    for row in rows:
        at = tuple(Decimal(str(one)) for one in row["at"]) if row["at"] else None
        cost = row["cost"] * EUROS if "cost" in row else None
        said = suggestions.Written(row["title"], row["body"], envelope, row["place"], at, cost)
        with dated(moment(row["on"])):
            filed = suggestions.file(budget, said, by=_author(row["author"], people))
        Suggestion.objects.filter(pk=filed.pk).update(created_at=moment(row["on"]))
        turned = crowd[filed.number * 17 :] + crowd[: filed.number * 17]
        Support.objects.bulk_create(Support(suggestion=filed, participant=who) for who in turned[: row["supports"]])


def _author(name: str, people: dict[str, User]) -> Participant:
    """Who took part before under this name, or a new account."""
    if name == "Les Parents du Moulin":
        return participant_of(people["asso@demo.example"])
    email = f"{slugify(name)}@demo.example"
    return participant_of(User.objects.filter(email=email).first() or create_person(email=email, name=name))


def _set_aside(budget: Budget, rows: list[dict[str, Any]], *, by: User) -> None:
    for row in rows:
        idea = Suggestion.objects.get(budget=budget, number=row["idea"])
        with dated(moment(row["on"])):
            suggestions.set_aside(idea, reason=row["reason"], by=by)
        Suggestion.objects.filter(pk=idea.pk).update(state_changed_at=moment(row["on"]))


def _study(budget: Budget, row: dict[str, Any], days: dict[str, str], *, by: User, evaluator: User) -> None:
    """Made of its ideas, sent to study, studied and signed; public with the others."""
    made_on, sent_on = moment(days["made_on"]), moment(days["studied_on"])
    with dated(made_on):
        made = projects.make(budget, _content(budget, row), of=row["ideas"], by=by)
    with dated(sent_on):
        sent = projects.send_to_study(made, by=by)
        study = studying.assign(sent, by=by, evaluator=evaluator, due_on=day("2026-10-15"))
    Project.objects.filter(pk=made.pk).update(created_at=made_on, state_changed_at=sent_on)
    made.moves.filter(state=ProjectState.PREPARED).update(at=made_on)
    made.moves.filter(state=ProjectState.STUDIED).update(at=sent_on)
    signed_on = moment(days["published_on"]) - timedelta(days=6)
    with dated(signed_on):
        _conclude(study, row, evaluator, on=signed_on)


def _conclude(study: Study, row: dict[str, Any], by: User, *, on: datetime) -> None:
    for kind, name, label in ((CostKind.INVEST, "cost", "Travaux"), (CostKind.RUNNING, "running", "Entretien")):
        if row.get(name):
            studying.add_line(study, label=label, kind=kind, amount=row[name] * EUROS, by=by)
    verdict = StudyVerdict.NOT_FEASIBLE if "reason" in row else StudyVerdict.FEASIBLE
    study = studying.conclude(study, studying.Concluded(verdict, row.get("reason", WHY)), by=by)
    studying.sign(study, seen=studies.fingerprint(study), by=by, on=on)


def _content(budget: Budget, row: dict[str, Any]) -> projects.Content:
    picture = None
    if "picture" in row:
        path = FOLDER / "budgets" / f"{row['picture']}.png"
        with path.open("rb") as drawing:
            picture = prepared(path.name, drawing, path.stat().st_size)
    return projects.Content(
        title=row["title"],
        summary=row["summary"],
        body=row["body"],
        envelope=budget.page.envelopes.get(),
        theme=row["theme"],
        site=row.get("site", ""),
        place=row["place"],
        at=(Decimal(str(row["at"][0])), Decimal(str(row["at"][1]))),
        picture=picture,
        picture_description=row.get("picture_description", ""),
    )
