"""Ballots cast through HTTP by parallel clients, then 100,000 counted from the database: ``./cahier bench ballot``.

The web server is granian, as in production, with sessions, CSRF and the whole stack; every tenth form is sent twice at
once. CPU milliseconds per ballot: the web workers and their sessions of PostgreSQL (``/proc``). A rate depends on the
neighbours of the machine: what two cores alone would give is told beside it, from the CPU. The count is Equal Shares.
"""

import argparse
import http.client
import json
import os
import re
import statistics
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import django

RESULTS = Path(__file__).parent / "results"
TICKS = os.sysconf("SC_CLK_TCK")
CODE = re.compile(r"\b(?:[0-9A-HJKMNP-TV-Z]{4}-){2}[0-9A-HJKMNP-TV-Z]{4}\b")
COSTS = [20_000 + 1_700 * number for number in range(60)]
TOKEN = "b" * 32


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench.ballot", description=__doc__)
    parser.add_argument("--people", type=int, default=3_000)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--port", type=int, default=8_719)
    parser.add_argument("--ballots", type=int, default=100_000, help="of the second part")
    wanted = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
    django.setup()
    from django.db import connection

    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        report: dict[str, Any] = {"load average": [round(one, 1) for one in os.getloadavg()]}
        report["cast"] = cast(wanted)
        report["count"] = count(wanted.ballots)
    finally:
        connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "ballot.json").write_text(json.dumps(report, indent=1) + "\n")
    print(json.dumps(report, indent=1))
    return int(bool(report["cast"]["lost"] or report["cast"]["double"]))


def cast(wanted: argparse.Namespace) -> dict[str, Any]:
    """Everybody casts one ballot; what was acknowledged is looked for in the box."""
    from django.db import connection

    from consult.budgets.models import Ballot, Mark
    from tests.budgets import world

    asked = world.ballot(*COSTS, amount=600_000 * 100)
    sessions = voters(asked, wanted.people)
    web = served(wanted, connection.settings_dict)
    try:
        forms = [form(asked, session, number) for number, session in enumerate(sessions)]
        sent = [one for number, one in enumerate(forms) for _twice in range(2 if number % 10 == 0 else 1)]
        before, began = spent(web), time.monotonic()
        with ThreadPoolExecutor(wanted.clients) as pool:
            answers = list(pool.map(lambda one: submitted(wanted.port, one), sent))
        lasted, cpu = time.monotonic() - began, spent(web) - before
    finally:
        web.terminate()
        web.wait(20)
    box = set(Ballot.objects.filter(budget=asked).values_list("receipt", flat=True))
    acknowledged = {one["receipt"] for one in answers if one["receipt"]}
    marks = Mark.objects.filter(entry__budget=asked).count()
    slow = statistics.quantiles([one["seconds"] for one in answers], n=20)[-1]
    each = 1000 * cpu / len(sent)
    return {
        "people": wanted.people,
        "forms sent": len(sent),
        "clients": wanted.clients,
        "workers": wanted.workers,
        "statuses": {str(one): sum(1 for a in answers if a["status"] == one) for one in {a["status"] for a in answers}},
        "per second here": round(len(sent) / lasted, 1),
        "p95 ms": round(1000 * slow),
        "CPU ms a ballot, web and database": round(each, 1),
        "per second that two cores give": round(2000 / each, 1),
        "lost": len(acknowledged - box),
        "double": len(box) - len(acknowledged),
        "ballots": len(box),
        "marks": marks,
    }


def voters(asked: Any, many: int) -> list[str]:
    """Accounts on the roll, each with a session of the site."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
    from django.contrib.sessions.backends.db import SessionStore

    from consult.budgets import rolls
    from consult.budgets.models import RollEntry
    from consult.people import participant_of

    made = []
    for number in range(many):
        user = get_user_model().objects.create(email=f"votant{number}@demo.example", name=f"Votant {number}")
        person = participant_of(user)
        RollEntry.objects.create(budget=asked, person_key=rolls.account_key(asked, person), participant=person)
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save()
        made.append(session.session_key)
    return made


def form(asked: Any, session: str, number: int) -> dict[str, Any]:
    """What the page « vérifier » would send: a few projects that fit in the envelope."""
    rng, key = Random(number), uuid4()
    numbers = sorted(rng.sample(range(1, len(COSTS) + 1), 4))
    fields = [("pair", f"{one}:") for one in numbers] + [("key", str(key)), ("csrfmiddlewaretoken", TOKEN)]
    return {
        "url": f"/budgets/{asked.page.slug}/bulletin/verifier/",
        "body": urlencode(fields),
        "cookie": f"sessionid={session}; csrftoken={TOKEN}",
        "choices": [[one, 1] for one in numbers],
    }


def submitted(port: int, one: dict[str, Any]) -> dict[str, Any]:
    """One request of its own connection; the receipt that its answer shows, hashed as the box keeps it."""
    from consult.budgets import receipts

    began = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Cookie": one["cookie"], "Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", one["url"], body=one["body"], headers=headers)
    answer = connection.getresponse()
    said = answer.read().decode()
    connection.close()
    code = CODE.search(said) if answer.status == 200 else None
    receipt = receipts.hashed(receipts.read(code.group()), one["choices"]) if code else ""
    return {"status": answer.status, "seconds": time.monotonic() - began, "receipt": receipt}


def served(wanted: argparse.Namespace, database: dict[str, Any]) -> subprocess.Popen:
    url = "postgresql://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format_map(
        {key: database.get(key) or "" for key in ("USER", "PASSWORD", "HOST", "PORT", "NAME")}
    ).replace(":@", "@")
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"]
    command += ["--port", str(wanted.port), "--workers", str(wanted.workers), "--blocking-threads", "8", "--no-ws"]
    env = os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings.test"}
    web = subprocess.Popen([*command, "config.wsgi:application"], env=env, stdout=subprocess.DEVNULL)
    for _second in range(120):
        time.sleep(1)
        with suppress(OSError, http.client.HTTPException):
            ready = http.client.HTTPConnection("127.0.0.1", wanted.port, timeout=10)
            ready.request("GET", "/healthz")
            if ready.getresponse().status == 200:
                return web
    web.terminate()
    raise TimeoutError("the web server does not answer")


def spent(web: subprocess.Popen) -> float:
    """CPU seconds of the web workers and of the sessions of PostgreSQL on this database."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = CURRENT_DATABASE() AND pid <> PG_BACKEND_PID()"
        )
        sessions = [pid for (pid,) in cursor.fetchall()]
    return sum(map(_cpu, [web.pid, *_children(web.pid), *sessions]))


def _children(pid: int) -> list[int]:
    with suppress(OSError):
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def _cpu(pid: int) -> float:
    with suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS
    return 0.0


FILL = (
    """
INSERT INTO budgets_rollentry (id, budget_id, person_key, listed)
    SELECT gen_random_uuid(), %(budget)s, md5(i::text), false FROM generate_series(1, %(many)s) AS i
""",
    """
INSERT INTO budgets_mark (id, entry_id, envelope_id, channel, pointer, is_territory)
    SELECT gen_random_uuid(), id, %(envelope)s, 'web', '', false FROM budgets_rollentry WHERE budget_id = %(budget)s
""",
    """
INSERT INTO budgets_ballot (id, budget_id, envelope_id, channel, receipt, choices)
    SELECT gen_random_uuid(), %(budget)s, %(envelope)s, 'web', md5(i::text), (
        SELECT COALESCE(jsonb_agg(jsonb_build_array(n, 1) ORDER BY n), '[]')
        FROM generate_series(1, %(projects)s) AS n WHERE random() < 0.45 / sqrt(n) AND i > 0
    ) FROM generate_series(1, %(many)s) AS i
""",
)


def count(many: int) -> dict[str, Any]:
    """The worker's own function, from the rows to the outcome that is kept, comparison with greedy included."""
    from django.db import connection

    from consult.budgets import counting
    from consult.budgets.actions import counting as acts
    from consult.budgets.models import Count
    from tests.budgets import box, world

    asked = world.ballot(*COSTS, amount=600_000 * 100)
    envelope = world.envelope_of(asked)
    values = {"budget": asked.pk, "envelope": envelope.pk, "many": many, "projects": len(COSTS)}
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        for statement in FILL:
            cursor.execute(statement, values)
        cursor.execute("RESET statement_timeout")
    box.close(asked)
    began = time.process_time()
    acts.ask(asked, by=None)
    sealed = time.process_time() - began
    pk = Count.objects.get(budget=asked).pk
    began, wall = time.process_time(), time.monotonic()
    counting.election(envelope, at=asked.regulation.frozen_at)
    read = time.process_time() - began
    began, wall = time.process_time(), time.monotonic()
    done = counting.run(pk)
    return {
        "ballots": many,
        "projects": len(COSTS),
        "state": done.state,
        "winners": len(done.outcome["winners"]),
        "steps of the shares": done.outcome["steps"],
        "CPU seconds to seal and ask (this process)": round(sealed, 2),
        "CPU seconds to read them": round(read, 2),
        "CPU seconds from the rows to the outcome kept": round(time.process_time() - began, 2),
        "wall seconds": round(time.monotonic() - wall, 2),
    }


if __name__ == "__main__":
    sys.exit(main())
