"""``manage.py translations check|update|compile``: the French catalogue."""

from django.core.management.base import BaseCommand, CommandError, CommandParser

from config import translations


class Command(BaseCommand):
    help = "Check, update or compile the French catalogue."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("act", choices=["check", "update", "compile"])

    def handle(self, *, act: str, **_: object) -> None:
        {"check": self.complain, "update": self.update, "compile": translations.compile_catalogue}[act]()

    def complain(self) -> None:
        faults = [f"sans traduction : {key}" for key in translations.missing()]
        faults += [f"ne sert plus : {key}" for key in translations.unused()]
        if faults:
            raise CommandError("\n".join(faults))
        self.stdout.write("Toutes les phrases sont traduites.")

    def update(self) -> None:
        translations.update()
        self.stdout.write(f"{len(translations.missing())} phrases à traduire dans {translations.CATALOGUE}.")
