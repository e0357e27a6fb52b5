"""A consultation with an opinion map, and people who answer alike, for tests."""

from typing import Any

from consult.actions import statements as acts
from consult.choices import Level, PhaseKind, Stance
from consult.models import Consultation, ConsultationPage, Participant, Phase, Statement, StatementAnswer
from moderation.choices import Timing
from tests.consult.world import consultation

SEEDS = (
    "Fermer le quai aux voitures tous les jours.",
    "Garder les places de stationnement.",
    "Planter des platanes sur toute la longueur.",
    "Livrer les commerces avant dix heures seulement.",
    "Laisser passer les bus.",
    "Ouvrir une baignade surveillée dans la Lorne.",
    "Éclairer moins après minuit.",
    "Réparer d’abord les trottoirs.",
    "Une piste cyclable à part.",
    "Un marché le samedi.",
)


def mapped(
    *kinds: PhaseKind,
    timing: Timing = Timing.AFTER,
    seeds: tuple[str, ...] = SEEDS,
    level: str = Level.VISITOR,
    **rules: Any,
) -> Consultation:
    """Live, open to answers unless other phases are named, its first statements written."""
    asked = consultation(*(kinds or (PhaseKind.VOTE,)), timing=timing)
    fields = {"has_map": True, "map_seeds": "\n".join(seeds), "map_hides_results": False, **rules}
    ConsultationPage.objects.filter(pk=asked.page_id).update(**fields)
    Phase.objects.filter(page=asked.page_id).update(level=level)
    asked = Consultation.objects.select_related("page").get(pk=asked.pk)
    acts.sow(asked, asked.page, by=None)
    asked.refresh_from_db()
    return asked


def crowd(many: int, *, start: int = 0) -> list[Participant]:
    rows = [Participant(name=f"Habitant {n}", email_key=f"carte {n}") for n in range(start, start + many)]
    return Participant.objects.bulk_create(rows)


def two_camps(asked: Consultation, many: int = 80) -> list[Participant]:
    """Half of them want no cars, half want them; all want the pavements repaired. Some noise, always the same."""
    people, statements = crowd(many), list(Statement.objects.filter(consultation=asked).order_by("number"))
    rows = []
    for place, person in enumerate(people):
        for rank, one in enumerate(statements):
            rows.append(StatementAnswer(statement=one, participant=person, stance=_stance(place, rank)))
    StatementAnswer.objects.bulk_create(rows)
    return people


def _stance(place: int, rank: int) -> Stance:
    drawn = (place * 7919 + rank * 104729 + place * rank * 31) % 100
    if drawn < 8:
        return Stance.PASS
    says_yes = True if rank == 7 else (place % 2 == 0) == (rank % 2 == 0)
    return Stance.AGREE if says_yes != (drawn >= 92) else Stance.DISAGREE
