"""Deferred work of budgets: keys as arguments, safe to run twice. Acts ring after commit."""

from celery import shared_task

from consult.budgets import telling
from consult.budgets.models import BudgetTold
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
