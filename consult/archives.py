"""The open data of a consultation as one file: CSV, JSON, dictionary, Table Schema, licence; made at night.

The same content gives the same bytes. A file is replaced in one move: who downloads reads the old one or the new one,
whole. One made before something was hidden, removed or withdrawn is no longer given (``of``).
"""

import json
import os
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from consult import exports, gatherings, policies, public, results, survey_exports, survey_results
from consult.choices import PropositionState
from consult.maps import reading
from consult.maps import tables as map_tables
from consult.models import Argument, Consultation, Proposition, Statement
from consult.phases import clock
from consult.public import Asked
from moderation.choices import CaseState
from moderation.models import Case

TABLES = (
    "propositions",
    "reunions",
    "themes",
    "arguments",
    "consensus",
    "accord-des-groupes",
    "debats",
    "semaines",
    "semaines-rubriques",
    "rubriques",
    "dictionnaire",
)
LICENCE = "https://www.etalab.gouv.fr/wp-content/uploads/2017/04/ETALAB-Licence-Ouverte-v2.0.pdf"
Named = tuple[str, Callable[[], exports.Table]]
_KINDS = {"integer": "integer", "string": "string", "date": "date"}  # of Table Schema, by ours


@dataclass(frozen=True)
class Archive:
    path: Path
    made_at: datetime
    size: int


def make_all(*, only_stale: bool = False) -> int:
    """Make the file of every consultation whose results may be read; how many. Twice gives the same files."""
    made = 0
    for consultation in policies.consultations_to_read().order_by("pk"):
        if not (only_stale and of(consultation) is not None):
            made += make(consultation) is not None
    return made


def make(consultation: Consultation) -> Path | None:
    """The file, made again and put in its place; None, and no file left, while votes are hidden."""
    page, place = consultation.page, _place(consultation)
    asked = public.asked(consultation, page=page, first=page, at=clock())
    if results.told_from(asked) is not None:
        place.unlink(missing_ok=True)
        return None
    return put(place, partial(_write, asked=asked))


def put(place: Path, write: Callable[[Any], None]) -> Path:
    """What ``write`` writes, in its place at once. It bears the hour at which reading began."""
    place.parent.mkdir(parents=True, exist_ok=True)
    began = clock().timestamp()
    handle, name = tempfile.mkstemp(dir=place.parent, prefix=".", suffix=".zip")
    try:
        with translation.override(settings.LANGUAGE_CODE), os.fdopen(handle, "wb") as file:
            write(file)
        os.utime(name, (began, began))
        Path(name).chmod(0o644)
        Path(name).replace(place)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return place


def of(consultation: Consultation) -> Archive | None:
    """The file that may be given now; None when there is none, or when what it holds is no longer all public."""
    return made_since(_place(consultation), _last_taken_back(consultation))


def made_since(place: Path, taken_back: datetime | None) -> Archive | None:
    """The file of this place, if it was made after what was last taken back."""
    try:
        told = place.stat()
    except FileNotFoundError:
        return None
    made_at = datetime.fromtimestamp(told.st_mtime, tz=timezone.get_default_timezone())
    if taken_back is not None and taken_back >= made_at:
        return None
    return Archive(place, made_at, told.st_size)


def _place(consultation: Consultation) -> Path:
    return Path(settings.OPEN_DATA_ROOT) / f"consultation-{consultation.pk}.zip"


def _last_taken_back(consultation: Consultation) -> datetime | None:
    """When something that everybody read was last hidden, removed, merged or withdrawn."""
    gone = [CaseState.HIDDEN, CaseState.REMOVED]
    cases = Case.objects.filter(page=consultation.page_id, state__in=gone).aggregate(last=Max("state_changed_at"))
    arguments = Argument.objects.filter(proposition__consultation=consultation).aggregate(last=Max("withdrawn_at"))
    statements = Statement.objects.filter(consultation=consultation).aggregate(last=Max("withdrawn_at"))
    propositions = Proposition.objects.filter(consultation=consultation).exclude(state=PropositionState.PUBLISHED)
    states = propositions.aggregate(last=Max("state_changed_at"))
    return max((one["last"] for one in (cases, arguments, statements, states) if one["last"]), default=None)


def _write(file: Any, asked: Asked) -> None:
    about = {"name": asked.consultation.page.slug, "title": asked.page.title}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        add_tables(archive, list(_tables(asked)), readme=_readme(asked), about=about)


def add_tables(archive: zipfile.ZipFile, tables: Sequence[Named], *, readme: str, about: dict[str, str]) -> None:
    """The tables in CSV and in JSON, what they are in words and for programs. ``about``: their ``name``, ``title``."""
    add(archive, "LISEZMOI.txt", iter([readme]))
    add(archive, "datapackage.json", iter([_schema(tables, about)]))
    for name, make_table in tables:
        add(archive, f"{name}.csv", make_table().csv())
        add(archive, f"{name}.json", make_table().json())


def _tables(asked: Asked) -> Iterator[Named]:
    """Those that may be read now: a table is read once, and made again for each of its forms."""
    for name in TABLES:
        if exports.table(name, asked) is not None:
            yield name, partial(exports.table, name, asked)
    if reading.is_there(asked) and reading.hidden_until(asked) is None:
        yield "affirmations", partial(map_tables.statements, asked.consultation, with_counts=True)
        if reading.files_open(asked) and reading.is_mapped(asked.consultation):
            yield "reponses-aux-affirmations", partial(map_tables.answers_given, asked.consultation)
    yield from _gathered(asked)


def _gathered(asked: Asked) -> Iterator[Named]:
    """Meetings, and the questionnaires whose results may be read by now."""
    if not asked.consultation.page.numchild:
        return
    yield "rencontres", partial(exports.meetings, asked)
    for survey in gatherings.surveys_to_read(asked.consultation):
        if survey_results.told_from(survey, asked) is None and survey_exports.is_told(survey):
            for name in ("reponses", "textes"):
                yield f"questionnaire-{survey.slug}-{name}", partial(survey_exports.table, name, survey)


def add(archive: zipfile.ZipFile, name: str, lines: Iterator[str]) -> None:
    """Always of the first of January 1980: the day it was made is that of the file, not of its content."""
    told = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
    told.compress_type, told.external_attr, told.create_system = zipfile.ZIP_DEFLATED, 0o644 << 16, 3
    with archive.open(told, "w") as member:
        for line in lines:
            member.write(line.encode())


def _readme(asked: Asked) -> str:
    said = {
        "title": asked.page.title,
        "url": settings.BASE_URL + reverse("consult:consultation", args=[asked.consultation.page.slug]),
        "by": str(asked.page.administration or settings.WAGTAIL_SITE_NAME),
        "licence": LICENCE,
    }
    return (
        _(
            "Open data of the consultation “%(title)s”, by %(by)s.\n%(url)s\n\n"
            "Free to use again: Licence Ouverte 2.0, %(licence)s\n\n"
            "The same tables in CSV (UTF-8) and in JSON. dictionnaire.csv says what each column means,"
            " datapackage.json describes them for programs (Table Schema).\n"
            "No address, no name of a private person, days without hours."
            " From 1 to 4 votes in a week or a section, the number is not told."
        )
        % said
        + "\n"
    )


def _schema(tables: Sequence[Named], about: dict[str, str]) -> str:
    """A Data Package: the tables, their columns and their types (specs.frictionlessdata.io)."""
    resources = [
        {
            "name": name,
            "path": f"{name}.csv",
            "format": "csv",
            "encoding": "utf-8",
            "schema": {
                "fields": [
                    {"name": one.name, "type": _KINDS.get(one.kind, "any"), "description": str(one.meaning)}
                    for one in make_table().columns
                ]
            },
        }
        for name, make_table in tables
    ]
    package = {
        **about,
        "licenses": [{"name": "etalab-2.0", "path": LICENCE, "title": "Licence Ouverte 2.0"}],
        "resources": resources,
    }
    return json.dumps(package, ensure_ascii=False, indent=2) + "\n"
