"""The ground: what every address does with rubbish, with an absent cache, with a wrong setting."""

import pytest
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import ConnectionError as Away

from config.cache import ForgivingRedisCache
from config.email import email_settings


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["a\x00b", "a\ud800b"])
def test_what_no_text_may_hold_is_refused_not_crashed_upon(client, text):
    client.raise_request_exception = False
    body = f"text={text}".encode("utf-8", "surrogatepass")
    response = client.generic("POST", "/fiche/", body, content_type="application/x-www-form-urlencoded")
    assert response.status_code in {200, 302, 400}
    assert client.get("/recherche%00/").status_code in {400, 404}


@pytest.mark.django_db
def test_a_nul_in_a_query_is_a_bad_request(client):
    assert client.get("/services/", {"q": "a\x00b"}).status_code == 400


@pytest.mark.django_db
def test_what_only_a_button_opens_says_so_to_whoever_comes_by_its_address(client):
    address = "/consultations/quai/propositions/1/arguments/1/repondre/"
    answer = client.get(address)
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "Cette page s’ouvre par un bouton" in answer.content.decode()
    assert client.put(address).content == b"", "programs are told by the status"


def test_a_cache_that_is_away_forgets_and_goes_on():
    cache = ForgivingRedisCache("redis://127.0.0.1:1/0", {})
    assert cache.get("a", "nothing") == "nothing"
    cache.set("a", 1)
    assert cache.add("a", 1) is True
    assert cache.incr("a") == 1
    assert cache.get_or_set("a", lambda: 3) == 3
    assert cache.get_many(["a"]) == {}


def test_the_control_django_s_own_cache_would_fail_the_page():
    with pytest.raises(Away):
        RedisCache("redis://127.0.0.1:1/0", {}).get("a")


@pytest.mark.parametrize(
    ("url", "host", "port", "ssl", "tls"),
    [
        ("smtp://mail.example", "mail.example", 25, False, False),
        ("smtps://me:p%40ss@mail.example", "mail.example", 465, True, False),
        ("smtp+tls://mail.example:587", "mail.example", 587, False, True),
    ],
)
def test_the_mail_server_is_one_address(url, host, port, ssl, tls):
    found = email_settings(url)
    assert (found["EMAIL_HOST"], found["EMAIL_PORT"], found["EMAIL_USE_SSL"], found["EMAIL_USE_TLS"]) == (
        host,
        port,
        ssl,
        tls,
    )


def test_a_password_may_hold_any_character():
    assert email_settings("smtps://me:p%40ss@mail.example")["EMAIL_HOST_PASSWORD"] == "p@ss"


@pytest.mark.parametrize("url", ["", "http://mail.example", "smtp://"])
def test_another_address_is_refused_with_a_sentence(url):
    with pytest.raises(ValueError, match="CAHIER_EMAIL_URL"):
        email_settings(url)
