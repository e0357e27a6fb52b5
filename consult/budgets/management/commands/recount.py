"""``manage.py recount BUDGET``: counts a signed budget again from its ballots; fails when a hash is another."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from consult.budgets.models import Budget
from consult.budgets.recounting import recount
from consult.count_words import misruled
from tally.budgets import BadRegulation, UnsettledTie


class Command(BaseCommand):
    @property
    def help(self) -> str:
        return _("Counts the ballots of a budget again, and compares with the official count.")

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("budget", metavar="BUDGET", help=_("the last word of its address"))

    def handle(self, *, budget: str, **_options: Any) -> None:
        found = Budget.objects.filter(page__slug=budget).first()
        if found is None:
            raise CommandError(_("There is no budget “%(slug)s”.") % {"slug": budget})
        try:
            again = recount(found)
        except (UnsettledTie, ValueError) as wrong:
            reason = misruled(wrong) if isinstance(wrong, BadRegulation) else wrong
            raise CommandError(_("NOT the same as the official count: %(reason)s") % {"reason": reason}) from wrong
        if not again:
            raise CommandError(_("The count of “%(slug)s” is not signed yet.") % {"slug": budget})
        for one in again:
            self.stdout.write(f"{one.count.envelope}  {', '.join(one.winners)}")
            self.stdout.write(f"  {one.count.outcome_hash}  " + _("official"))
            self.stdout.write(f"  {one.hash}  " + _("counted again"))
        if any(not one.is_same for one in again):
            raise CommandError(_("NOT the same as the official count."))
        self.stdout.write(_("The same as the official count."))
