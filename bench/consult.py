"""A consultation of 2,000 propositions, 20,000 arguments and 50,000 votes: ``./cahier bench consult [--more 18000]``.

Pages and acts through the whole stack of Django (test client: middleware, session, CSRF off), on a database of its own.
CPU milliseconds per request: this process, and its session of PostgreSQL (``/proc``), beside a bare view that only says
« ok » in the same run. Then the same with 20,000 propositions. The counters are proved by a recount at the end.
"""

import argparse
import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django

RESULTS = Path(__file__).parent / "results"
TICKS = os.sysconf("SC_CLK_TCK")
PEOPLE, HOT, HOT_ARGUMENTS = 2_000, 5, 400
ROUNDS, REQUESTS = 5, 40  # PostgreSQL's CPU is told in hundredths of a second: forty requests make a figure


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench.consult", description=__doc__)
    parser.add_argument("--propositions", type=int, default=2_000)
    parser.add_argument("--arguments", type=int, default=20_000)
    parser.add_argument("--votes", type=int, default=50_000)
    parser.add_argument("--more", type=int, default=18_000, help="propositions added for the second measure")
    wanted = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
    django.setup()
    from django.db import connection

    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        report = measured(wanted)
    finally:
        connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "consult.json").write_text(json.dumps(report, indent=1) + "\n")
    return 0


def measured(wanted: argparse.Namespace) -> dict[str, Any]:
    from consult import counting

    asked, people = town()
    fill(asked, people, propositions=wanted.propositions, arguments=wanted.arguments, votes=wanted.votes)
    report: dict[str, Any] = {"load average": [round(one, 1) for one in os.getloadavg()]}
    report[f"{wanted.propositions} propositions"] = pages(asked, people)
    if wanted.more:
        add_propositions(asked, people, wanted.more)
        report[f"{wanted.propositions + wanted.more} propositions"] = pages(asked, people)
    asked.refresh_from_db()
    report["counters that are wrong"] = len(counting.differences(asked))
    print("counters that are wrong:", report["counters that are wrong"])
    return report


def town() -> tuple[Any, list[Any]]:
    from consult.choices import PhaseKind
    from consult.models import Participant
    from tests.consult.world import consultation

    asked = consultation(PhaseKind.CONTRIBUTE, PhaseKind.VOTE, threshold=100)
    people = [Participant(name=f"Personne {n}", email_key=f"bench {n}") for n in range(PEOPLE)]
    return asked, Participant.objects.bulk_create(people, batch_size=1000)


def add_propositions(asked: Any, people: list[Any], many: int) -> list[Any]:
    from consult.models import Proposition
    from tests.consult.world import section_of

    asked.refresh_from_db()
    first, section = asked.last_number + 1, section_of(asked)
    rows = [
        Proposition(
            consultation=asked,
            section=section,
            number=number,
            author=people[number % PEOPLE],
            title=f"Fermer la rue {number} aux voitures le dimanche, de mai à octobre",
            body="<p>Le dimanche, la circulation tombe de moitié. C’est le bon jour pour essayer.</p>",
            case=case,
            is_shown=True,
        )
        for number, case in enumerate(cases("proposition", many), start=first)
    ]
    made = Proposition.objects.bulk_create(rows, batch_size=1000)
    asked.last_number += many
    asked.save(update_fields=["last_number"])
    analyse()
    return made


def cases(kind: str, many: int) -> list[Any]:
    from moderation.models import Case

    return Case.objects.bulk_create([Case(kind=kind) for _ in range(many)], batch_size=1000)


def fill(asked: Any, people: list[Any], *, propositions: int, arguments: int, votes: int) -> None:
    from consult.models import Argument, Vote

    made = add_propositions(asked, people, propositions)
    many = [HOT_ARGUMENTS] * HOT + [(arguments - HOT * HOT_ARGUMENTS) // (propositions - HOT)] * (propositions - HOT)
    under = [(one, n) for one, count in zip(made, many, strict=True) for n in range(1, count + 1)]
    said = [
        Argument(
            proposition=one,
            number=n,
            side="for" if n % 5 < 3 else "against",
            text=f"Argument {n} : le dimanche matin fait un quart de nos ventes, et mes enfants y font du vélo.",
            author=people[(one.number * 7 + n) % PEOPLE],
            case=case,
            is_shown=True,
            useful_score=(n * 37 % 100) / 100,
        )
        for (one, n), case in zip(under, cases("argument", len(under)), strict=True)
    ]
    began = time.process_time(), time.monotonic()
    by_thousands(said)
    each = votes // propositions
    ballots = [
        Vote(proposition=one, participant=people[(one.number * each + k) % PEOPLE], opinion=OPINIONS[k % 5])
        for one in made
        for k in range(each)
    ]
    by_thousands(ballots)
    spent_here, waited = time.process_time() - began[0], time.monotonic() - began[1]
    print(f"{len(said) + len(ballots)} rows written: {spent_here:.0f} CPU s here, {waited:.0f} s waited", flush=True)
    for one in made:
        one.last_argument = HOT_ARGUMENTS
    type(made[0]).objects.bulk_update(made, ["last_argument"], batch_size=1000)
    analyse()


def by_thousands(rows: list[Any]) -> None:
    """One statement a thousand: triggers count by statement, whatever the number of rows."""
    type(rows[0]).objects.bulk_create(rows, batch_size=1000)


OPINIONS = ("agree", "agree", "agree", "mixed", "disagree")


def analyse() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def pages(asked: Any, people: list[Any]) -> dict[str, dict[str, float]]:
    """CPU of each page and act, several times over; the median of the rounds."""
    from django.conf import settings
    from django.core.cache import cache
    from django.test import Client

    from tests.factories import UserFactory

    settings.ROOT_URLCONF = "bench._consult_urls"
    visitor, member = Client(), Client()
    reader = UserFactory(email=f"bench{time.time()}@demo.example")
    member.force_login(reader)
    base = f"/consultations/{asked.page.slug}/"
    quiet, hot = HOT + 90, 1
    turn = Turn()

    def argue() -> Any:
        member.cookies.pop("messages", None)  # « your argument is published »: a browser reads it at the next page
        typed = {"side": "for", "text": "Un mot de plus, ici."}
        return member.post(f"{base}propositions/{turn.next()}/arguments/nouveau/", typed)

    works: dict[str, Callable[[], Any]] = {
        "bare view": lambda: visitor.get("/bare/"),
        "list": lambda: visitor.get(base),
        "list, signed in": lambda: member.get(base),
        "detail, 9 arguments": lambda: visitor.get(f"{base}propositions/{quiet}/"),
        "detail, 400 arguments": lambda: visitor.get(f"{base}propositions/{hot}/"),
        "detail, 400 arguments, signed in": lambda: member.get(f"{base}propositions/{hot}/"),
        "400 arguments, most useful first": lambda: visitor.get(f"{base}propositions/{hot}/?tri=utiles"),
        "list, twelfth page, in another order": lambda: visitor.get(f"{base}?ordre=debat&page=12"),
        "list, nothing kept": lambda: (cache.clear(), visitor.get(base))[1],
        "one side, a page of 30": lambda: visitor.get(f"{base}propositions/{hot}/arguments/?tri=utiles&apres=200"),
        "vote": lambda: member.post(f"{base}propositions/{turn.next()}/vote/", {"opinion": "agree"}),
        "vote changed": lambda: member.post(f"{base}propositions/{quiet}/vote/", {"opinion": turn.opinion()}),
        "argue": argue,
    }
    return {name: _told(name, found, works[name]) for name, found in _measured(works).items()}


def _measured(works: dict[str, Callable[[], Any]]) -> dict[str, list[tuple[float, float]]]:
    """What each work costs, every round, once all are warm."""
    for work in works.values():
        for _time in range(3):
            assert work().status_code in (200, 302)
    rounds: dict[str, list[tuple[float, float]]] = {name: [] for name in works}
    for _round in range(ROUNDS):
        for name, work in works.items():
            rounds[name].append(spent(work))
    return rounds


def _told(name: str, found: list[tuple[float, float]], work: Callable[[], Any]) -> dict[str, float]:
    application, database = (round(statistics.median(column), 2) for column in zip(*found, strict=True))
    asked = questions(work)
    total = round(application + database, 2)
    print(f"{name:36} {application:7.2f} + {database:5.2f} = {total:6.2f} CPU ms, {asked} SQL", flush=True)
    return {"application": application, "database": database, "total": total, "SQL": asked}


class Turn:
    """Another proposition each time, another opinion each time."""

    def __init__(self) -> None:
        self.at = 200

    def next(self) -> int:
        self.at += 1
        return 200 + self.at % 1_500

    def opinion(self) -> str:
        self.at += 1
        return OPINIONS[2 + self.at % 3]


def spent(work: Callable[[], Any]) -> tuple[float, float]:
    """CPU milliseconds a request: of this process, of its session in PostgreSQL."""
    from django.db import connection

    backend = connection.connection.info.backend_pid
    application, database = time.process_time(), cpu(backend)
    for _request in range(REQUESTS):
        work()
    return (
        1000 * (time.process_time() - application) / REQUESTS,
        1000 * (cpu(backend) - database) / REQUESTS,
    )


def cpu(pid: int) -> float:
    """CPU seconds of a process so far, in nanoseconds where the kernel counts them so."""
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9
    except OSError:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS


def questions(work: Callable[[], Any]) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        work()
    return len([one for one in captured if not one["sql"].startswith(("BEGIN", "COMMIT"))])


if __name__ == "__main__":
    sys.exit(main())
