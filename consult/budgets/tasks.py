"""Deferred work of budgets: keys as arguments, safe to run twice. Acts ring after commit."""

from celery import shared_task

from consult.budgets import archives, boxes, counting, exports, result_letters, telling
from consult.budgets.models import Budget, BudgetTold
from consult.tasks import ring

__all__ = ["ring"]


@shared_task
def tell_studies(publication_pk: int) -> None:
    telling.tell(BudgetTold.objects.filter(publication=publication_pk))


@shared_task
def tell_project_news(news_pk: int) -> None:
    telling.tell(BudgetTold.objects.filter(news=news_pk))


@shared_task
def tell_late() -> None:
    telling.tell(telling.late())


@shared_task
def count_ballots(count_pk: int) -> None:
    counting.run(count_pk)


@shared_task
def tell_result(budget_pk: int) -> None:
    budget = Budget.objects.get(pk=budget_pk)
    exports.keep(budget)
    archives.make(budget)
    result_letters.tell(budget_pk)


@shared_task
def sweep_boxes() -> None:
    """A batch of paper is closed: nothing of the order of its sheets is left in the files of the base."""
    boxes.sweep()


@shared_task
def take_up_counts() -> None:
    for count in counting.to_take_up():
        counting.run(count)
    for budget in result_letters.late():
        result_letters.tell(budget)
