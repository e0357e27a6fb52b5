"""Pain points under themes: what the machine arranges, and what people decide that it never undoes."""

import contextlib
import random
import threading

import pytest
from django.db import IntegrityError, connection, transaction

from feedback.actions import themes, triage
from feedback.errors import NotAllowedNow, ThemeGone, ThemeNameTaken
from feedback.grouping import theming
from feedback.models import PainPoint, Theme
from journal.models import Entry
from tests.factories import ServiceFactory, UserFactory

WORDS = {
    "Cantine": ("menus trop gras", "facture fausse", "allergie oubliée", "repas froid"),
    "Piscine": ("horaires courts", "douches froides", "vestiaires sales", "tarif du dimanche"),
    "Bus": ("retard du matin", "arrêt supprimé", "abonnement refusé", "chauffeur pressé"),
}


@pytest.fixture
def service():
    return ServiceFactory()


@pytest.fixture
def owner(service):
    return UserFactory(owns=[service])


def listed(service, words=WORDS):
    """Pain points as the machine suggests them, without vectors: their titles say what they are about."""
    made = [
        PainPoint(title=f"{subject} : {word}", keyphrases=[subject.lower(), word], service=service, fiche_count=3)
        for subject, told in words.items()
        for word in told
    ]
    return PainPoint.objects.bulk_create(made)


def arranged():
    """Titles by theme."""
    theming.arrange()
    found = {}
    for title, theme in PainPoint.objects.exclude(theme=None).values_list("title", "theme__name"):
        found.setdefault(theme, set()).add(title)
    return found


def by_title(title):
    return PainPoint.objects.select_related("theme").filter(title__startswith=title).order_by("pk")[0]


@pytest.mark.django_db
def test_pain_points_about_one_thing_stand_under_one_plain_name_and_a_second_run_changes_nothing(service):
    listed(service)
    found = arranged()
    assert {name: len(titles) for name, titles in found.items()} == {"Cantine": 4, "Piscine": 4, "Bus": 4}
    assert all(title.startswith(name) for name, titles in found.items() for title in titles)
    keys = set(Theme.objects.values_list("pk", flat=True))
    assert theming.arrange() == 0
    assert set(Theme.objects.values_list("pk", flat=True)) == keys
    assert Entry.objects.filter(verb="theme.suggested").count() == 3


@pytest.mark.django_db
def test_a_short_list_has_no_theme(service):
    listed(service, {"Cantine": WORDS["Cantine"], "Bus": WORDS["Bus"][:3]})
    assert theming.arrange() == 0
    assert not Theme.objects.exists()


@pytest.mark.django_db
def test_a_theme_goes_on_when_new_pain_points_come_and_is_let_go_when_it_holds_one(service):
    listed(service)
    arranged()
    keys = dict(Theme.objects.values_list("name", "pk"))
    listed(service, {"Bus": ("bondé le soir", "sans climatisation")})
    assert len(arranged()["Bus"]) == 6
    assert dict(Theme.objects.values_list("name", "pk")) == keys
    PainPoint.objects.filter(title__startswith="Piscine").exclude(title__contains="douches").update(state="dismissed")
    arranged()
    assert not Theme.objects.filter(pk=keys["Piscine"]).exists()


@pytest.mark.django_db
def test_what_a_person_chose_outlives_every_regrouping(service, owner):
    listed(service)
    arranged()
    bus = by_title("Bus : retard")
    themes.choose(bus, theme=by_title("Cantine").theme, by=owner)
    themes.choose(by_title("Bus : arrêt"), theme=None, by=owner)
    themes.choose(by_title("Piscine : tarif"), theme=None, name="Prix", by=owner)
    themes.rename(by_title("Piscine : douches").theme, name="Bains et piscines", by=owner)
    listed(service, {"Bus": ("bondé le soir",), "Piscine": ("savon absent",)})
    for _night in range(3):
        arranged()
    assert by_title("Bus : retard").theme == by_title("Cantine").theme
    assert by_title("Bus : arrêt").theme is None
    assert by_title("Piscine : tarif").theme.name == "Prix"
    assert {by_title(f"Piscine : {word}").theme.name for word in WORDS["Piscine"][:3]} == {"Bains et piscines"}
    verbs = Entry.objects.filter(actor_key=owner.pk).order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["pain_point.themed"] * 3 + ["theme.renamed"]


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(4))
def test_whatever_people_do_between_nights_nothing_of_it_is_undone(service, owner, seed):
    draw = random.Random(seed)
    listed(service)
    chosen, names = {}, {}
    for step in range(12):
        theming.arrange()
        assert {key: PainPoint.objects.get(pk=key).theme_id for key in chosen} == chosen
        assert {key: Theme.objects.get(pk=key).name for key in names} == names
        one = draw.choice(list(PainPoint.objects.living()))
        known = list(Theme.objects.all())
        act = draw.choice(["move", "new", "none", "name", "grow", "dismiss"])
        if act == "name" and known:
            theme = draw.choice(known)
            names[theme.pk] = themes.rename(theme, name=f"Nom {step}", by=owner).name
            held = PainPoint.objects.filter(theme=theme).values_list("pk", flat=True)
            chosen |= {key: theme.pk for key in held if key not in chosen}
        elif act == "move" and known:
            chosen[one.pk] = themes.choose(one, theme=draw.choice(known), by=owner).theme_id
        elif act == "new":
            chosen[one.pk] = themes.choose(one, theme=None, name=f"Neuf {step}", by=owner).theme_id
        elif act == "none":
            chosen[one.pk] = themes.choose(one, theme=None, by=owner).theme_id
        elif act == "dismiss":
            triage.dismiss(one, by=owner)
        else:
            listed(service, {draw.choice(list(WORDS)): (f"chose {step}",)})


@pytest.mark.django_db
def test_a_person_s_theme_may_hold_one_pain_point_and_takes_its_likes(service, owner):
    listed(service)
    arranged()
    for word in WORDS["Bus"][:3]:
        themes.choose(by_title(f"Bus : {word}"), theme=None, name="Transports", by=owner)
    found = arranged()
    assert len(found["Transports"]) == 4
    assert "Bus" not in found


@pytest.mark.django_db
def test_names_are_told_apart_and_never_empty(service, owner):
    listed(service)
    arranged()
    bus, cantine = by_title("Bus").theme, by_title("Cantine").theme
    with pytest.raises(ThemeNameTaken, match="CANTINE"):
        themes.rename(bus, name="  CANTINE ", by=owner)
    assert themes.choose(by_title("Bus"), theme=None, name="cantine", by=owner).theme == cantine
    for fields in ({"name": "CANTINE"}, {"name": "", "is_name_human": True}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Theme.objects.create(**fields)
    Theme.objects.create(name="")
    Theme.objects.create(name="")


@pytest.mark.django_db
def test_a_theme_that_was_let_go_and_a_pain_point_set_aside_are_refused(service, owner):
    one, *_rest = listed(service)
    gone = Theme.objects.create(name="Parti")
    Theme.objects.filter(pk=gone.pk).delete()
    with pytest.raises(ThemeGone):
        themes.choose(one, theme=gone, by=owner)
    with pytest.raises(ThemeGone):
        themes.rename(gone, name="Revenu", by=owner)
    triage.dismiss(one, by=owner)
    with pytest.raises(NotAllowedNow):
        themes.choose(one, theme=None, by=owner)


@pytest.mark.django_db
def test_said_twice_it_is_written_once(service, owner):
    listed(service)
    arranged()
    theme = by_title("Bus").theme
    for _twice in range(2):
        themes.choose(by_title("Cantine"), theme=theme, by=owner)
        themes.rename(theme, name="Transports", by=owner)
    assert Entry.objects.filter(verb__in=["pain_point.themed", "theme.renamed"]).count() == 2


def meet(monkeypatch, service, owner):
    """A person chooses a theme after the machine has thought and before it writes; what the person finds then."""
    listed(service)
    theming.arrange()
    one, theme = by_title("Bus : retard"), by_title("Cantine").theme
    PainPoint.objects.filter(title__startswith="Bus").update(theme=None)  # the machine will want to write it
    thought, acted = threading.Event(), threading.Event()
    real = theming._Seen.kin

    def slow(seen):
        found = real(seen)
        if not thought.is_set():
            thought.set()
            acted.wait(timeout=5)
        return found

    monkeypatch.setattr(theming._Seen, "kin", slow)

    def night():
        with contextlib.closing(connection):
            theming.arrange()

    machine = threading.Thread(target=night)
    machine.start()
    thought.wait(timeout=5)
    themes.choose(one, theme=theme, by=owner)
    acted.set()
    machine.join(timeout=20)
    one.refresh_from_db()
    return one.theme_id == theme.pk and Theme.objects.filter(pk=theme.pk).exists()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_person_who_is_faster_than_the_machine_is_obeyed(monkeypatch, service, owner):
    assert meet(monkeypatch, service, owner)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_control_without_the_defences_the_machine_would_write_over(monkeypatch, service, owner):
    monkeypatch.setattr(theming._Seen, "mark", [])

    def write_blindly(seen, found):
        rows = {one.pk: label for one, label in zip(seen.pain_points, found.tolist(), strict=True)}
        made = {label: Theme.objects.create(name=f"Aveugle {label}") for label in set(rows.values())}
        for key, label in rows.items():
            PainPoint.objects.filter(pk=key).update(theme=made[label])
        return len(rows)

    real = theming._write
    calls = []

    def blind_at_last(seen, found):
        calls.append(1)
        return real(seen, found) if len(calls) == 1 else write_blindly(seen, found)

    monkeypatch.setattr(theming, "_write", blind_at_last)
    assert not meet(monkeypatch, service, owner)
