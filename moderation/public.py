"""What everybody may read of moderation: what was removed, when, by which rule, why."""

from dataclasses import dataclass
from datetime import datetime

from moderation import kinds, policies
from moderation.choices import NEVER_SHOWN_AGAIN, Rule
from moderation.models import Case, Decision

A_PAGE = 20


@dataclass(frozen=True)
class Removed:
    """One removed contribution. ``text`` is empty when the rule forbids to show it again: ``is_withheld``."""

    number: str
    label: str
    context: str
    removed_at: datetime
    rule: str
    facts: str
    text: str
    is_withheld: bool
    contact: str


def basket(page_pk: int, *, start: int = 0, many: int = A_PAGE) -> tuple[list[Removed], int]:
    """What was removed from a page, the last first, and how much there is in all."""
    cases = policies.removed_in(page_pk)
    return _told(list(cases[start : start + many])), cases.count()


def tombstone(case: Case) -> Removed | None:
    """What stands at the address of a removed contribution; None for what was not removed."""
    found = policies.removed().filter(pk=case.pk).first()
    return next(iter(_told([found])), None) if found else None


def _told(cases: list[Case]) -> list[Removed]:
    about = kinds.shown(cases)
    last: dict[int, Decision] = {one.case_id: one for one in policies.decisions_on(cases)}
    return [_removed(case, about[case.pk], last[case.pk]) for case in cases if case.pk in about and case.pk in last]


def _removed(case: Case, shown: kinds.Shown, decision: Decision) -> Removed:
    is_withheld = decision.rule in NEVER_SHOWN_AGAIN
    words = f"{shown.title}\n\n{shown.text}" if shown.title else shown.text
    return Removed(
        number=shown.number,
        label=str(kinds.kind_of(case).label),
        context=shown.context,
        removed_at=decision.created_at,
        rule=str(Rule(decision.rule).label),
        # The facts quote what was wrong: they are told to the author, and to nobody when the text may not be read.
        facts="" if is_withheld else decision.facts,
        text="" if is_withheld else words,
        is_withheld=is_withheld,
        contact=shown.contact,
    )
