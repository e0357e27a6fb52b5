"""The hours at which editors asked for pages to be public, or to be so no longer: every page of the site."""

import logging

from django.db import transaction
from django.utils import timezone
from wagtail.models import Page, Revision

from consult.errors import Unpublishable

logger = logging.getLogger(__name__)


def keep_hours() -> None:
    """As Wagtail's ``publish_scheduled``; what may not be public (any more) keeps nothing else from its hour.

    A draft that is refused stays scheduled: it is public once what it lacks is there.
    """
    now = timezone.now()
    for page in Page.objects.filter(live=True, expire_at__lt=now):
        page.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")
    for key in Revision.objects.filter(approved_go_live_at__lt=now).order_by("approved_go_live_at").values_list("pk"):
        _publish(*key)


@transaction.atomic
def _publish(key: int) -> None:
    due = Revision.objects.select_for_update(skip_locked=True).filter(pk=key, approved_go_live_at__isnull=False)
    for revision in due:
        try:
            with transaction.atomic():
                revision.publish(log_action="wagtail.publish.scheduled")
        except Unpublishable as refused:
            logger.error("%s is not published at its hour: %s", revision.object_str, refused)
