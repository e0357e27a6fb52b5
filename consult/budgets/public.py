"""What everybody may read of a budget: its page in their language, its phases and its envelopes.

Everything people write hangs on the page written first; a translation lends its words only.
"""

from dataclasses import dataclass
from datetime import datetime

from consult.budgets import policies
from consult.budgets.choices import BudgetAct, BudgetPhaseKind
from consult.budgets.models import Budget, BudgetPage, BudgetPhase, Envelope
from consult.budgets.phases import clock, current


@dataclass(frozen=True)
class Shared:
    """A budget as it is read at a moment: ``page`` speaks the reader's language, the rest is the first page's."""

    budget: Budget
    page: BudgetPage
    phases: list[BudgetPhase]
    envelopes: list[Envelope]
    at: datetime

    @property
    def total(self) -> int:
        """What is shared out, in cents."""
        return sum(one.amount for one in self.envelopes)

    @property
    def slug(self) -> str:
        """Of the addresses: the page written first."""
        return self.budget.page.slug

    def open_for(self, act: BudgetAct) -> BudgetPhase | None:
        """The phase that allows this now; the acts judge again when they are done."""
        return current(self.phases, act, at=self.at)

    def phase(self, kind: BudgetPhaseKind) -> BudgetPhase | None:
        return next((one for one in self.phases if one.kind == kind), None)


def read(budget: Budget, *, language: str, at: datetime | None = None) -> Shared:
    """One of ``policies.budgets``, with its page; ``at`` None: now, by the database's clock."""
    page = budget.page
    if page.locale.language_code != language:
        others = policies.pages().filter(translation_key=budget.translation_key, locale__language_code=language)
        page = others.select_related("locale", "administration", "picture").first() or page
    return Shared(
        budget=budget,
        page=page,
        phases=sorted(budget.page.phases.all(), key=lambda one: one.opens_at),
        envelopes=list(budget.page.envelopes.all()),
        at=at or clock(),
    )


def read_all(*, language: str, at: datetime) -> list[Shared]:
    """Every budget that everybody may read, in a fixed number of questions."""
    rows = list(policies.budgets().select_related("page__locale", "page__administration"))
    phases, envelopes = policies.phases_of(rows), policies.envelopes_of(rows)
    words = policies.words_of(rows, language)
    return [
        Shared(
            budget=one,
            page=words.get(one.translation_key, one.page),
            phases=phases.get(one.page_id, []),
            envelopes=envelopes.get(one.page_id, []),
            at=at,
        )
        for one in rows
    ]
