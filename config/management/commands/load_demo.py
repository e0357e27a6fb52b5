"""``manage.py load_demo``: the demo town, once."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config import demo


class Command(BaseCommand):
    help = "Load the demo town, unless administrations exist already."

    def handle(self, **_: object) -> None:
        if not settings.DEMO_ALLOWED:
            raise CommandError("La démonstration ne se charge pas sur un site en production.")
        if demo.is_loaded():
            self.stdout.write("La démonstration est déjà là.")
            return
        demo.load(say=self.stdout.write)
        self.stdout.write("La démonstration est prête.")
