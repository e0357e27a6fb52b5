"""What people choose to receive: obeyed by the outbox itself, said in each letter, undone from its link."""

import threading

import pytest
from django.core.mail import EmailMultiAlternatives
from django.db import connection
from django.db.utils import IntegrityError
from django.test import Client
from django.urls import reverse

from letters import carriers, preferences, renderers, topics
from letters.choices import Frequency
from letters.delivery import deliver
from letters.models import Letter, Preference
from letters.renderers import Message, NothingLeft
from letters.topics import Topic
from tests.factories import UserFactory
from tests.letters.conftest import RECEIPT, SECRET_ADDRESS

pytestmark = pytest.mark.django_db


@pytest.fixture
def topic(monkeypatch):
    chosen = Topic(
        "test.news",
        "Les nouvelles",
        "Une fois par semaine.",
        (RECEIPT,),
        (Frequency.DAY, Frequency.WEEK, Frequency.NEVER),
        Frequency.WEEK,
    )
    monkeypatch.setitem(topics._topics, chosen.name, chosen)
    monkeypatch.setitem(topics._by_kind, RECEIPT, chosen)
    return chosen


def key():
    return preferences.recipient_key(SECRET_ADDRESS)


def test_whoever_said_never_is_promised_nothing_and_others_are(topic, promised) -> None:
    assert promised(1) is not None
    preferences.choose(key(), topic.name, Frequency.NEVER)
    assert promised(2) is None
    assert promised(3, recipient="autre@site.example", address="autre@site.example") is not None
    preferences.choose(key(), topic.name, Frequency.DAY)
    assert promised(4) is not None


def test_no_address_is_kept_with_a_choice(topic) -> None:
    preferences.choose(key(), topic.name, Frequency.NEVER)
    row = Preference.objects.values_list().get()
    assert "nadia" not in str(row)


def test_a_choice_that_a_topic_does_not_offer_is_refused(topic) -> None:
    for name, choice in (
        (topic.name, Frequency.AT_ONCE),
        ("nobody.knows", Frequency.NEVER),
        ("accounts.account", Frequency.NEVER),
    ):
        with pytest.raises(preferences.NoSuchChoice):
            preferences.choose(key(), name, choice)
    with pytest.raises(IntegrityError):
        Preference.objects.create(recipient_key=key(), topic=topic.name, choice="sometimes")


def test_the_letter_says_how_to_stop_it_in_its_header_and_in_both_parts(topic, promised, post) -> None:
    assert deliver(promised(1).pk)
    mail = post.mails[0]
    url = mail["List-Unsubscribe"].strip().strip("<>")
    assert url.endswith(reverse("account_stop_letters", args=[url.rstrip("/").rpartition("/")[2]]))
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert url in mail.get_body(("plain",)).get_content()
    assert url in mail.get_body(("html",)).get_content()
    assert "nadia" not in url.lower()


def test_a_letter_that_is_always_sent_has_no_such_header(promised, post) -> None:
    assert deliver(promised(1).pk)
    assert post.mails[0]["List-Unsubscribe"] is None


def test_opening_the_link_stops_nothing_and_its_button_does(topic, client) -> None:
    address = reverse("account_stop_letters", args=[preferences.token_of(key(), topic.name)])
    for _ in range(3):
        assert client.get(address).status_code == 200
    assert not Preference.objects.exists()
    assert client.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert preferences.chosen_by(key())[topic.name] == Frequency.NEVER
    assert "Vous ne recevez plus" in client.get(address).content.decode()
    client.post(address, {"again": "1"})
    assert preferences.chosen_by(key())[topic.name] == Frequency.WEEK


def test_the_mail_readers_button_needs_no_cookie_of_ours(topic) -> None:

    strict = Client(enforce_csrf_checks=True)
    address = reverse("account_stop_letters", args=[preferences.token_of(key(), topic.name)])
    assert strict.post(address, {"again": "1"}).status_code == 403
    assert strict.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert preferences.chosen_by(key())[topic.name] == Frequency.NEVER


@pytest.mark.parametrize("token", ["x", "WyJhIiwiYiJd:bad:sig", "%00"])
def test_an_altered_link_opens_nothing(token, client) -> None:
    assert client.get(reverse("account_stop_letters", args=[token])).status_code == 404
    assert client.post(reverse("account_stop_letters", args=[token])).status_code == 404


def test_the_page_lists_every_letter_of_the_site(client) -> None:
    user = UserFactory()
    client.force_login(user)
    page = client.get(reverse("account_letters")).content.decode()
    for one in topics.every():
        assert (str(one.label) in page.replace("&#x27;", "'")) == one.concerns(user), one.name
    unsaid = {kind for kind in renderers._renderers if kind != RECEIPT and topics.of_kind(kind) is None}
    assert unsaid == set(), "a letter that no topic names: its reader cannot choose"


def test_choices_are_kept_then_shown_and_a_rubbish_one_is_refused(client) -> None:
    user = UserFactory()
    client.force_login(user)
    address = reverse("account_letters")
    optional = [one for one in topics.every() if one.is_optional and one.concerns(user)]
    said = {one.name.replace(".", "-"): "never" for one in optional}
    assert client.post(address, said).status_code == 302
    assert set(preferences.chosen_by(preferences.recipient_key(user.email)).values()) >= {Frequency.NEVER}
    assert client.post(address, {**said, optional[0].name.replace(".", "-"): "sometimes"}).status_code == 422


def test_choices_follow_who_changes_address_and_go_with_the_account(topic) -> None:
    preferences.choose(key(), topic.name, Frequency.NEVER)
    preferences.choose(preferences.recipient_key("nouvelle@site.example"), topic.name, Frequency.DAY)
    preferences.move(SECRET_ADDRESS, "nouvelle@site.example")
    assert preferences.chosen_by(preferences.recipient_key("nouvelle@site.example"))[topic.name] == Frequency.NEVER
    assert preferences.chosen_by(key())[topic.name] == Frequency.WEEK
    preferences.forget("nouvelle@site.example")
    assert not Preference.objects.exists()


def test_a_letter_with_nothing_left_to_tell_is_dropped_without_a_word(promised, post) -> None:
    def nothing(letter: Letter) -> Message:
        raise NothingLeft

    renderers.declare(RECEIPT, nothing)
    assert deliver(promised(1).pk) is False
    assert (post.mails, Letter.objects.count()) == ([], 0)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_choices_at_once_leave_one_row(topic) -> None:
    def choose(choice):
        preferences.choose(key(), topic.name, choice)
        connection.close()

    threads = [threading.Thread(target=choose, args=[choice]) for choice in [Frequency.DAY, Frequency.NEVER] * 8]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Preference.objects.count() == 1


def test_an_email_is_what_is_carried(topic, promised) -> None:
    """The header stands on the message itself, whatever carries it."""
    message = renderers.with_a_way_out(promised(1), Message("S", "T", "<p>h</p><!-- way out -->"))
    assert isinstance(carriers.email_of(promised(2), message), EmailMultiAlternatives)
    assert "<!-- way out -->" not in message.html
