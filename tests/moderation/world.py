"""Contributions to judge, written as people would, for tests."""

from itertools import count

from accounts.choices import RoleKind
from accounts.models import User
from consult.choices import PhaseKind, Side
from consult.models import Argument, Consultation, Proposition
from consult.people import participant_of
from moderation.actions import decide, open_case, report, reporter_key
from moderation.choices import Outcome, Rule, Timing
from moderation.models import Case, Decision, Notice
from tests.consult.world import consultation, section_of
from tests.factories import UserFactory

NUMBERS = count(1)
FACTS = "Vous accusez des personnes de vol sans preuve."


def asked(timing: Timing = Timing.AFTER) -> Consultation:
    return consultation(PhaseKind.CONTRIBUTE, PhaseKind.VOTE, timing=timing)


def proposition(
    where: Consultation | None = None,
    *,
    text: str = "Les enfants y apprendraient le vélo.",
    title: str = "Fermer le quai le dimanche",
    timing: Timing = Timing.AFTER,
    by: User | None = None,
) -> Proposition:
    where = where or asked()
    case = open_case("proposition", page=where.page, timing=timing)
    return Proposition.objects.create(
        consultation=where,
        number=next(NUMBERS),
        section=section_of(where),
        author=participant_of(by or UserFactory()),
        title=title,
        body=f"<p>{text}</p>",
        case=case,
        is_shown=case.is_shown,
    )


def argument(on: Proposition, *, text: str = "Le marché en vivrait mieux.", by: User | None = None) -> Argument:
    case = open_case("argument", page=on.consultation.page, timing=Timing.AFTER)
    return Argument.objects.create(
        proposition=on,
        number=next(NUMBERS),
        side=Side.FOR,
        text=text,
        author=participant_of(by or UserFactory()),
        case=case,
        is_shown=case.is_shown,
    )


def moderator() -> User:
    return UserFactory(holds=[RoleKind.MODERATOR])


def notice(case: Case, *, rule: Rule = Rule.FALSEHOOD, email: str = "", by: User | None = None, **said: str) -> Notice:
    """By this account, this address, or somebody nobody knows."""
    key = reporter_key(user=by, email=email, token=str(next(NUMBERS)))
    return report(case, rule=rule, key=key, email=email, by=by, is_good_faith=True, **said)


def remove(
    case: Case, *, by: User, rule: Rule = Rule.FALSEHOOD, facts: str = FACTS, after: int | None = None
) -> Decision:
    return decide(case, outcome=Outcome.REMOVE, rule=rule, facts=facts, after=after, by=by)
