"""Propositions shown while one types: how often they are about the same subject, and what they cost.

Real contributions of the French State's consultation on the digital republic (2015, licence ouverte): what people wrote
under 68 articles. Each of a sample is typed again, as far as it goes; what is shown is right when it was written under
the same article. Then the same among 20,000: texts made of halves of two of them, for the cost alone. PostgreSQL's CPU
is read under /proc, where it runs on this machine. Run on a database that has its tables, with the town loaded or not:
``python -m bench.similar [--many 20000]``. All is rolled back.
"""

import json
import os
import random
import sys
import time
from pathlib import Path

import django

SHARED = Path(os.environ.get("CAHIER_BENCH_DATA", Path(__file__).parents[2] / "shared" / "data"))
DATA = SHARED / "texts" / "repnum_args.jsonl"
SAMPLE, LINES = 150, (80, 200, 3000)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    django.setup()
    from django.db import connection, transaction

    rows = [json.loads(line) for line in DATA.read_text().splitlines()]
    if "--many" in sys.argv:
        rows = _more(rows, int(sys.argv[sys.argv.index("--many") + 1]))
    with transaction.atomic():
        asked, filed = _file(rows)
        with connection.cursor() as cursor:
            cursor.execute("SELECT GIN_CLEAN_PENDING_LIST('propositions_by_words')")
            cursor.execute("ANALYZE consult_proposition")
            cursor.execute("SELECT PG_BACKEND_PID()")
            backend = Path(f"/proc/{cursor.fetchone()[0]}/stat")
        drawn = random.Random(4).sample(range(2279), SAMPLE)
        for typed in LINES:
            print(typed, json.dumps(_measured(asked, rows, filed, drawn, typed, backend)), flush=True)
        transaction.set_rollback(True)


def _more(rows, many):
    """Halves of two real texts, until there are so many."""
    drawn = random.Random(7)
    made = list(rows)
    while len(made) < many:
        one, other = drawn.choice(rows), drawn.choice(rows)
        made.append({"text": _half(one, first=True) + " " + _half(other, first=False), "label": one["label"]})
    return made


def _half(row, *, first):
    words = row["text"].split()
    return " ".join(words[: len(words) // 2] if first else words[len(words) // 2 :])


def _postgres_seconds(backend):
    """CPU of the process that answers us; 0 where it is not on this machine."""
    if not backend.exists():
        return 0.0
    spent = backend.read_text().rpartition(")")[2].split()
    return (int(spent[11]) + int(spent[12])) / os.sysconf("SC_CLK_TCK")


def _file(rows):
    """Every text as a proposition of one consultation, the first words for a title."""
    from consult.models import Consultation, ConsultationIndexPage, ConsultationPage, Participant, Proposition, Section
    from moderation.models import Case

    page = ConsultationPage(title="République numérique", slug="bench-similar")
    page.sections = [Section(title="Tout")]
    ConsultationIndexPage.objects.first().add_child(instance=page)
    asked, section = Consultation.objects.get(page=page), page.sections.first()
    author = Participant.objects.create(name="Banc")
    cases = Case.objects.bulk_create([Case(kind="proposition", page=page) for _ in rows])
    made = [
        Proposition(
            consultation=asked, number=n, section=section, author=author, case=case, is_shown=True,
            title=" ".join(row["text"].split()[:9])[:160], body=f"<p>{row['text'][:9000]}</p>",
        )
        for n, (row, case) in enumerate(zip(rows, cases, strict=True), start=1)
    ]  # fmt: skip
    filed = Proposition.objects.bulk_create(made)
    Consultation.objects.filter(pk=asked.pk).update(last_number=len(rows))
    asked.refresh_from_db()
    return asked, {one.pk: rows[one.number - 1]["label"] for one in filed} | {"keys": [one.pk for one in filed]}


def _measured(asked, rows, filed, drawn, typed, backend):
    """What is shown and right, out of what is shown; how many of those typing see something; what it cost."""
    from consult.similar import FLOOR, similar

    told = {}
    for floor in (0.0, FLOOR):
        shown = right = helped = first = 0
        began, spent, theirs = time.perf_counter(), time.process_time(), _postgres_seconds(backend)
        for index in drawn:
            text, label = rows[index]["text"][:typed], rows[index]["label"]
            words = text.split()
            found = similar(
                asked, title=" ".join(words[:9])[:160], body=" ".join(words[9:]), but=filed["keys"][index], floor=floor
            )
            same = [filed[one.pk] == label for one in found]
            shown, right, helped = shown + len(same), right + sum(same), helped + bool(same)
            first += bool(same and same[0])
        told[floor] = {
            "precision_at_3": round(right / max(1, shown), 3),
            "first_right": round(first / max(1, helped), 3),
            "people_who_see_some": round(helped / len(drawn), 2),
            "python_ms": round(1000 * (time.process_time() - spent) / len(drawn), 2),
            "postgres_ms": round(1000 * (_postgres_seconds(backend) - theirs) / len(drawn), 1),
            "wall_ms": round(1000 * (time.perf_counter() - began) / len(drawn), 2),
        }
    return told


if __name__ == "__main__":
    sys.exit(main())
