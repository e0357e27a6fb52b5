"""Ideas that look like the text that somebody is writing: the same words, weighed as for propositions."""

from consult import similar
from consult.budgets.models import Budget, Suggestion


def similar_ideas(budget: Budget, text: str, *, but: int = 0, most: int = similar.SHOWN) -> list[Suggestion]:
    """Those published in this budget that say nearly this text, the nearest first. ``but``: the key of one to leave."""
    among = similar.Among(budget.pk, budget.last_idea, table="budgets_suggestion", within="budget_id")
    keys = similar.nearest(among, text, but=but, most=most)
    found = Suggestion.objects.public().select_related("envelope").defer("search").in_bulk(keys)
    return [found[key] for key in keys if key in found]
