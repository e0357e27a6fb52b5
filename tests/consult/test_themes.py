"""Themes: suggested by the machine, read by nobody before a person validates them, and never undone by it."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts import actions as accounts
from accounts.choices import RoleKind
from consult.actions import propositions as proposing
from consult.actions import theming
from consult.actions.arguments import argue
from consult.choices import PhaseKind, RunState, Side, ThemeState
from consult.errors import NameTaken, NotAllowedNow
from consult.models import Argument, Consultation, Proposition, Theme, ThemeMember, ThemeRun, Version
from consult.themes import finding, reading, running
from moderation.actions import open_case
from moderation.choices import Timing
from tests.consult.test_deciding_pages import at, said
from tests.consult.test_merging import somebody
from tests.consult.world import close, consultation, section_of
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
SUBJECTS = {
    "velo": [
        "Une piste cyclable protégée sur le quai pour les vélos",
        "Séparer les vélos des voitures avec une piste cyclable",
        "La piste cyclable du quai est dangereuse pour les vélos",
        "Des vélos doivent pouvoir rouler sur une piste cyclable sûre",
        "Élargir la piste cyclable du quai pour les vélos cargos",
    ],
    "arbre": [
        "Planter des arbres le long du quai pour avoir de l’ombre",
        "Des arbres et de l’ombre sur les bancs du quai",
        "Il manque des arbres qui donnent de l’ombre en été",
        "Planter des arbres plutôt que du béton, pour l’ombre",
        "L’ombre des arbres rafraîchit le quai en été",
    ],
    "bruit": [
        "Le bruit des bars la nuit empêche les riverains de dormir",
        "Limiter le bruit des terrasses la nuit pour les riverains",
        "Les riverains ne dorment plus, le bruit de la nuit est trop fort",
        "Fermer les terrasses à minuit contre le bruit la nuit",
        "Moins de bruit la nuit pour les riverains du quai",
    ],
}


@pytest.fixture
def editor(client):
    user = UserFactory()
    accounts.grant(user, RoleKind.EDITOR, by=None)
    client.force_login(user)
    return user


def written(asked: Consultation, *titles: str) -> list[Proposition]:
    author, section = somebody(), section_of(asked)
    first = Proposition.objects.filter(consultation=asked).count() + 1
    made = []
    for number, title in enumerate(titles, first):
        case = open_case("proposition", page=asked.page, timing=Timing.AFTER)
        one = Proposition.objects.create(
            consultation=asked, number=number, section=section, author=author, title=title, body=f"<p>{title}.</p>",
            case=case, is_shown=True,
        )  # fmt: skip
        Version.objects.create(proposition=one, number=1, title=title, body=one.body)
        made.append(one)
    Consultation.objects.filter(pk=asked.pk).update(last_number=first + len(made))
    return made


def talkative() -> Consultation:
    asked = consultation(PhaseKind.CONTRIBUTE, PhaseKind.VOTE)
    written(asked, *(title for titles in SUBJECTS.values() for title in titles))
    return asked


def find(asked: Consultation) -> dict:
    return finding.find(asked, say=lambda *_: None)


def theme_of(asked: Consultation, word: str) -> Theme:
    """The living theme that holds most propositions of a subject."""
    themes = Theme.objects.living().filter(consultation=asked)
    return max(themes, key=lambda one: one.members.filter(is_out=False, proposition__title__in=SUBJECTS[word]).count())


def numbers(theme: Theme) -> set[int]:
    return set(theme.members.filter(is_out=False, argument=None).values_list("proposition__number", flat=True))


def test_the_machine_suggests_and_nobody_reads_before_a_person_validates(client):
    asked = talkative()
    told = find(asked)
    assert told["themes"] >= 2
    theme = theme_of(asked, "velo")
    assert len(numbers(theme) & set(range(1, 6))) >= 3
    Theme.objects.filter(pk=theme.pk).update(name="Canarivélo")
    close(asked)
    places = [at("consultation", asked), at("results", asked), at("data_csv", asked, "themes")]
    for place in places:
        assert "Canarivélo" not in said(client.get(place)), place
    assert client.get(f"{places[0]}?theme={theme.pk}").context["theme"] == ""
    theming.validate(theme, by=UserFactory())
    for place in places:
        assert "Canarivélo" in said(client.get(place)), place
    listed = client.get(f"{places[0]}?theme={theme.pk}")
    assert {row.number for row in listed.context["rows"]} == numbers(theme)


def test_searching_again_changes_nothing_when_nothing_was_written():
    asked = talkative()
    find(asked)
    before = {theme.pk: numbers(theme) for theme in Theme.objects.all()}
    assert find(asked)["themes"] == 0
    assert {theme.pk: numbers(theme) for theme in Theme.objects.all()} == before


def test_what_a_person_decided_stays_from_one_search_to_the_next():
    asked, by = talkative(), UserFactory()
    find(asked)
    bikes, noise = theme_of(asked, "velo"), theme_of(asked, "bruit")
    theming.rename(bikes, "À vélo", by=by)
    theming.validate(bikes, by=by)
    out = bikes.members.filter(argument=None).first()
    theming.take_out(bikes, [out], by=by)
    elsewhere = Proposition.objects.get(consultation=asked, number=6)
    theming.put(bikes, [elsewhere], by=by)
    theming.set_aside(noise, by=by)
    written(asked, "Encore une piste cyclable pour les vélos du quai", "Le bruit de la nuit réveille les riverains")
    for _ in range(2):
        find(asked)
        bikes.refresh_from_db()
        assert (bikes.name, bikes.state) == ("À vélo", ThemeState.VALIDATED)
        assert out.proposition.number not in numbers(bikes)
        assert 6 in numbers(bikes)
        assert Theme.objects.get(pk=noise.pk).state == ThemeState.ASIDE
        living = Theme.objects.living().filter(consultation=asked)
        heard = [len(numbers(one) & set(range(11, 16))) for one in living]
        assert max(heard, default=0) < 3, "what was set aside is not suggested again"
    assert ThemeMember.objects.filter(theme=bikes, is_validated=False).count() <= 1, "what is new waits"


def test_merged_themes_stay_merged():
    asked, by = talkative(), UserFactory()
    find(asked)
    bikes, trees = theme_of(asked, "velo"), theme_of(asked, "arbre")
    both = numbers(bikes) | numbers(trees)
    theming.merge(trees, bikes, by=by)
    assert numbers(bikes) == both
    find(asked)
    living = Theme.objects.living().filter(consultation=asked).exclude(pk=bikes.pk)
    assert all(len(numbers(one) & set(range(6, 11))) < 3 for one in living)
    with pytest.raises(NotAllowedNow):
        theming.validate(trees, by=by)


def test_a_text_may_be_in_several_themes_and_is_moved_by_a_person():
    asked, by = talkative(), UserFactory()
    find(asked)
    bikes, trees = theme_of(asked, "velo"), theme_of(asked, "arbre")
    theming.validate(trees, by=by)
    both = Proposition.objects.get(consultation=asked, number=1)
    theming.put(trees, [both], by=by)
    assert 1 in numbers(bikes) & numbers(trees)
    theming.put(bikes, [Proposition.objects.get(consultation=asked, number=2)], by=by)
    moved = bikes.members.filter(proposition__number=2, argument=None)
    theming.take_out(bikes, moved, by=by, into=trees)
    assert 2 in numbers(trees) - numbers(bikes)
    assert ThemeMember.objects.get(theme=trees, proposition__number=2).is_validated
    with pytest.raises(NameTaken):
        theming.rename(bikes, trees.name.upper(), by=by)


def test_arguments_are_read_too_and_what_is_withdrawn_is_in_no_theme():
    asked = talkative()
    for number, text in ((1, SUBJECTS["velo"][2]), (3, SUBJECTS["velo"][3]), (5, SUBJECTS["velo"][0])):
        argue(asked, number, Side.FOR, f"{text}, tous les jours.", by=somebody())
    gone = Proposition.objects.get(consultation=asked, number=2)
    proposing.withdraw(gone, reason="Non.", by=gone.author)
    read = reading.passages(asked)
    assert {one.argument for one in read if one.argument} == set(Argument.objects.values_list("pk", flat=True))
    assert gone.pk not in {one.proposition for one in read}
    find(asked)
    assert not ThemeMember.objects.filter(proposition=gone).exists()


def test_the_database_keeps_a_theme_named_and_a_text_in_it_once():
    asked = talkative()
    theme = Theme.objects.create(consultation=asked, name="À vélo")
    one = Proposition.objects.get(consultation=asked, number=1)
    ThemeMember.objects.create(theme=theme, proposition=one)
    attacks = (
        lambda: ThemeMember.objects.create(theme=theme, proposition=one),
        lambda: Theme.objects.create(consultation=asked, name="à VÉLO"),
        lambda: Theme.objects.create(consultation=asked, name=""),
        lambda: ThemeMember.objects.filter(theme=theme).update(is_out=True),
    )
    for attack in attacks:
        with pytest.raises(IntegrityError), transaction.atomic():
            attack()


def test_a_search_is_done_once_tells_how_far_it_is_and_says_when_it_fails(monkeypatch):
    asked, by = talkative(), UserFactory()
    run = theming.search(asked, by=by)
    assert theming.search(asked, by=by).pk == run.pk
    running.run(run.pk)
    run.refresh_from_db()
    assert (run.state, run.done) == (RunState.DONE, run.total)
    assert run.figures["themes"] >= 2
    running.run(run.pk)  # asked for twice: nothing
    again = theming.search(asked, by=by)
    monkeypatch.setattr(running, "find", lambda *_, **__: 1 / 0)
    running.run(again.pk)
    assert ThemeRun.objects.get(pk=again.pk).state == RunState.FAILED
    assert Theme.objects.filter(consultation=asked).exists(), "nothing was lost"


def test_the_pages_of_those_who_validate(client, editor, django_capture_on_commit_callbacks):
    asked = talkative()
    assert client.post(at("themes", asked)).url == at("themes", asked)
    running.run(ThemeRun.objects.get().pk)
    page = client.get(at("themes", asked))
    assert len(page.context["suggested"]) >= 2
    theme, other = theme_of(asked, "velo"), theme_of(asked, "arbre")
    here = at("theme", asked, theme.pk)
    assert client.get(here).status_code == 200
    assert client.post(here, {"act": "rename", "name": "À vélo"}).url == here
    assert client.post(here, {"act": "rename", "name": other.name}).status_code == 422
    assert client.post(here, {"act": "put", "numbers": "#6, 99"}).status_code == 422
    assert client.post(here, {"act": "put", "numbers": "#6, 7"}).url == here
    assert client.post(here, {"act": "take_out"}).status_code == 422
    member = theme.members.filter(proposition__number=1, argument=None).get()
    client.post(here, {"act": "take_out", "member": [member.pk], "into": other.pk})
    assert 1 in numbers(other) - numbers(theme)
    assert client.post(here, {"act": "validate"}).url == here
    assert client.post(here, {"act": "merge", "into": other.pk}).url == at("theme", asked, other.pk)
    assert client.post(at("theme", asked, other.pk), {"act": "set_aside"}).url == at("themes", asked)
    assert client.get(here).status_code == 404
    foreign = Theme.objects.create(consultation=talkative(), name="Ailleurs")
    assert client.get(at("theme", asked, foreign.pk)).status_code == 404


def test_pages_of_themes_ask_as_little_for_many_as_for_few(client, editor):
    measured = []
    for count in (2, 12):
        asked = talkative()
        rows = list(Proposition.objects.filter(consultation=asked))
        for rank in range(count):
            theme = Theme.objects.create(consultation=asked, name=f"Thème {rank}", state=ThemeState.VALIDATED)
            theming.put(theme, rows[: count + 1], by=editor)
        close(asked)
        places = [at("themes", asked), at("theme", asked, theme.pk), at("consultation", asked), at("results", asked)]
        places += [f"{at('consultation', asked)}?theme={theme.pk}", at("data_csv", asked, "themes")]
        found = []
        for place in places:
            said(client.get(place))
            with CaptureQueriesContext(connection) as asks:
                said(client.get(place))
            found.append(len(asks))
        measured.append(found)
    assert measured[0] == measured[1]
