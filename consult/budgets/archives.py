"""The open data of a budget as one file, made at night: tables, dictionary, and what is needed to count again.

What is signed alone is in it: nothing of a ballot before. As for consultations, a file made before something was taken
back is no longer given.
"""

import zipfile
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _

from consult import archives
from consult.archives import LICENCE, Archive
from consult.budgets import exports, policies, public, results, tables
from consult.budgets.models import Budget
from consult.budgets.phases import clock
from consult.budgets.public import Shared


def make_all(*, only_stale: bool = False) -> int:
    """Make the file of every public budget; how many. Twice gives the same files."""
    made = 0
    for budget in policies.budgets().select_related("page__locale", "page__administration").order_by("pk"):
        if not (only_stale and of(budget) is not None):
            make(budget)
            made += 1
    return made


def make(budget: Budget) -> Path:
    """The file, made again and put in its place."""
    shared = public.read(budget, language=settings.LANGUAGE_CODE, at=clock())
    return archives.put(_place(budget), partial(_write, shared=shared))


def of(budget: Budget) -> Archive | None:
    """The file that may be given now; None when there is none, or when what it holds is no longer all public."""
    return archives.made_since(_place(budget), policies.last_idea_taken_back(budget))


def _place(budget: Budget) -> Path:
    return Path(settings.OPEN_DATA_ROOT) / f"budget-{budget.pk}.zip"


def _write(file: Any, *, shared: Shared) -> None:
    about = {"name": shared.slug, "title": shared.page.title}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        archives.add_tables(archive, list(tables.of(shared)), readme=_readme(shared), about=about)
        for one in results.official(shared.budget):
            folder = f"depouillement/{one.count.envelope_id}-{slugify(one.envelope.title)}"
            for name in exports.FILES:
                archives.add(archive, f"{folder}/{name}", iter([exports.file(one.count, name).content.decode()]))
            program = exports.script_of(one.count)
            archives.add(archive, f"{folder}/{program}", iter([exports.script(program).decode()]))


def _readme(shared: Shared) -> str:
    said = {
        "title": shared.page.title,
        "url": settings.BASE_URL + reverse("budgets:budget", args=[shared.slug]),
        "by": str(shared.page.administration or settings.WAGTAIL_SITE_NAME),
        "licence": LICENCE,
    }
    return (
        _(
            "Open data of the participatory budget “%(title)s”, by %(by)s.\n%(url)s\n\n"
            "Free to use again: Licence Ouverte 2.0, %(licence)s\n\n"
            "The same tables in CSV (UTF-8) and in JSON. dictionnaire.csv says what each column means,"
            " datapackage.json describes them for programs (Table Schema).\n"
            "No address, no name of a private person, days without hours."
            " Ballots come with the signed result, in depouillement, to be counted again."
        )
        % said
        + "\n"
    )
