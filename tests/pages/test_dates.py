"""Days as French people read them, in pages and in letters."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.template import Context, Template
from django.utils import timezone
from django.utils.translation import override

from pages.dates import short_date

ROOT = Path(__file__).resolve().parents[2]
FEBRUARY = date(2027, 2, 1)


def drawn(form: str, day: date | None, language: str = "fr") -> str:
    with override(language):
        return Template("{% load cahier %}{{ day|" + form + " }}").render(Context({"day": day}))


@pytest.mark.parametrize(
    ("form", "day", "read"),
    [
        ("long_date", FEBRUARY, "1er février 2027"),
        ("long_date", date(2027, 2, 11), "11 février 2027"),
        ("full_date", FEBRUARY, "lundi 1er février 2027"),
        ("long_date", None, ""),
    ],
)
def test_only_the_first_day_of_a_month_has_its_own_word(form, day, read):
    assert drawn(form, day) == read


def test_english_days_are_plain():
    assert drawn("long_date", FEBRUARY, "en") == "1 February 2027"
    assert drawn("full_date", FEBRUARY, "en") == "Monday 1 February 2027"


def test_a_day_of_this_year_goes_without_its_year():
    with override("fr"):
        assert short_date(timezone.localdate().replace(month=1, day=1)) == "1er janvier"
        assert short_date(date(2020, 3, 1)) == "1er mars 2020"
    still_last_year_in_greenwich = datetime(timezone.localdate().year - 1, 12, 31, 23, 30, tzinfo=UTC)
    with override("fr"), timezone.override("Europe/Paris"):
        assert short_date(still_last_year_in_greenwich) == "1er janvier"


def test_a_moment_is_read_where_people_live(settings):
    settings.TIME_ZONE = "Europe/Paris"
    last_evening_in_greenwich = datetime(2027, 1, 31, 23, 30, tzinfo=UTC)
    assert drawn("long_date", last_evening_in_greenwich) == "1er février 2027"
    midnight = "0\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}30"
    assert drawn("long_moment", last_evening_in_greenwich) == f"1er février 2027 à {midnight}"
    assert drawn("clock", last_evening_in_greenwich) == "0\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}30"
    assert drawn("clock", last_evening_in_greenwich, "en") == "0:30"
    eight = datetime(2026, 11, 30, 19, tzinfo=UTC)
    assert drawn("long_moment", eight) == "30 novembre 2026 à 20\N{NO-BREAK SPACE}h"
    assert drawn("long_moment", eight, "en") == "30 November 2026 at 20:00"


def test_no_template_and_no_code_writes_a_day_another_way():
    """Django's own ``date`` filter would write « 1 février »."""
    own_way = re.compile(r"""date(_format)?[:(][^)%}]*["']([lD] )?j [FbMN]""")
    files = [*ROOT.glob("templates/**/*.*"), *ROOT.glob("feedback/**/*.py"), *ROOT.glob("accounts/**/*.py")]
    assert [str(path) for path in files if own_way.search(path.read_text("utf-8"))] == []
    assert own_way.search('{{ day|date:"j F Y" }}')
    assert own_way.search('date_format(day, "j F")')
