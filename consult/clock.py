"""What the clock starts. Each may run twice."""

from celery import shared_task

from consult import archives, digests, meeting_letters, phases, reminding
from consult.actions import drafts, importing, meetings, panels, scheduling, surveys, visiting


@shared_task
def purge_drafts() -> None:
    drafts.purge()
    importing.purge()
    surveys.purge()


@shared_task
def purge_visitor_acts() -> None:
    visiting.purge()


@shared_task
def send_digests() -> None:
    """Several times in the morning: what a dead worker left is taken up, nobody is told twice."""
    digests.promise_due(at=phases.clock())


@shared_task
def remind_of_meetings() -> None:
    meetings.fill_seats()
    meeting_letters.remind()


@shared_task
def keep_panels() -> None:
    panels.keep_up()


@shared_task
def publish_scheduled() -> None:
    scheduling.keep_hours()


@shared_task
def remind_of_follow_up() -> None:
    reminding.remind()


@shared_task
def make_open_data() -> None:
    archives.make_all()


@shared_task
def remake_open_data() -> None:
    """Files that are no longer given, because something they hold was taken back since."""
    archives.make_all(only_stale=True)
