"""``draw_panel FILE --quotas FILE.json --seed …``: a citizens' panel drawn by lot, again by anybody. No database."""

import csv
import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

import spreadsheets
from tally.panels import Impossible, Pool, chances, draw, fingerprint, replaced
from tally.panels.drawing import METHOD
from tally.panels.pool import Bounds


class Command(BaseCommand):
    @property
    def help(self) -> str:
        return _("Draws a citizens' panel from a list of volunteers, with quotas: the same for the same seed.")

    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help=_("volunteers: a column “id”, and one a category"))
        parser.add_argument(
            "--quotas", type=Path, required=True, help='{"size": 30, "quotas": {"age": {"16-29": [7, 9]}}}'
        )
        parser.add_argument("--seed", required=True, help=_("the public number drawn after the list was published"))
        parser.add_argument(
            "--chances", type=int, default=0, metavar="N", help=_("measure each one's chance on N draws")
        )
        parser.add_argument(
            "--gone",
            default="",
            metavar="ID,ID",
            help=_("who gave their place back since, in order: others are called"),
        )
        parser.add_argument("--json", action="store_true")

    def handle(
        self, *, file: Path, quotas: Path, seed: str, chances: int, gone: str, json: bool, **_options: Any
    ) -> None:
        pool = _pool(file, quotas)
        try:
            found = draw(pool, seed=seed)
            told = {
                "method": METHOD,
                "input_hash": fingerprint(pool.volunteers),
                "seed": seed,
                "chosen": found.chosen,
                "counts": found.counts,
            }
            if gone:
                told["panel_now"] = replaced(pool, found, gone=_known(pool, gone))
            if chances:
                told["chances"] = _rounded(pool, seed, chances)
        except Impossible as impossible:
            raise CommandError(_impossible(impossible)) from impossible
        self.stdout.write(_as_json(told) if json else _summary(pool, told))


def _rounded(pool: Pool, seed: str, draws: int) -> dict[str, float]:
    return {one: round(chance, 4) for one, chance in chances(pool, seed=seed, draws=draws).items()}


def _known(pool: Pool, gone: str) -> list[str]:
    people = [one.strip() for one in gone.split(",") if one.strip()]
    if unknown := [one for one in people if one not in pool.volunteers]:
        raise CommandError(_("%(id)s is not in the list") % {"id": unknown[0]})
    return people


def _pool(file: Path, quotas: Path) -> Pool:
    try:
        rules = json.loads(quotas.read_text(encoding="utf-8"))
        bounds = {name: {value: Bounds(*pair) for value, pair in of.items()} for name, of in rules["quotas"].items()}
        return Pool(_volunteers(file), bounds, int(rules["size"]))
    except OSError as error:
        raise CommandError(_("This file cannot be read: %(name)s") % {"name": error.filename}) from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise CommandError(_("The list or the quotas cannot be read: %(why)s") % {"why": error}) from error


def _volunteers(file: Path) -> dict[str, dict[str, str]]:
    content = spreadsheets.decoded(file.read_bytes())
    rows = list(csv.DictReader(content.splitlines(), delimiter=spreadsheets.separator_of(content)))
    if not rows or "id" not in rows[0]:
        raise ValueError(_("the list has a column “id”, and one line a volunteer"))
    found: dict[str, dict[str, str]] = {}
    for row in rows:
        if None in row or None in row.values() or not row["id"]:
            raise ValueError(_("a line has too few cells, or too many"))
        one = spreadsheets.restored(row.pop("id"))
        if one in found:
            raise ValueError(_("%(id)s is there twice") % {"id": one})
        found[one] = {name: spreadsheets.restored(value) for name, value in row.items()}
    return found


def _impossible(impossible: Impossible) -> str:
    if not impossible.reasons:
        return _("No panel respects these quotas together. Widen one of them.")
    category, value, wanted, there = impossible.reasons[0]
    told = {"category": category, "value": value, "wanted": wanted, "there": there}
    if value:
        return _("No panel respects these quotas: %(category)s %(value)s wants %(wanted)d, there are %(there)d.") % told
    return _("No panel respects these quotas: %(category)s wants %(wanted)d, it can have %(there)d.") % told


def _as_json(told: dict[str, Any]) -> str:
    return json.dumps(told, ensure_ascii=False, indent=1)


def _summary(pool: Pool, told: dict[str, Any]) -> str:
    """The panel, its counts beside the quotas, and what to compare."""
    lines = [" ".join(told["chosen"]), ""]
    for category, counts in told["counts"].items():
        for value, count in counts.items():
            low, high = pool.bounds(category, value)
            lines.append(f"{category} {value}: {count} ({low}-{high})")
    if "panel_now" in told:
        lines += ["", _("Panel now: %(people)s") % {"people": " ".join(told["panel_now"])}]
    if "chances" in told:
        low, high = min(told["chances"].values()), max(told["chances"].values())
        lines += ["", _("Chances: from %(low).3f to %(high).3f") % {"low": low, "high": high}]
    proof = _("Fingerprint of the list: %(input_hash)s (method %(method)s)") % told
    return "\n".join([*lines, "", proof])
