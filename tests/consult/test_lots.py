"""Panels drawn by lot: the list closes with its hour and is frozen before the number is known; anybody draws again."""

import csv
import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, connections, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text

from accounts.choices import RoleKind
from consult import personal_data
from consult.actions import panels as acts
from consult.choices import Level, PhaseKind, VolunteerState
from consult.drawing_lots import letters
from consult.errors import (
    CriteriaInUse,
    CriteriaWrong,
    ListClosed,
    ListFrozen,
    ListOpen,
    NotAllowedNow,
    NotForYou,
    QuotasImpossible,
    SeedKnown,
    SeedUnknown,
)
from consult.models import Consultation, Criterion, Draw, PanelPage, Participant, Volunteer
from consult.people import participant_of
from journal.models import Entry
from letters.models import Letter
from letters.renderers import render
from tests.consult.surveying import somebody
from tests.consult.test_editing import entering
from tests.consult.test_meetings import COMMENTS
from tests.consult.test_page import words
from tests.consult.test_visitors import give, links, press
from tests.consult.world import consultation
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
AGES = ["16 à 29 ans : 1 à 2", "30 ans et plus : 2 à 3"]
PLACES = ["Centre : 2", "Tanneurs : 2"]


def panel(asked: Consultation | None = None, *, shares: list[list[str]] | None = None, **more: Any) -> PanelPage:
    """Four members, two criteria; open for three days, the number known in five."""
    asked, now = asked or consultation(PhaseKind.CONTRIBUTE), timezone.now()
    page = PanelPage(
        **{
            "title": "Le panel du quai",
            "slug": f"panel-{uuid4().hex[:6]}",
            "size": 4,
            "closes_at": now + 3 * DAY,
            "seed_at": now + 5 * DAY,
            "seed_source": "Les cinq numéros du Loto du 14 mars",
            "keeps_until": (now + 90 * DAY).date(),
            "live": False,
            **more,
        }
    )
    given = shares if shares is not None else [AGES, PLACES]
    page.criteria = [
        Criterion(label=label, shares=one, sort_order=place)
        for place, (label, one) in enumerate(zip(["Âge", "Quartier"], given, strict=False))
    ]
    asked.page.add_child(instance=page)
    page.save_revision(user=UserFactory()).publish()
    return PanelPage.objects.get(pk=page.pk)


def url(found: PanelPage, name: str = "panel", /) -> str:
    return reverse(f"consult:{name}", args=[found.get_parent().slug, found.slug])


def kind(place: int) -> dict[str, str]:
    return {
        "Âge": ["16 à 29 ans", "30 ans et plus"][place % 2],
        "Quartier": ["Centre", "Tanneurs"][place // 2 % 2],
    }


def filled(found: PanelPage, many: int = 12) -> list[Volunteer]:
    return [acts.volunteer(found, kind(place), by=somebody()) for place in range(many)]


def at_hour(found: PanelPage, *, closes: timedelta, seed: timedelta) -> None:
    """The clock goes on: that of the database does not, so the hours come nearer."""
    now = timezone.now()
    PanelPage.objects.filter(pk=found.pk).update(closes_at=now + closes, seed_at=now + seed)


def closed(found: PanelPage) -> None:
    at_hour(found, closes=-DAY, seed=DAY)


def known(found: PanelPage) -> None:
    """The number is known since an hour; the list was frozen before."""
    moved = {"frozen_at": timezone.now() - DAY, "seed_at": timezone.now() - timedelta(hours=1)}
    with triggers_off():
        Draw.objects.filter(panel=found).update(**moved)
        PanelPage.objects.filter(pk=found.pk).update(closes_at=timezone.now() - 2 * DAY, seed_at=moved["seed_at"])


class triggers_off:  # noqa: N801 (read as a sentence)
    """What only the passing of time may change."""

    def __enter__(self) -> None:
        self._run("DISABLE")

    def __exit__(self, *_error: object) -> None:
        self._run("ENABLE")

    @staticmethod
    def _run(word: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"ALTER TABLE consult_draw {word} TRIGGER consult_draw_kept")
            cursor.execute(f"ALTER TABLE consult_panelpage {word} TRIGGER consult_panel_rules_kept")


def drawn(found: PanelPage, many: int = 12) -> Draw:
    filled(found, many)
    closed(found)
    acts.freeze(found, by=None)
    known(found)
    return acts.draw_lots(found, seed="3 11 17 29 41", by=UserFactory())


def members(found: PanelPage) -> list[Volunteer]:
    return list(Volunteer.objects.filter(panel=found, state=VolunteerState.DRAWN).order_by("called"))


# --- the list ---


def test_one_person_is_in_the_list_once_and_may_change_their_answers() -> None:
    found, person = panel(), somebody()
    first = acts.volunteer(found, kind(0), by=person)
    again = acts.volunteer(found, kind(3), by=person)
    assert (again.pk, again.code, again.answers) == (first.pk, first.code, kind(3))
    with pytest.raises(IntegrityError), transaction.atomic():
        Volunteer.objects.create(panel=found, participant=person, code="AUTRE", answers=kind(0))
    for wrong in ({"Âge": "16 à 29 ans", "Quartier": "Ailleurs"}, {"Âge": "16 à 29 ans"}):
        with pytest.raises((ValueError, KeyError)):
            acts.volunteer(found, wrong, by=somebody())
    assert Letter.objects.filter(kind=letters.PANEL).count() == 1


def test_the_list_closes_with_its_hour_in_the_act_and_in_the_database() -> None:
    found = panel()
    mine = acts.volunteer(found, kind(0), by=somebody())
    closed(found)
    with pytest.raises(ListClosed):
        acts.volunteer(found, kind(0), by=somebody())
    with pytest.raises(IntegrityError, match="closed"), transaction.atomic():
        Volunteer.objects.create(panel=found, participant=somebody(), code="TARD", answers=kind(0))
    acts.leave(mine)
    assert not Volunteer.objects.exists(), "before the list is frozen, whoever leaves leaves nothing"
    for other in (panel(cancelled_reason="Faute de moyens"), panel(level=Level.VERIFIED)):
        with pytest.raises((ListClosed, NotForYou)):
            acts.volunteer(other, kind(0), by=somebody())


def rush(one: Any) -> list[Any]:
    """Eight tabs at the same moment."""

    def alone(place: int) -> Any:
        try:
            return one(place)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(alone, range(8)))


@pytest.mark.django_db(transaction=True)
def test_one_person_from_many_tabs_at_once_has_one_number() -> None:
    found, person = panel(), somebody()
    assert len(set(rush(lambda place: acts.volunteer(found, kind(place), by=person).code))) == 1
    assert Volunteer.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_control_without_the_constraint_the_same_tabs_are_several_people() -> None:
    found, person = panel(), somebody()

    def looks_then_writes(place: int) -> None:
        if not Volunteer.objects.filter(panel=found, participant=person).exists():
            with connection.cursor() as cursor:
                cursor.execute("SELECT PG_SLEEP(0.3)")
            Volunteer.objects.create(panel=found, participant=person, code=f"TAB{place}", answers=kind(place))

    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE consult_volunteer DROP CONSTRAINT one_person_volunteers_once")
    try:
        rush(looks_then_writes)
        assert Volunteer.objects.count() > 1
    finally:
        Volunteer.objects.all().delete()
        kept = "CONSTRAINT one_person_volunteers_once UNIQUE (panel_id, participant_id)"
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE consult_volunteer ADD {kept}")


# --- frozen before the number is known ---


def test_a_list_is_frozen_after_it_closes_and_before_the_number_is_known() -> None:
    found = panel()
    filled(found)
    with pytest.raises(ListOpen):
        acts.freeze(found, by=None)
    at_hour(found, closes=-2 * DAY, seed=-DAY)
    with pytest.raises(SeedKnown):
        acts.freeze(found, by=None)
    late = {"rules": {}, "fingerprint": "0" * 64, "volunteers": 0, "offered": {}, "seed_source": "?"}
    with pytest.raises(IntegrityError, match="frozen_before"), transaction.atomic():
        Draw.objects.create(panel=found, seed_at=timezone.now() - DAY, **late)
    at_hour(found, closes=DAY, seed=2 * DAY)
    with pytest.raises(IntegrityError, match="still volunteer"), transaction.atomic():
        Draw.objects.create(panel=found, seed_at=timezone.now() + 2 * DAY, **late)
    closed(found)
    frozen = acts.freeze(found, by=None)
    assert acts.freeze(found, by=None).pk == frozen.pk
    assert frozen.fingerprint in words(Client().get(url(found)))


@pytest.mark.parametrize(
    "attack",
    [
        lambda found: Volunteer.objects.filter(panel=found).update(answers=kind(0)),
        lambda found: Volunteer.objects.filter(panel=found).delete(),
        lambda found: Volunteer.objects.create(panel=found, participant=somebody(), code="INTRUS", answers=kind(0)),
        lambda found: PanelPage.objects.filter(pk=found.pk).update(size=3),
        lambda found: PanelPage.objects.filter(pk=found.pk).update(seed_source="Mon numéro à moi"),
        lambda found: Draw.objects.filter(panel=found).update(fingerprint="0" * 64),
        lambda found: Draw.objects.filter(panel=found).update(rules={"size": 1, "quotas": {}}),
        lambda found: Draw.objects.filter(panel=found).update(seed="avant l’heure", drawn_at=timezone.now()),
        lambda found: Draw.objects.filter(panel=found).delete(),
    ],
)
def test_nothing_of_a_frozen_list_changes_whatever_the_door(attack: Any) -> None:
    found = panel()
    filled(found, 4)
    closed(found)
    acts.freeze(found, by=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        attack(found)


def test_nothing_of_a_draw_changes_whatever_the_door() -> None:
    found = panel()
    result = drawn(found)
    for change in ({"seed": "un autre"}, {"chosen": result.chosen[::-1]}, {"drawn_at": timezone.now()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Draw.objects.filter(pk=result.pk).update(**change)
    with pytest.raises(NotAllowedNow):
        acts.draw_lots(found, seed="un autre", by=UserFactory())


def test_nobody_draws_before_the_number_is_known_nor_with_quotas_that_no_panel_has() -> None:
    found = panel()
    acts.volunteer(found, kind(0), by=somebody())
    closed(found)
    with pytest.raises(QuotasImpossible, match="Tanneurs"):
        acts.freeze(found, by=None)
    at_hour(found, closes=DAY, seed=2 * DAY)
    filled(found)
    closed(found)
    acts.freeze(found, by=None)
    with pytest.raises(SeedUnknown):
        acts.draw_lots(found, seed="3 11 17", by=UserFactory())


# --- the draw ---


def test_the_draw_reaches_its_quotas_tells_everybody_and_anybody_draws_it_again(tmp_path: Path) -> None:
    found = panel()
    result = drawn(found)
    seated = members(found)
    assert [one.code for one in seated] == result.chosen
    assert Counter(one.answers["Quartier"] for one in seated) == {"Centre": 2, "Tanneurs": 2}
    subjects = Counter(render(one).subject.partition("\u00a0:")[0] for one in Letter.objects.filter(kind=letters.PANEL))
    assert subjects["Vous êtes tiré au sort"] == 2 * 4, "the first letter, read late, tells what is then true"
    told = Client().get(url(found, "panel_record")).json()
    editor = entering(RoleKind.EDITOR)
    (tmp_path / "liste.csv").write_bytes(b"".join(editor.get(url(found, "panel_list")).streaming_content))
    (tmp_path / "tirage.json").write_text(json.dumps(told))
    out = StringIO()
    call_command(
        "draw_panel", tmp_path / "liste.csv", quotas=tmp_path / "tirage.json", seed=told["seed"], json=True, stdout=out
    )
    again = json.loads(out.getvalue())
    assert (again["chosen"], again["input_hash"]) == (result.chosen, result.fingerprint)
    assert Entry.objects.filter(verb="panel.list_taken").count() == 1


def test_who_gives_their_place_back_is_replaced_by_the_same_draw(tmp_path: Path) -> None:
    found = panel()
    result = drawn(found)
    leaver, other = members(found)[0], Volunteer.objects.filter(panel=found, state="listed").first()
    Letter.objects.all().delete()
    acts.leave(other)
    acts.leave(leaver)
    acts.leave(leaver)
    now = members(found)
    result.refresh_from_db()
    assert result.gone == [other.code, leaver.code]
    assert (len(now), now[-1].called) == (4, 5)
    assert now[-1].answers["Quartier"] == leaver.answers["Quartier"], "two of each district, and no other way"
    [letter] = Letter.objects.filter(kind=letters.PANEL)
    assert letter.key == now[-1].pk
    with pytest.raises(IntegrityError), transaction.atomic():
        Draw.objects.filter(pk=result.pk).update(gone=[])
    assert "2 personnes ont rendu leur place" in words(Client().get(url(found)))
    assert f"--gone {other.code},{leaver.code}" in words(Client().get(url(found)))
    assert f"<s>{leaver.code}</s>" in words(Client().get(url(found)))
    assert f"<span>{now[-1].code}</span>" in words(Client().get(url(found))).partition("appelées depuis")[2]
    left = words(Client().get(reverse("consult:volunteer", args=[letters.token_of(leaver)])))
    assert "Votre place est rendue" in left
    assert "<button" not in left.partition('id="contenu"')[2].partition("</main>")[0]


def test_closing_ones_account_leaves_a_line_without_a_name_and_somebody_is_called() -> None:
    found, user = panel(), UserFactory()
    acts.volunteer(found, kind(0), by=participant_of(user))
    drawn(found, 4)
    assert personal_data.copy_for(user)["panels"][0]["panel_title"] == found.title
    personal_data.erase(user)
    assert Volunteer.objects.filter(panel=found, participant=None, state=VolunteerState.LEFT).count() == 1
    acts.keep_up()
    acts.keep_up()
    assert len(members(found)) == 4
    assert len(Draw.objects.get().gone) == 1


def test_the_clock_freezes_lists_then_erases_what_volunteers_gave() -> None:
    found, impossible = panel(), panel()
    filled(found)
    closed(found)
    closed(impossible)
    acts.keep_up()
    assert list(Draw.objects.values_list("panel", flat=True)) == [found.pk]
    PanelPage.objects.filter(pk=found.pk).update(keeps_until=timezone.localdate())
    acts.keep_up()
    acts.keep_up()
    assert not Volunteer.objects.exists()
    assert Draw.objects.get().volunteers == 12
    assert Draw.objects.get().fingerprint in words(Client().get(url(found)))
    assert Entry.objects.filter(verb="panel.erased").count() == 1


# --- the pages ---


def test_somebody_volunteers_on_the_page_reads_their_number_and_leaves() -> None:
    asked = consultation(PhaseKind.CONTRIBUTE)
    found, client = panel(asked), Client()
    client.force_login(UserFactory())
    assert "panel tiré au sort : volontaires" in words(client.get(f"/consultations/{asked.page.slug}/")).lower()
    page = words(client.get(url(found)))
    assert "1 à 2" in page
    assert "Les cinq numéros du Loto" in page
    assert client.post(url(found), {"c0": "16 à 29 ans"}).status_code == 422
    answer = client.post(url(found), {"c0": "16 à 29 ans", "c1": "Centre", "agrees": "on"}, follow=True)
    mine = Volunteer.objects.get()
    assert mine.code in words(answer)
    assert mine.code not in words(Client().get(url(found)))
    address = reverse("consult:volunteer", args=[letters.token_of(mine)])
    assert "Tanneurs" not in words(Client().get(address))
    assert Volunteer.objects.exists(), "opening the link changes nothing"
    Client().post(address)
    assert not Volunteer.objects.exists()
    assert Client().get(reverse("consult:volunteer", args=["1:faux"])).status_code == 404


def test_a_visitor_volunteers_from_their_mailbox_and_is_refused_once_the_list_is_closed(client: Client) -> None:
    asked = consultation(PhaseKind.CONTRIBUTE)
    found, typed = panel(asked), {"c0": "16 à 29 ans", "c1": "Centre", "agrees": "on"}
    for late in (False, True):
        client, address = Client(), f"lea{late}@mairie.example"
        client.post(url(found), typed)
        give(client, asked, address)
        if late:
            closed(found)
        answer = press(client, links()[-1])
        assert ("close depuis" in words(answer)) == late
    assert Volunteer.objects.get().answers == kind(0)


def test_small_figures_of_volunteers_are_not_told_and_nothing_personal_is_public() -> None:
    found = panel()
    drawn(found, 10)
    for place, one in enumerate(Volunteer.objects.filter(panel=found)):
        Participant.objects.filter(pk=one.participant_id).update(name=f"Nompublic{place}")
    for address in (url(found), url(found, "panel_record")):
        told = Client().get(address).content.decode()
        assert "Nompublic" not in told
        assert "@" not in told.replace("@font", "")
    assert "non communiqué" in words(Client().get(url(found))), "four young people: 4 and 6 would tell each other"


def test_an_editor_conducts_it_and_reads_who_is_in_the_panel() -> None:
    found, editor, citizen = panel(), entering(RoleKind.EDITOR), Client()
    citizen.force_login(UserFactory())
    filled(found)
    for name in ("panel_conduct", "panel_list", "panel_members"):
        assert citizen.get(url(found, name)).status_code == 404
    closed(found)
    assert editor.post(url(found, "panel_conduct"), {"freeze": "1"}).status_code == 302
    assert editor.post(url(found, "panel_conduct"), {"seed": "3 11"}).status_code == 422
    known(found)
    assert editor.post(url(found, "panel_conduct"), {"seed": "3 11"}).status_code == 302
    lines = b"".join(editor.get(url(found, "panel_members")).streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(StringIO(lines)))
    assert [row[0] for row in rows[1:]] == Draw.objects.get().chosen
    assert rows[1][2] == members(found)[0].participant.user.email
    assert Entry.objects.filter(verb="panel.people_read").exists()


def typed(**more: Any) -> dict[str, Any]:
    return {
        "title": "Panel", "slug": "panel", "intro": "", "level": "visitor", "size": "4", "cancelled_reason": "",
        "closes_at": "2049-03-10 20:00", "seed_at": "2049-03-14 21:00", "seed_source": "Le Loto du 14 mars",
        "keeps_until": "2049-09-01", "asked": rich_text(""),
        "criteria": inline_formset([{"label": "Âge", "shares": "\n".join(AGES)}]), **more,
    }  # fmt: skip


def test_an_editor_sets_it_up_in_wagtail_and_what_no_panel_can_have_is_refused() -> None:
    editor, asked = entering(RoleKind.ADMINISTRATOR), consultation(PhaseKind.CONTRIBUTE)
    add = reverse("wagtailadmin_pages:add", args=["consult", "panelpage", asked.page.pk])
    assert editor.get(add).status_code == 200
    for shares in ("Jeunes : 4 à 2\nVieux : 1", "Jeunes : 3\nVieux : 2"):
        wrong = typed(criteria=inline_formset([{"label": "Âge", "shares": shares}]))
        assert editor.post(add, {**nested_form_data(wrong), **COMMENTS, "action-publish": "1"}).status_code == 200
        assert not PanelPage.objects.exists()
    editor.post(add, {**nested_form_data(typed()), **COMMENTS, "action-publish": "1"})
    found = PanelPage.objects.get()
    assert timezone.localtime(found.closes_at, asked.page.zone).hour == 20
    assert found.criteria.get().shares == AGES
    assert "volontaires" in words(Client().get(url(found))).lower()


def test_once_people_volunteered_their_answers_stay_and_once_frozen_so_do_the_rules() -> None:
    found = panel()
    filled(found)

    def published(**change: Any) -> None:
        draft = PanelPage.objects.get(pk=found.pk).get_latest_revision_as_object()
        for name, value in change.items():
            setattr(draft, name, value)
        with transaction.atomic():
            draft.save_revision(user=UserFactory()).publish()

    published(size=3, criteria=draft_criteria(["1", "2"]))
    assert Entry.objects.filter(verb="panel.changed").count() == 1
    with pytest.raises(CriteriaInUse):
        published(criteria=[Criterion(label="Âge", shares=["Jeunes : 1", "Vieux : 2"])])
    with pytest.raises(CriteriaWrong):
        published(size=900)
    closed(found)
    acts.freeze(found, by=None)
    with pytest.raises(ListFrozen):
        published(seed_source="Un nombre que je connais")


def draft_criteria(seats: list[str]) -> list[Criterion]:
    """The same answers, other numbers of members."""
    ages = [f"{line.partition(' :')[0]} : {many}" for line, many in zip(AGES, seats, strict=True)]
    places = ["Centre : 1 à 2", "Tanneurs : 1 à 2"]
    return [Criterion(label="Âge", shares=ages, sort_order=0), Criterion(label="Quartier", shares=places, sort_order=1)]


@pytest.mark.parametrize("name", ["panel", "panel_conduct", "panel_record", "panel_list", "panel_members"])
def test_as_many_questions_to_the_database_whatever_the_volunteers(name: str) -> None:
    client, counts = entering(RoleKind.EDITOR), []
    for many in (4, 16):
        found = panel()
        drawn(found, many)
        client.get(url(found, name))
        with CaptureQueriesContext(connection) as asked_of_it:
            client.get(url(found, name))
        counts.append(len(asked_of_it))
    assert counts[0] == counts[1] <= 14
