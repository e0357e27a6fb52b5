"""Everything in order, in one transaction: a demo is there or not."""

from collections.abc import Callable

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Cast

from config.demo import (
    budgets,
    campaign,
    consultations,
    debate,
    decisions,
    fiches,
    gatherings,
    moderation,
    opinions,
    pages,
    propositions,
    realised,
    stories,
    town,
)
from config.demo.files import last_day
from consult import archives
from consult.budgets import archives as budget_archives
from directory.models import Administration
from feedback import grouping
from feedback.actions import alerts, radar
from feedback.models import Fiche
from letters.choices import LetterState
from letters.models import Letter

Say = Callable[[str], None]


def is_loaded() -> bool:
    return Administration.objects.exists()


@transaction.atomic
def load(*, say: Say) -> None:
    """Load the demo town; ``say`` hears each step."""
    say("La ville, ses services et ses agents…")
    town.load_town()
    pages.write_pages()
    people = town.load_people()
    say("Les consultations…")
    consultations.ask(by=people["admin@demo.example"])
    propositions.propose(people)
    debate.discuss(people)
    opinions.answer(people)
    gatherings.gather(people)
    say("Ce qui est signalé, ce qui est jugé…")
    moderation.judge(people)
    say("Ce que la ville en a décidé…")
    decisions.decide(people)
    say("Le budget participatif…")
    budgets.share_out(people)
    realised.build(people)
    say("Les fiches des habitants…")
    filed = fiches.file_fiches(people)
    say("Le regroupement…")
    grouping.cut_many([*filed, *campaign.file_campaign()])
    grouping.regroup()
    say("Ce que les services ont répondu…")
    stories.tell(filed, people)
    say("Ce qui monte, et ce que beaucoup envoient…")
    alerts.watch(today=last_day())
    alerts.watch_floods(today=last_day())
    radar.suggest()
    _put_back_dates()
    say("Les données ouvertes…")
    archives.make_all()
    budget_archives.make_all()


def _put_back_dates() -> None:
    """Fiches were recorded on the day they were received, and what was promised to their authors was sent."""
    created = Fiche._meta.get_field("created_at")
    Fiche.objects.update(created_at=Cast(F("received_on"), created), state_changed_at=Cast(F("received_on"), created))
    Letter.objects.filter(state=LetterState.PROMISED).exclude(channel="print").update(state=LetterState.SENT)
