"""What the clock starts. Each may run twice."""

from celery import shared_task

from consult.budgets import archives, boxes, reminding
from consult.budgets.actions import closing, freezing, idea_drafts, kiosks, publishing_studies, roll_files


@shared_task
def publish_planned_studies() -> None:
    """Every minute: the studies whose hour has come."""
    publishing_studies.publish_due()


@shared_task
def freeze_regulations() -> None:
    """Every minute: the ballots that open, where no editor froze the regulation before."""
    freezing.freeze_due()


@shared_task
def close_ballots() -> None:
    """Every minute: the ballots whose hour has passed. What is left of the order of rows goes with them."""
    if [budget for budget in closing.to_close() if closing.close(budget)]:
        boxes.sweep()


@shared_task
def mix_ballots() -> None:
    """Every hour, while people vote."""
    for budget in closing.open_now():
        closing.mix(budget)


@shared_task
def end_kiosk_sessions() -> None:
    """Every minute: codes that nobody typed, sessions that nobody ended."""
    kiosks.forget_late()


@shared_task
def forget_roll_files() -> None:
    """Voter rolls that were read and never confirmed."""
    roll_files.forget_late()


@shared_task
def remind_of_ballots() -> None:
    reminding.remind()


@shared_task
def purge_idea_drafts() -> None:
    """Each night: the ideas that nobody sent in thirty days."""
    idea_drafts.purge()


@shared_task
def make_open_data() -> None:
    archives.make_all()


@shared_task
def remake_open_data() -> None:
    """Files that are no longer given, because an idea they hold was taken back since."""
    archives.make_all(only_stale=True)
