"""Deferred work of the room: keys as arguments, safe to run twice. Acts ring after commit."""

import logging
from typing import Any

from celery import Task, shared_task
from kombu.exceptions import OperationalError

from consult import asking, folding, letters, news
from consult.maps import drawing
from consult.themes import running

logger = logging.getLogger(__name__)


def ring(task: Task, *keys: Any) -> None:
    """Ask the worker. A silent broker is no error: the next one who writes under this proposition rings again."""
    try:
        task.delay(*keys)
    except OperationalError:
        logger.warning("the broker does not answer; %s%s waits", task.name, keys)


@shared_task
def tidy_thread(proposition_pk: int) -> None:
    folding.fold(proposition_pk)
    folding.rank(proposition_pk)


@shared_task
def tell_decisions(publication_pk: int) -> None:
    letters.tell(publication_pk)


@shared_task
def tell_late_decisions() -> None:
    for publication in letters.publications_to_tell():
        letters.tell(publication)


@shared_task
def ask_supporters(merge_pk: int) -> None:
    asking.tell(merge_pk)


@shared_task
def tell_news(news_pk: int) -> None:
    news.tell(news_pk)


@shared_task
def tell_late_news() -> None:
    for merge in asking.merges_to_ask():
        asking.tell(merge)
    for one in news.late():
        news.tell(one)


@shared_task
def draw_map(consultation_pk: int) -> None:
    drawing.draw(consultation_pk)


@shared_task
def draw_maps() -> None:
    for consultation in drawing.to_draw():
        ring(draw_map, consultation)


@shared_task
def find_themes(run_pk: int) -> None:
    running.run(run_pk)


@shared_task
def find_late_themes() -> None:
    for run in running.late():
        running.run(run)
