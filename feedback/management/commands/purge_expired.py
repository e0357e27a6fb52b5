from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from feedback.actions.privacy import purge_expired
from moderation.actions import purge_addresses


class Command(BaseCommand):
    help = "Erases the texts and contacts kept as long as announced. Run it every night; running it twice is harmless."

    def handle(self, *args: Any, **options: Any) -> None:
        purged = purge_expired()
        self.stdout.write(
            _("%(texts)d texts and %(contacts)d contacts erased.")
            % {"texts": purged.texts, "contacts": purged.contacts}
        )
        erased = purge_addresses()
        self.stdout.write(_("%(addresses)d addresses of people who reported a text erased.") % {"addresses": erased})
