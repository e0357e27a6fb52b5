"""What the clock starts (Celery beat): a door like the others. Each task may run twice, at any time."""

from datetime import timedelta

from celery import shared_task
from django.db.models.functions import Now

from feedback import tasks
from feedback.actions import alerts, answering, follow_ups, importing, intake, privacy, radar, regrouping
from feedback.models import Fiche


@shared_task
def sweep() -> None:
    """What the doorbell missed: fiches to mask, to group or to answer, files whose import was asked for."""
    earlier = Fiche.objects.filter(created_at__lt=Now() - timedelta(seconds=10)).order_by("pk")
    for fiche in earlier.waiting_for_masking()[:50]:
        intake.mask_again(fiche)
    for fiche in earlier.waiting_for_placement().filter(imported_in=None)[:50]:
        tasks.place_fiche(fiche.pk)
    importing.place_the_rest()
    answering.tell_the_untold()
    importing.purge_old()
    regrouping.take_up_the_rest()
    radar.take_up_the_reading()
    for waiting in importing.started():
        run_import(waiting)


@shared_task
def run_import(import_pk: int) -> None:
    """Rung by ``importing.start``; a file whose worker was killed, or whose bell was not heard, is taken up here."""
    importing.run(import_pk)


@shared_task
def regroup() -> None:
    regrouping.start_the_night()


@shared_task
def run_part(part_pk: int) -> None:
    """Rung for each part of a regrouping; one whose worker was killed is rung again by ``sweep``."""
    regrouping.run_part(part_pk)


@shared_task
def apply_proposal(proposal_pk: int) -> None:
    regrouping.apply(proposal_pk)


@shared_task
def purge_expired() -> None:
    privacy.purge_expired()


@shared_task
def ask_follow_ups() -> None:
    follow_ups.ask_due_follow_ups()


@shared_task
def watch_surges() -> None:
    alerts.watch()


@shared_task
def watch_floods() -> None:
    alerts.watch_floods()


@shared_task
def suggest_documents() -> None:
    """Documents that enough people are asked for again become suggestions, told to both owners."""
    radar.suggest()
