"""The board by theme: offered when it helps, with the filters and the order kept; a theme renamed and chosen."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from feedback.actions import themes
from feedback.models import Membership, PainPoint, SavedView, Segment, Theme
from tests.factories import ServiceFactory, UserFactory
from tests.feedback.scenes import file

pytestmark = pytest.mark.django_db
BOARD = "/pilotage/"
BY_THEME = {"view": "all", "group": "theme"}


@pytest.fixture
def service():
    return ServiceFactory(name="Cantine")


@pytest.fixture
def owner(service):
    return UserFactory(owns=[service])


@pytest.fixture
def reader(client, owner):
    client.force_login(owner)
    return client


def shelf(service, name, number, *, fiches=1, **fields):
    """``number`` pain points under one theme, each with a passage of the same ``fiches``."""
    theme = Theme.objects.create(name=name) if name is not None else None
    made = PainPoint.objects.bulk_create(
        [
            PainPoint(
                title=f"{name} {n}", service=service, theme=theme, fiche_count=fiches, state="confirmed", **fields
            )
            for n in range(number)
        ]
    )
    for fiche in [file(service, f"Quelque chose sur {name}, fois {n}.") for n in range(fiches)]:
        said = [Segment(fiche=fiche, position=50 + n, start=0, end=1, text="x") for n in range(number)]
        pairs = zip(Segment.objects.bulk_create(said), made, strict=True)
        Membership.objects.bulk_create([Membership(segment=s, pain_point=p, source="machine") for s, p in pairs])
    return theme


def headings(response):
    return [(one["label"], one["counts"]) for one in response.context["shelves"]]


def test_headings_are_offered_when_the_list_is_long_and_some_theme_holds_several(reader, service):
    shelf(service, "Repas", 7)
    assert not reader.get(BOARD, {"view": "all"}).context["ways"]
    shelf(service, None, 1)
    listed = reader.get(BOARD, {"view": "all", "sort": "size"})
    assert not listed.context["shelves"]
    address = listed.context["ways"][1]["url"]
    assert "sort=size" in address
    assert headings(reader.get(BOARD + address)) == [
        ("Repas", "7 irritants, 1 fiche"),
        ("Sans thème", "1 irritant, 1 fiche"),
    ]


def test_a_fiche_that_says_several_things_of_a_theme_counts_once_under_its_heading(reader, service):
    shelf(service, "Repas", 4, fiches=3)
    assert headings(reader.get(BOARD, BY_THEME)) == [("Repas", "4 irritants, 3 fiches")]


def test_filters_and_order_are_kept_and_themes_come_in_the_order_of_what_they_hold(reader, service):
    shelf(service, "Petits", 3, fiches=1)
    shelf(service, "Grands", 3, fiches=4)
    shelf(service, "Réglés", 2, fiches=2)
    PainPoint.objects.filter(title__startswith="Réglés").update(state="done")
    page = reader.get(BOARD, {**BY_THEME, "sort": "size", "state": "confirmed"})
    assert [label for label, _counts in headings(page)] == ["Grands", "Petits"]
    text = page.content.decode()
    assert '<input type="hidden" name="group" value="theme">' in text
    assert "group=theme" in page.context["reset_url"]
    assert all("group=theme" in tab["url"] for tab in page.context["tabs"][:4])
    assert "group=theme" in page.context["active"][0]["url"]
    assert text.count('<details class="c-shelf" open>') == 1
    assert text.count('<details class="c-shelf"') == 2


def test_a_saved_view_remembers_that_it_goes_by_theme(reader, service):
    shelf(service, "Repas", 3)
    reader.post("/pilotage/vues/", {"name": "Par thème", "query": "view=all&group=theme&sort=size&evil=1"})
    kept = SavedView.objects.get().query
    assert kept == "view=all&sort=size&group=theme"
    page = reader.get(f"{BOARD}?{kept}")
    assert page.context["saved_view"].name == "Par thème"
    assert headings(page)


def test_a_long_theme_leads_to_its_own_list_and_an_unknown_one_changes_nothing(reader, service):
    theme = shelf(service, "Repas", 14)
    shelf(service, "Bus", 2)
    (first,) = [one for one in reader.get(BOARD, BY_THEME).context["shelves"] if one["theme"] == theme]
    assert len(first["rows"]) == 10
    page = reader.get(BOARD + first["all_url"])
    assert page.context["total"] == 14
    assert ("theme", "Thème : Repas") in [
        (one.name, one.label.replace("\xa0", " ")) for one in page.context["filter"].on()
    ]
    for wrong in ("987654", "abc", "1 OR 1"):
        assert reader.get(BOARD, {"view": "all", "theme": wrong}).context["total"] == 16


def test_themes_go_by_the_page(reader, service):
    for n in range(12):
        shelf(service, f"Thème {n}", 1)
    first, second = (reader.get(BOARD, {**BY_THEME, "page": page}) for page in (1, 2))
    assert (len(first.context["shelves"]), len(second.context["shelves"])) == (10, 2)
    assert "page=2" in first.context["pages"]["next_url"]
    assert reader.get(BOARD, {**BY_THEME, "page": 9}).status_code == 302


def test_a_theme_without_a_name_is_called_after_its_largest_pain_point(reader, service):
    theme = Theme.objects.create()
    PainPoint.objects.bulk_create(
        [PainPoint(title=f"Irritant {n}", service=service, theme=theme, fiche_count=n) for n in range(1, 4)]
    )
    ((label, _counts),) = headings(reader.get(BOARD, BY_THEME))
    assert label.replace("\xa0", " ") == "Autour de « Irritant 3 »"


def test_as_many_questions_for_three_themes_as_for_many(reader, service):
    def asked():
        with CaptureQueriesContext(connection) as captured:
            assert reader.get(BOARD, BY_THEME).status_code == 200
        return len(captured)

    for n in range(3):
        shelf(service, f"Peu {n}", 2)
    asked()  # what is read once for all pages
    few = asked()
    for n in range(20):
        shelf(service, f"Beaucoup {n}", 6)
    assert asked() == few <= 22


def test_an_owner_chooses_the_theme_of_a_pain_point_old_new_or_none(reader, service):
    theme = shelf(service, "Repas", 2)
    shelf(service, "Bus", 2)
    one = PainPoint.objects.filter(title__startswith="Bus").order_by("pk")[0]
    address = reverse("feedback:act", args=[one.number, "ranger"])
    assert "Aucun thème" in reader.get(address).content.decode()
    for typed, expected in (({"theme": theme.pk}, "Repas"), ({"name": " Le  midi "}, "Le midi"), ({"theme": ""}, None)):
        assert reader.post(address, {**typed, "sent": "1"}).status_code == 302
        one.refresh_from_db()
        assert (one.theme and one.theme.name) == expected
        assert one.is_theme_human


def test_a_theme_is_renamed_by_who_answers_for_it_and_by_nobody_else(reader, client, service, owner):
    theme, other = shelf(service, "Repas", 2), shelf(service, "Bus", 2)
    address = reverse("feedback:theme", args=[theme.pk])
    assert "Repas 1" in reader.get(address).content.decode()
    broken = reader.post(address, {"name": "bus"})
    assert broken.status_code == 409
    assert "bus" in broken.content.decode()
    assert reader.post(address, {"name": ""}).status_code == 200
    assert reader.post(address, {"name": "Le midi"}).status_code == 302
    theme.refresh_from_db()
    assert (theme.name, theme.is_name_human) == ("Le midi", True)
    stranger = UserFactory(owns=[ServiceFactory()])
    client.force_login(stranger)
    assert client.get(address).status_code == 404
    assert client.post(reverse("feedback:theme", args=[other.pk]), {"name": "Pris"}).status_code == 404


def test_who_only_reads_a_theme_may_not_rename_it_and_sees_no_theme_of_others(client, service):
    elsewhere = ServiceFactory()
    theme, hidden = shelf(service, "Repas", 2), shelf(service, "Secret", 2)
    for one in theme.pain_points.all():
        one.services.add(elsewhere)
    client.force_login(UserFactory(owns=[elsewhere]))
    page = client.get(BOARD, BY_THEME)
    assert [label for label, _counts in headings(page)] == ["Repas"]
    assert not page.context["shelves"][0]["name_url"]
    assert hidden.name not in page.content.decode()
    assert client.get(reverse("feedback:theme", args=[theme.pk])).status_code == 404
    named = themes.rename(hidden, name="Autre secret", by=UserFactory())
    assert named.name not in client.get(BOARD, {"view": "all"}).content.decode()
