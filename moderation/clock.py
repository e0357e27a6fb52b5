"""What the clock starts (Celery beat): a door like the others."""

from celery import shared_task

from moderation import actions


@shared_task
def purge_addresses() -> None:
    actions.purge_addresses()
