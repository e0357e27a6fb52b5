"""Many who send the same text: folded where they are read, signalled to people, never dropped."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.choices import RoleKind
from feedback import clock, importing, tasks
from feedback.actions import alerts, privacy, reshaping, triage
from feedback.actions import importing as import_acts
from feedback.choices import IntakeChannel
from feedback.folding import fold
from feedback.grouping import adding
from feedback.importing import Mapping
from feedback.models import Fiche, FloodSignal, PainPoint, Segment
from journal.models import Entry
from tests.factories import ServiceFactory, UserFactory
from tests.feedback.scenes import file, gather

pytestmark = pytest.mark.django_db
CALL = (
    "Nous demandons le maintien de la ligne 14 le dimanche. Sans elle le quartier des Forges est coupé de la gare "
    "et de l’hôpital{end}"
)
OWN = [
    "Ma mère ne peut plus aller à la messe sans le bus du dimanche.",
    "Je travaille à l’hôpital le week-end, comment je fais sans la 14 ?",
]
ENDS = [".", " !", ", merci.", "…", " svp."]
PAGE = "/pilotage/textes-proches/"


@pytest.fixture
def service():
    return ServiceFactory(name="Métro et bus")


@pytest.fixture
def owner(service):
    return UserFactory(owns=[service], name="Inès R.")


@pytest.fixture
def campaign(service, owner):
    """Fourteen fiches: twelve send the same text, two have words of their own."""
    texts = [CALL.format(end=ENDS[n % len(ENDS)]) for n in range(12)] + OWN
    fiches = [file(service, text) for text in texts]
    return gather(service, *fiches, by=owner, title="Le bus du dimanche")


def test_a_pain_point_counts_its_fiches_and_its_different_texts(campaign):
    campaign.refresh_from_db()
    assert (campaign.fiche_count, campaign.distinct_count) == (14, 3)
    assert Segment.objects.values("fold").distinct().count() == 3


@pytest.mark.parametrize("with_rule", [True, False], ids=["as it is", "control"])
def test_a_file_that_repeats_one_text_is_one_pain_point_not_a_heap_to_sort(service, owner, monkeypatch, with_rule):
    if not with_rule:
        monkeypatch.setattr(adding, "_campaign", lambda segments: ([], list(segments)))
    monkeypatch.setattr(tasks, "ring", lambda *_: None)
    lines = [f"La cantine du lundi {n} est froide et le portail ne marche pas.;2026-05-04" for n in range(120)]
    content = "\n".join(["texte;reçu le", *lines]).encode()
    brought = import_acts.upload(service=service, content=content, file_name="pétition.csv", by=owner)
    import_acts.check(brought, mapping=Mapping.of(brought.mapping))
    import_acts.start(brought, by=owner)
    import_acts.run(brought.pk)
    brought.refresh_from_db()
    importing.placing.place(brought)
    left = Segment.objects.unplaced().count()
    if with_rule:
        assert left == 0
        assert PainPoint.objects.get().fiche_count == 120
    else:
        assert left > 60


def test_a_newcomer_joins_the_fold_and_only_newcomers_are_read(campaign, service, owner, django_assert_max_num_queries):
    fiche = file(service, CALL.format(end=" bien à vous."))
    with django_assert_max_num_queries(6):
        assert fold(Segment.objects.all()) == 1
    first = Segment.objects.filter(fold__isnull=False).order_by("pk").first()
    assert fiche.segments.get().fold == first
    assert fold(Segment.objects.all()) == 0
    reshaping.attach(list(fiche.segments.all()), to=campaign, by=owner)
    campaign.refresh_from_db()
    assert (campaign.fiche_count, campaign.distinct_count) == (15, 3)


def test_when_the_first_author_takes_the_words_back_the_others_find_another_first(campaign):
    first = Segment.objects.order_by("pk").first()
    privacy.erase(first.fiche, by=None)
    fold(Segment.objects.all())
    campaign.refresh_from_db()
    assert Segment.objects.filter(fold=None).count() == 0
    assert Segment.objects.values("fold").distinct().count() == 3
    assert (campaign.fiche_count, campaign.distinct_count) == (13, 3)


def test_the_board_says_how_many_texts_and_the_page_shows_one_of_each(client, owner, campaign):
    client.force_login(owner)
    board = client.get("/pilotage/").content.decode()
    assert "3 textes distincts" in board
    page = client.get(campaign.get_absolute_url())
    assert len(page.context["passages"]) == 3
    assert "et 11 autres presque identiques" in page.content.decode()


def test_a_fold_unfolds(client, owner, campaign):
    client.force_login(owner)
    folded = next(one for one in client.get(campaign.get_absolute_url()).context["passages"] if one.copies)
    unfolded = client.get(campaign.get_absolute_url() + folded.copies_url)
    assert unfolded.context["pages"]["total"] == 12
    assert len(unfolded.context["passages"]) == 10
    assert client.get(campaign.get_absolute_url() + "?copies=x").status_code == 200
    assert client.get(campaign.get_absolute_url() + "?copies=99999").status_code == 200


def test_whoever_splits_a_folded_passage_takes_its_copies_along(client, owner, campaign):
    client.force_login(owner)
    folded = next(one for one in client.get(campaign.get_absolute_url()).context["passages"] if one.copies)
    url = reverse("feedback:act", args=[campaign.number, "separer"])
    chosen = {"passage": folded.segment.pk, "folded": "1"}
    asked = client.post(url, chosen).content.decode()
    assert "11 autres passages, presque identiques" in asked
    assert 'name="folded"' in asked
    client.post(url, {**chosen, "sent": "1", "title": "La pétition du dimanche"})
    new = PainPoint.objects.get(title="La pétition du dimanche")
    assert (new.fiche_count, new.distinct_count) == (12, 1)


def test_in_an_unfolded_list_a_passage_goes_alone(client, owner, campaign):
    client.force_login(owner)
    one = Segment.objects.filter(fold=Segment.objects.order_by("pk").first()).last()
    url = reverse("feedback:act", args=[campaign.number, "sortir"])
    client.post(url, {"passage": one.pk})
    campaign.refresh_from_db()
    assert campaign.fiche_count == 13


def test_quoting_a_folded_passage_quotes_it_once(client, owner, campaign):
    client.force_login(owner)
    folded = next(one for one in client.get(campaign.get_absolute_url()).context["passages"] if one.copies)
    client.post(reverse("feedback:act", args=[campaign.number, "citer"]), {"passage": folded.segment.pk, "folded": "1"})
    assert campaign.verbatims.count() == 1


def test_the_public_pages_say_it_and_show_one_of_each(client, owner, campaign):
    copies = list(Segment.objects.filter(fold=Segment.objects.order_by("pk").first())[:3])
    triage.quote(campaign, segments=copies, by=owner)
    triage.publish(campaign, by=owner)
    page = client.get(f"/vous-avez-dit/{campaign.number}/").content.decode()
    assert "moins de 5 textes distincts" in page
    assert page.count("le maintien de la ligne 14") == 1
    assert "presque identiques" not in page


def test_a_campaign_is_signalled_once_and_nothing_is_hidden_by_it(client, owner, campaign):
    clock.watch_floods()
    clock.watch_floods()
    signal = FloodSignal.objects.get()
    assert (signal.fiche_count, signal.channels) == (12, {"web": 12})
    campaign.refresh_from_db()
    assert campaign.fiche_count == 14
    assert Fiche.objects.filter(state="dismissed").count() == 0
    client.force_login(owner)
    assert "1 texte envoyé par de nombreuses personnes" in client.get("/pilotage/").content.decode()
    html = client.get(PAGE).content.decode()
    assert "12 fiches disent presque la même chose" in html
    assert "C’est leur droit" in html


def test_a_signal_is_seen_once_and_shown_again_when_it_doubles(client, service, owner, campaign):
    alerts.watch_floods()
    signal = FloodSignal.objects.get()
    client.force_login(owner)
    for _twice in range(2):
        assert client.post(reverse("feedback:flood_seen", args=[signal.pk])).url == PAGE
    assert "Vu par Inès R." in client.get(PAGE).content.decode()
    assert Entry.objects.filter(verb="flood.seen").count() == 1
    alerts.watch_floods()
    signal.refresh_from_db()
    assert signal.seen_by == owner
    for n in range(12):
        file(service, CALL.format(end=ENDS[n % len(ENDS)]))
    alerts.watch_floods()
    signal.refresh_from_db()
    assert (signal.fiche_count, signal.seen_at) == (24, None)


def test_a_moderator_sees_every_signal_and_another_owner_none(client, campaign):
    alerts.watch_floods()
    client.force_login(UserFactory(owns=[ServiceFactory()]))
    assert client.get(PAGE).context["signals"] == []
    client.force_login(UserFactory(holds=[RoleKind.MODERATOR]))
    (one,) = client.get(PAGE).context["signals"]
    assert one["pain_point"] is None


def test_what_comes_slowly_or_in_a_file_is_no_flood(service):
    today = timezone.localdate()
    for n in range(12):
        file(service, CALL.format(end="."), received_on=today - timedelta(days=5 * n))
        file(service, "Le car de 17 h ne passe plus.", received_on=today, channel=IntakeChannel.IMPORT)
    alerts.watch_floods()
    assert not FloodSignal.objects.exists()


def test_the_pages_everybody_reads_never_tell_a_signal(client, owner, campaign):
    triage.publish(campaign, by=owner)
    alerts.watch_floods()
    for url in ("/", "/vous-avez-dit/", f"/vous-avez-dit/{campaign.number}/", "/api/v1/pain-points"):
        html = client.get(url).content.decode()
        assert "presque" not in html
        assert "signal" not in html.lower().replace("signaler", "").replace("signalement", "")
