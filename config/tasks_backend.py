"""Wagtail's own deferred work (indexes of references and of search) goes to Celery, after commit.

Wagtail's default backend runs it inside the request and swallows what goes wrong.
"""

from typing import Any

from celery import shared_task
from django.db import transaction
from django.utils.module_loading import import_string
from django_tasks.backends.base import BaseTaskBackend
from django_tasks.base import Task, TaskResult, TaskResultStatus
from django_tasks.utils import get_random_id
from kombu.exceptions import OperationalError


class CeleryBackend(BaseTaskBackend):
    """Enqueues on Celery; a broker that does not answer makes the work happen at once instead."""

    def enqueue(self, task: Task, args: Any, kwargs: Any) -> TaskResult:
        self.validate_task(task)
        transaction.on_commit(lambda: _ring(task, list(args), dict(kwargs)))
        return TaskResult(
            task=task,
            id=get_random_id(),
            status=TaskResultStatus.READY,
            enqueued_at=None,
            started_at=None,
            last_attempted_at=None,
            finished_at=None,
            args=list(args),
            kwargs=dict(kwargs),
            backend=self.alias,
            errors=[],
            worker_ids=[],
        )


def _ring(task: Task, args: list, kwargs: dict) -> None:
    try:
        run.delay(task.module_path, args, kwargs)
    except OperationalError:
        task.call(*args, **kwargs)


@shared_task(name="config.tasks_backend.run")
def run(path: str, args: list, kwargs: dict) -> None:
    import_string(path).call(*args, **kwargs)
