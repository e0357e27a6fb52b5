"""A shared tablet: opened by a clerk, a code a person, a session that ends, and nothing left for the next one."""

import re
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core import mail
from django.test import Client

from consult.budgets import kiosks, rolls
from consult.budgets.actions import closing, drafting, registering, voting
from consult.budgets.actions import kiosks as acts
from consult.budgets.clock import end_kiosk_sessions
from consult.budgets.errors import AlreadyVoted, CodeWrong, IdentityNotAsked, NothingLeft, SessionOver, VotedMeanwhile
from consult.budgets.models import (
    Ballot,
    BallotDraft,
    Condition,
    Envelope,
    Kiosk,
    KioskDraft,
    KioskPass,
    Mark,
    RollEntry,
)
from consult.budgets.views.kiosk_seat import COOKIE
from consult.errors import PhaseClosed
from journal.models import Entry
from tests.budgets import world
from tests.budgets.voting import cast, chosen, close, counts, person
from tests.factories import OfficeFactory, UserFactory

pytestmark = pytest.mark.django_db
NADIA = rolls.Civil("Benali", "Nadia", date(1989, 7, 14))
TYPED = {"family": "Benali", "given": "Nadia", "born_on": "14/07/1989"}
LUC = rolls.Civil("Le Goff", "Luc", date(1956, 2, 1))


@pytest.fixture
def asked():
    return world.ballot(rules=world.ballot_rules(identity="civil"))


def clerk():
    return UserFactory(keeps=[OfficeFactory()])


def tablet(asked):
    return acts.open_tablet(asked, place="Accueil", by=clerk())[0]


def code(asked, who=NADIA):
    return acts.let_in(asked, registering.Declared(born_on=who.born_on, civil=who))


def late(**wait):
    """Time passed: what was to end has ended."""
    for one in KioskPass.objects.all():
        KioskPass.objects.filter(pk=one.pk).update(until=one.until - timedelta(**wait))


def a_browser(asked):
    """The tablet's own, as the desk leaves it."""
    browser = Client()
    user = clerk()
    browser.force_login(user)
    answer = browser.post(f"/guichet/budgets/{asked.page.slug}/bornes/", {"place": "Accueil de la mairie"})
    assert answer.headers["Location"] == f"/budgets/{asked.page.slug}/borne/"
    return browser


class Screen:
    """What a person at a tablet does, through its pages."""

    def __init__(self, asked, browser=None):
        self.asked, self.browser = asked, browser or a_browser(asked)
        self.home = f"/budgets/{asked.page.slug}/borne/"

    def type_code(self, said):
        return self.browser.post(self.home, {"code": said})

    def get(self, path="bulletin/", **more):
        return self.browser.get(self.home + path, **more)

    def chosen(self):
        """The projects that the page shows as chosen."""
        return re.findall(r'id="choisir-(\d+)" name="drop"', self.get().content.decode())

    def post(self, path, **said):
        stamp = kiosks.stamp(KioskPass.objects.get(kiosk__isnull=False))
        return self.browser.post(self.home + path, {"passage": stamp} | said)

    def vote(self, *numbers):
        """Chosen one by one, checked, cast: the page of the receipt."""
        for number in numbers:
            assert self.post("choix/", choose=str(number)).status_code == 302
        page = self.get("verifier/").content.decode()
        pairs = re.findall(r'name="pair" value="([^"]+)"', page)
        key = re.search(r'name="key" value="([^"]+)"', page).group(1)
        return self.post("verifier/", pair=pairs, key=key)


# --- from the desk to the receipt ---------------------------------------------------------------------------------


def test_somebody_votes_on_the_tablet_and_nothing_of_them_is_left(asked):
    screen = Screen(asked)
    desk = Client()
    desk.force_login(clerk())
    page = desk.post(f"/guichet/budgets/{asked.page.slug}/bornes/code/", TYPED)
    said = re.search(r"c-given__code num\">(\d{3} \d{3})<", page.content.decode()).group(1)
    assert "no-store" in page.headers["Cache-Control"]
    assert screen.type_code(said).headers["Location"] == f"{screen.home}bulletin/"
    assert "ne change plus" in screen.get().content.decode()
    done = screen.vote(1, 4)
    receipt = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", done.content.decode()).group()
    assert counts(asked) == (1, 1)
    ballot, mark = Ballot.objects.get(), Mark.objects.get()
    assert (ballot.channel, ballot.choices, mark.channel, mark.pointer) == ("kiosk", [[1, 1], [4, 1]], "kiosk", "")
    assert screen.post("terminer/").headers["Location"] == screen.home
    assert not KioskPass.objects.exists()
    assert not KioskDraft.objects.exists()
    left = screen.browser.get(screen.home).content.decode()
    assert receipt not in left
    assert "Projet 4" not in left
    close(asked)
    closing.close(asked)
    answer = Client().post(f"/budgets/{asked.page.slug}/recepisse/", {"code": receipt})
    assert "Votre bulletin est dans l’urne" in answer.content.decode()


def test_the_same_form_sent_twice_gives_the_same_receipt(asked):
    seat, kiosk, key = None, tablet(asked), uuid4()
    seat = acts.sit_down(kiosk, code(asked))
    first, again = (acts.cast(kiosk, seat, world.envelope_of(asked), chosen(1), key=key) for _twice in range(2))
    assert (first.code, first.again, again.code, again.again) == (first.code, False, first.code, True)
    assert counts(asked) == (1, 1)
    with pytest.raises(AlreadyVoted):
        acts.cast(kiosk, seat, world.envelope_of(asked), chosen(2), key=uuid4())


def test_two_envelopes_are_voted_in_one_session(asked):
    asked = world.budget(world.BudgetPhaseKind.BALLOT, rules=world.ballot_rules(identity="civil"))
    other = Envelope.objects.create(page=asked.page, title="Le climat", kind="theme", amount=20_000_000)
    for envelope in (world.envelope_of(asked), other):
        world.project(asked, envelope=envelope)
    world.freeze(asked)
    screen = Screen(asked)
    screen.type_code(code(asked))
    first = screen.vote(1).content.decode()
    assert "Le climat" in first
    assert "Le climat" in screen.get(f"bulletin/?enveloppe={other.pk}").content.decode()
    seat = KioskPass.objects.get()
    acts.cast(seat.kiosk, seat, other, chosen(2), key=uuid4())
    assert counts(asked) == (2, 2)
    with pytest.raises(NothingLeft):
        code(asked)


# --- the code -----------------------------------------------------------------------------------------------------


def test_a_code_works_once_for_fifteen_minutes_and_a_new_one_ends_the_former(asked):
    first, second = tablet(asked), tablet(asked)
    former = code(asked)
    said = code(asked)
    with pytest.raises(CodeWrong):
        acts.sit_down(first, former)
    seat = acts.sit_down(first, f" {said[:3]} {said[3:]}")
    for kiosk in (first, second):
        with pytest.raises(CodeWrong):
            acts.sit_down(kiosk, said)
    assert kiosks.seat_of(first) == seat
    other = code(asked, LUC)
    late(minutes=15)
    with pytest.raises(CodeWrong):
        acts.sit_down(second, other)


def test_a_code_is_kept_as_a_keyed_hash_and_is_of_one_budget(asked):
    said = code(asked)
    kept = KioskPass.objects.get()
    assert said not in kept.code
    assert len(kept.code) == 64
    there = world.ballot(rules=world.ballot_rules(identity="civil"))
    with pytest.raises(CodeWrong):
        acts.sit_down(tablet(there), said)


def test_who_voted_since_the_code_was_given_reads_one_sentence(asked):
    screen = Screen(asked)
    said = code(asked)
    voting.mark_on_paper(asked, world.envelope_of(asked), RollEntry.objects.get())
    with pytest.raises(VotedMeanwhile):
        acts.sit_down(Kiosk.objects.get(), said)
    page = screen.type_code(said)
    assert page.status_code == 422
    assert "Vous avez déjà voté (papier)" in page.content.decode()


@pytest.mark.usefixtures("standing_clock")
def test_codes_are_not_guessed_by_hundreds(asked):
    screen = Screen(asked)
    said = code(asked)
    wrong = f"{(int(said) + 1) % 1_000_000:06d}"
    for _try in range(9):
        assert "plus valable" in screen.type_code(wrong).content.decode()
    page = screen.type_code(said).content.decode()
    assert "dix minutes" in page
    assert Screen(asked).type_code(said).status_code == 302  # another tablet takes it


def test_nobody_is_let_in_who_may_not_vote(asked):
    young = world.budget(world.BudgetPhaseKind.BALLOT, rules=world.ballot_rules(identity="civil"))
    Condition.objects.create(page=young.page, kind="age", value=16)
    world.project(young)
    world.freeze(young)
    with pytest.raises(Exception, match="16 ans"):
        code(young, rolls.Civil("Petit", "Lou", date(2015, 1, 1)))
    by_account = world.ballot()
    with pytest.raises(IdentityNotAsked):
        code(by_account)
    with pytest.raises(IdentityNotAsked):
        tablet(by_account)
    assert not RollEntry.objects.filter(budget__in=[young, by_account]).exists()


# --- one person, one ballot, whatever the way ---------------------------------------------------------------------


def registered(asked, who=NADIA):
    voter = person()
    registering.register(asked, registering.Declared(born_on=who.born_on, civil=who), by=voter)
    return voter


def test_the_web_is_blocked_after_the_tablet_and_the_reverse(asked):
    voter = registered(asked)
    kiosk = tablet(asked)
    seat = acts.sit_down(kiosk, code(asked))
    acts.cast(kiosk, seat, world.envelope_of(asked), chosen(1), key=uuid4())
    for act in (
        lambda: cast(asked, voter, 2),
        lambda: voting.withdraw(asked, world.envelope_of(asked), by=voter),
        lambda: voting.begin_change(asked, world.envelope_of(asked), by=voter),
    ):
        with pytest.raises(AlreadyVoted) as refused:
            act()
        assert "borne" in str(refused.value)
    online = registered(asked, LUC)
    cast(asked, online, 1)
    with pytest.raises(NothingLeft) as refused:
        code(asked, LUC)
    assert "en ligne" in str(refused.value)
    assert counts(asked) == (2, 2)


def test_what_somebody_began_online_is_not_shown_on_the_tablet(asked):
    """A clerk could let themselves in as anybody: they find nothing of theirs."""
    voter = registered(asked)
    drafting.choose(asked, world.envelope_of(asked), 3, by=voter)
    screen = Screen(asked)
    screen.type_code(code(asked))
    assert screen.chosen() == []
    screen.post("choix/", choose="1")
    assert screen.chosen() == ["1"]
    assert drafting.read(BallotDraft.objects.get()) == [("3", "")]
    screen.post("terminer/")
    assert BallotDraft.objects.count() == 1


def test_a_voter_of_the_tablet_takes_their_account_online_later_and_reads_that_they_voted(asked, client):
    kiosk = tablet(asked)
    seat = acts.sit_down(kiosk, code(asked))
    acts.cast(kiosk, seat, world.envelope_of(asked), chosen(1), key=uuid4())
    voter = registered(asked)
    client.force_login(voter.user)
    page = client.get(f"/budgets/{asked.page.slug}/bulletin/").content.decode()
    assert "sur la borne d’un guichet" in page
    assert mail.outbox == []


# --- the session ends ---------------------------------------------------------------------------------------------


def test_two_minutes_without_a_gesture_end_the_session_and_erase_the_draft(asked):
    screen = Screen(asked)
    screen.type_code(code(asked))
    screen.post("choix/", choose="1")
    late(seconds=100)
    assert screen.get("encore/").status_code == 200  # shown: no gesture
    late(seconds=15)
    assert screen.post("encore/", quiet="1").status_code == 204  # a gesture: two minutes more
    late(seconds=100)
    assert screen.get().status_code == 200
    seat = KioskPass.objects.get()
    late(seconds=121)
    assert screen.get().headers["Location"] == f"{screen.home}?fin=1"
    with pytest.raises(SessionOver):
        acts.cast(seat.kiosk, seat, world.envelope_of(asked), chosen(1), key=uuid4())
    end_kiosk_sessions()
    assert not KioskPass.objects.exists()
    assert not KioskDraft.objects.exists()
    assert counts(asked) == (0, 0)


def test_pages_warn_without_a_script_before_the_end(asked):
    screen = Screen(asked)
    screen.type_code(code(asked))
    page = screen.get().content.decode()
    assert re.search(r'<noscript><meta http-equiv="refresh" content="90;url=[^"]+/borne/encore/', page)
    warned = screen.get("encore/?retour=https://ailleurs.example/").content.decode()
    assert 'name="retour" value="https://ailleurs' not in warned
    assert f'name="retour" value="{screen.home}bulletin/"' in warned
    assert re.search(r'<meta http-equiv="refresh" content="1[12]\d;url=[^"]+/borne/\?fin=1"', warned)


def test_the_next_person_finds_nothing_of_the_one_before(asked):
    screen = Screen(asked)
    screen.type_code(code(asked))
    stamp = kiosks.stamp(KioskPass.objects.get())
    screen.browser.post("/langue/setlang/", {"language": "en", "next": f"{screen.home}bulletin/"})
    screen.browser.post("/affichage/", {"choice": "contrast", "next": f"{screen.home}bulletin/"})
    for number in (6, 5):
        screen.post("choix/", choose=str(number))  # the second does not fit: a message waits
    assert "Check your ballot" in screen.get("verifier/").content.decode()
    for page in (screen.get(), screen.get("verifier/"), screen.get("projets/1/")):
        assert "no-store" in page.headers["Cache-Control"]
    screen.post("terminer/")
    waiting = screen.browser.get(screen.home).content.decode()
    assert 'lang="fr"' in waiting
    assert "data-contrast" not in waiting
    screen.type_code(code(asked, LUC))
    assert screen.chosen() == []
    # A page that the first person left open does nothing for the second.
    for path, said in (("choix/", {"choose": "2"}), ("verifier/", {"pair": "2:", "key": str(uuid4())})):
        answer = screen.browser.post(screen.home + path, {"passage": stamp} | said)
        assert answer.headers["Location"] == f"{screen.home}?fin=1"
    assert counts(asked) == (0, 0)
    assert not KioskDraft.objects.exists()


def test_closing_a_tablet_at_the_desk_ends_who_stands_there(asked):
    screen = Screen(asked)
    screen.type_code(code(asked))
    desk = Client()
    desk.force_login(clerk())
    desk.post(f"/guichet/budgets/{asked.page.slug}/bornes/", {"close": str(Kiosk.objects.get().pk)})
    assert screen.browser.get(f"{screen.home}bulletin/").headers["Location"] == screen.home
    assert "n’est pas une borne" in screen.browser.get(screen.home).content.decode()
    assert not KioskPass.objects.exists()


def test_nobody_votes_after_the_hour_and_codes_are_destroyed_with_the_rest(asked):
    screen = Screen(asked)
    waiting = code(asked, LUC)
    screen.type_code(code(asked))
    screen.post("choix/", choose="1")
    close(asked)
    seat = KioskPass.objects.get(kiosk__isnull=False)
    for act in (
        lambda: acts.cast(seat.kiosk, seat, world.envelope_of(asked), chosen(1), key=uuid4()),
        lambda: acts.sit_down(seat.kiosk, waiting),
        lambda: code(asked),
        lambda: tablet(asked),
    ):
        with pytest.raises(PhaseClosed):
            act()
    assert screen.get().status_code == 409
    closing.close(asked)
    assert not KioskPass.objects.exists()
    assert not KioskDraft.objects.exists()
    assert counts(asked) == (0, 0)


# --- who may what -------------------------------------------------------------------------------------------------


def test_the_clerk_is_signed_out_of_the_tablet_which_is_nobody_elsewhere(asked):
    screen = Screen(asked)
    screen.type_code(code(asked))
    slug = asked.page.slug
    assert screen.browser.cookies[COOKIE]["path"] == screen.home
    assert screen.browser.cookies[COOKIE]["httponly"]
    assert screen.browser.cookies[COOKIE]["samesite"] == "Strict"
    for address in (f"/guichet/budgets/{slug}/bornes/", f"/guichet/budgets/{slug}/bornes/code/", "/compte/"):
        assert screen.browser.get(address).headers["Location"].startswith("/compte/connexion/")
    choice = screen.browser.post(f"/budgets/{slug}/bulletin/choix/", {"choose": "1"})
    assert choice.headers["Location"].startswith("/compte/connexion/")
    assert not BallotDraft.objects.exists()


def test_the_cookie_of_a_tablet_opens_no_other_budget_and_is_of_no_use_tomorrow(asked):
    browser = a_browser(asked)
    there = world.ballot(rules=world.ballot_rules(identity="civil"))
    thief = Client()
    thief.cookies[COOKIE] = browser.cookies[COOKIE].value
    assert "n’est pas une borne" in thief.get(f"/budgets/{there.page.slug}/borne/").content.decode()
    assert "Votre code" in thief.get(f"/budgets/{asked.page.slug}/borne/").content.decode()
    Kiosk.objects.update(opened_at=Kiosk.objects.get().opened_at - kiosks.DAY)
    assert "n’est pas une borne" in thief.get(f"/budgets/{asked.page.slug}/borne/").content.decode()


def test_without_a_tablet_every_page_leads_to_the_same_sentence(asked, client):
    home = f"/budgets/{asked.page.slug}/borne/"
    code(asked)
    client.force_login(UserFactory())
    for path in ("bulletin/", "verifier/", "encore/", "projets/1/"):
        assert client.get(home + path).headers["Location"] == home
    for path in ("choix/", "verifier/", "encore/", "terminer/"):
        assert client.post(home + path, {"choose": "1"}).headers["Location"] == home
    assert client.post(home, {"code": "123456"}).status_code == 409


def test_the_journal_knows_tablets_and_never_codes(asked):
    screen = Screen(asked)
    screen.type_code(code(asked))
    screen.vote(1)
    told = Entry.objects.filter(subject_type="budgets.budget", verb__contains="kiosk")
    assert [(one.verb, one.details) for one in told] == [("budget.kiosk_opened", {"place": "Accueil de la mairie"})]


def test_pages_ask_as_many_questions_whatever_the_number_of_projects_and_tablets(asked, django_assert_max_num_queries):
    screen, desk = Screen(asked), Client()
    desk.force_login(clerk())
    screen.type_code(code(asked))
    for _more in range(12):
        tablet(asked)
    with django_assert_max_num_queries(26):
        assert len(re.findall(r'id="choisir-', screen.get().content.decode())) == 6
    with django_assert_max_num_queries(18):
        assert desk.get(f"/guichet/budgets/{asked.page.slug}/bornes/").content.decode().count('name="close"') == 13
