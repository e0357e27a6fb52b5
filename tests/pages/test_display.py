"""Light, dark, contrasted: chosen in the footer without a script, kept in one cookie."""

import pytest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory

from pages import display


def html_tag(cookie: str | None) -> str:
    request = RequestFactory().get("/services/")
    if cookie is not None:
        request.COOKIES[display.COOKIE] = cookie
    return render_to_string("base.html", {"request": request}).partition("<html")[2].partition(">")[0]


@pytest.mark.parametrize(
    ("choice", "worn"),
    [("light", 'data-bs-theme="light"'), ("dark", 'data-bs-theme="dark"'), ("contrast", 'data-contrast="more"')],
)
def test_a_choice_is_kept_and_worn_by_the_next_page(client: Client, choice: str, worn: str) -> None:
    answer = client.post("/affichage/", {"choice": choice, "next": "/services/?page=2"})
    assert answer.status_code == 302
    assert answer.url == "/services/?page=2"
    assert answer.cookies[display.COOKIE].value == choice
    assert worn in html_tag(choice)


def test_automatic_forgets_the_choice(client: Client) -> None:
    client.post("/affichage/", {"choice": "dark"})
    answer = client.post("/affichage/", {"choice": "auto"})
    assert answer.cookies[display.COOKIE].value == ""
    assert "data-" not in html_tag("")


@pytest.mark.parametrize("cookie", [None, "pink", '"><script>'])
def test_any_other_cookie_is_as_if_nothing_was_chosen(cookie: str | None) -> None:
    assert "data-" not in html_tag(cookie)


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_the_switch_never_leads_elsewhere(client: Client, elsewhere: str) -> None:
    assert client.post("/affichage/", {"choice": "dark", "next": elsewhere}).url == "/"


@pytest.mark.django_db
def test_what_does_not_exist_is_refused(client: Client) -> None:
    assert client.post("/affichage/", {"choice": "pink"}).status_code == 400
    assert client.get("/affichage/").status_code == 405
