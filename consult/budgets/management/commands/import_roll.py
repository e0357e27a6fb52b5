"""``import_roll SLUG FILE.csv``: the voter roll of a budget, kept as hashes only."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consult.budgets.actions.registering import bring_roll
from consult.budgets.models import Budget
from consult.errors import RuleBroken


class Command(BaseCommand):
    help = "Brings the voter roll of a budget: a CSV with a date of birth, and a number or names. It keeps no name."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="of the page of the budget")
        parser.add_argument("file", type=Path, help="CSV whose first line names its columns")

    def handle(self, *args: Any, **options: Any) -> None:
        budget = Budget.objects.filter(page__slug=options["slug"]).first()
        if budget is None:
            raise CommandError(_("No budget has this address: %(slug)s.") % {"slug": options["slug"]})
        try:
            people = bring_roll(budget, options["file"].read_bytes())
        except RuleBroken as broken:
            raise CommandError(str(broken)) from broken
        self.stdout.write(ngettext("%(n)d person on the roll.", "%(n)d people on the roll.", people) % {"n": people})
