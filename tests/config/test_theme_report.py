"""The page that ``manage.py cluster`` writes: one file, masked, that says what the texts hold."""

import csv
import json
import re
from dataclasses import replace
from datetime import date, timedelta
from html.parser import HTMLParser

import numpy as np
import pytest
from django.core.management import call_command

import clustering
from config import theme_report
from config.theme_report import Periods, Source, day_in
from tests.clustering.fiches import corpus

TEXTS, _SUBJECTS = corpus()
HOSTILE = '<script src="https://evil.example/x.js">alert(1)</script>'


class Elements(HTMLParser):
    """What a page is made of: its tags, its anchors, and whatever a browser could fetch for it."""

    def __init__(self):
        super().__init__()
        self.tags, self.anchors, self.asked = set(), set(), set()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        for name, value in attrs:
            if name == "id":
                self.anchors.add(value)
            if name in {"src", "srcset", "href", "action", "data", "poster"} or name.startswith("on"):
                self.asked.add(value)


def report(tmp_path, rows, *, columns=("id", "text", "service", "reçu le"), more=()):
    path = tmp_path / "fiches de l'été.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([columns, *rows])
    call_command("cluster", str(path), "--semantic", "off", "--out", str(tmp_path / "out"), *more)
    return (tmp_path / "out" / "report.html").read_text(encoding="utf-8")


@pytest.fixture
def rows():
    return [(n, text, "ville", f"{1 + n % 28:02}/0{1 + n % 9}/2026") for n, text in enumerate(TEXTS)]


def test_the_page_tells_each_theme_its_size_its_trend_and_its_verbatims(tmp_path, rows, capsys):
    page = report(tmp_path, rows, more=("--context", "service"))
    themes = json.loads((tmp_path / "out" / "themes.json").read_text(encoding="utf-8"))
    assert page.count('class="r-theme"') == len(themes) > 1
    for theme in themes:
        section = page.split(f'id="theme-{theme["id"] + 1}"')[1].split("</section>")[0]
        assert section.count("<blockquote>") == len(theme["representative"])
        counts = [int(n) for n in re.findall(r'<td class="r num">(\d+)</td>', section.split("<table")[1])]
        assert sum(counts) == theme["size"]  # every passage is in one month
    assert "du 1er janvier 2026 au" in page.replace("\xa0", " ")
    assert "septembre 2026" in page


def test_the_page_needs_nothing_else_and_runs_nothing(tmp_path, rows, capsys):
    page = report(tmp_path, [(n, f"{HOSTILE} {text}", HOSTILE, day) for n, text, _, day in rows])
    elements = Elements()
    elements.feed(page)
    assert "script" not in elements.tags
    assert not elements.asked - {f"#{anchor}" for anchor in elements.anchors}
    style = page.split("<style>")[1].split("</style>")[0]
    assert "@import" not in style
    assert "url(" not in style


def test_personal_data_of_the_file_is_masked_in_the_page(tmp_path, rows, capsys):
    said = "Le lampadaire est en panne, rappelez Mme Durand au 06 12 34 56 78 ou jeanne.durand@exemple.fr"
    page = report(tmp_path, [*rows, *((900 + n, f"{said}.", "ville", "2026-03-01") for n in range(4))])
    assert "masqué" in page
    assert "06 12 34 56 78" not in page
    assert "jeanne.durand@" not in page


def test_without_days_there_is_no_trend_and_without_themes_the_page_says_so(tmp_path, capsys):
    page = report(tmp_path, [(1, "Le lampadaire est en panne."), (2, "Rien à voir.")], columns=("id", "text"))
    assert "Aucun thème" in page
    assert "<svg" not in page


def test_long_files_are_counted_by_month_and_short_ones_by_week_without_holes():
    first = date(2026, 1, 31)
    short = Periods.of([first, first + timedelta(days=20)])
    long = Periods.of([first, first + timedelta(days=400)])
    assert short.starts == [date(2026, 1, 26), date(2026, 2, 2), date(2026, 2, 9), date(2026, 2, 16)]
    assert len(long.starts) == 15
    assert {day.day for day in long.starts} == {1}
    assert [row["value"] for row in long.counted([first, first, None])] == [2] + [0] * 14


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2026-01-31", date(2026, 1, 31)),
        ("31/01/2026 12:00", date(2026, 1, 31)),
        ("2026-01-31T08:00:00Z", date(2026, 1, 31)),
        ("31/02/2026", None),
        ("hier", None),
        ("", None),
    ],
)
def test_days_are_read_as_people_write_them(cell, day):
    assert day_in(cell) == day


def grouped(sizes):
    """As many themes as ``sizes`` say, one family after the other."""
    themes, families = [], []
    for size in sizes:
        families.append(list(range(len(themes), len(themes) + size)))
        subject = f"Sujet{chr(97 + len(families))}"
        themes += [
            clustering.Theme(len(themes) + n, 3, f"{subject} : chose {n}", [subject], [0], 1.0, False)
            for n in range(size)
        ]
    labels = np.repeat(np.arange(len(themes)), 3)
    return clustering.Grouping(labels, np.ones(len(labels)), themes, 0.0, families)


def page_of(grouping):
    texts = ["Un passage."] * len(grouping.labels)
    return theme_report.html(Source("essai.csv", texts, [""] * len(texts), [None] * len(texts), False), grouping)


def test_many_themes_stand_under_families_and_those_of_none_come_last():
    page = page_of(grouped([4, 3, 1, 1]))
    assert re.findall(r'<section class="r-family" aria-labelledby="(family-\d+)">', page) == [
        "family-1",
        "family-5",
        "family-8",
    ]
    headings = re.findall(r"<h([23]) [^>]*>([^<]*)</h", page)
    assert [title for level, title in headings if level == "2"][1:4] == ["Sujetb", "Sujetc", "Autres thèmes"]
    assert sum(level == "3" for level, _title in headings) == 9
    assert page.count('class="r-theme"') == 9
    assert page.count('scope="rowgroup"') == 3
    assert "3 familles" in page


def test_one_family_or_none_reads_as_one_list():
    for grouping in (grouped([4]), replace(grouped([2, 2]), families=[])):
        page = page_of(grouping)
        assert "r-family" not in page.split("</style>")[1]
        assert "<h3" not in page.split("</style>")[1]
        assert theme_report.families_of(grouping) == []


def test_the_files_say_the_family_of_each_theme(tmp_path, rows, capsys, monkeypatch):
    report(tmp_path, rows)
    themes = json.loads((tmp_path / "out" / "themes.json").read_text(encoding="utf-8"))
    with (tmp_path / "out" / "assignments.csv").open(encoding="utf-8") as file:
        lines = list(csv.DictReader(file))
    assert list(lines[0]) == ["id", "segment", "theme", "score", "family"]
    family = {theme["id"]: theme["family"] for theme in themes} | {-1: -1}
    assert all(int(line["family"]) == family[int(line["theme"])] for line in lines)
    assert all(bool(theme["family_title"]) == (theme["family"] >= 0) for theme in themes)
