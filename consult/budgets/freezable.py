"""What freezing a regulation keeps, as an editor reads it before pressing the button, and everybody afterwards."""

from typing import Any

from consult.budgets import eligibility, plain_words, policies, readiness
from consult.budgets.models import Budget, FrozenRegulation
from consult.budgets.rules import read_rules
from consult.count_words import amount


def read(budget: Budget, frozen: FrozenRegulation | None) -> dict[str, Any]:
    """Plain values: ``missing`` (sentences), ``parts``, ``conditions``, and ``envelopes`` with their projects."""
    rules = read_rules(frozen.content["rules"] if frozen else budget.page.rules)
    envelopes = policies.envelopes(budget)
    return {
        "missing": [] if frozen else readiness.missing(budget),
        "parts": plain_words.parts(rules, envelopes) if rules else [],
        "conditions": [str(one) for one in eligibility.asked_of(budget)],
        "envelopes": _frozen_money(frozen) if frozen else _money(budget),
    }


def _money(budget: Budget) -> list[dict[str, Any]]:
    projects = list(policies.retained(budget))
    return [
        {
            "title": one.title,
            "amount": amount(one.amount),
            "projects": [
                {"number": each.number, "title": each.title, "cost": amount(each.cost or 0)}
                for each in projects
                if each.envelope_id == one.pk
            ],
        }
        for one in policies.envelopes(budget)
    ]


def _frozen_money(frozen: FrozenRegulation) -> list[dict[str, Any]]:
    return [
        {
            "title": title,
            "amount": amount(money),
            "projects": [
                {"number": each[0], "title": each[2], "cost": amount(each[3])}
                for each in frozen.content["projects"]
                if each[1] == key
            ],
        }
        for key, title, _kind, money in frozen.content["envelopes"]
    ]
