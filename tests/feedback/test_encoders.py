"""Another sentence encoder: what it receives, what happens when it fails, and what people are told."""

import socket

import numpy as np
import pytest
from django.core.cache import cache

from feedback import grouping
from feedback.actions.intake import submit_fiche
from feedback.choices import IntakeChannel
from feedback.grouping import encoders, encoding, passages
from feedback.grouping.encoders import endpoint
from feedback.grouping.encoders.endpoint import BadAnswer, Endpoint, NoAnswer, NotSafe
from feedback.models import Fiche, Segment
from tests.factories import ServiceFactory
from tests.feedback.encoder_server import serving

CANARY = "Je suis Odile Vermorel, odile.vermorel@exemple.example, 06 12 34 56 78. Le bus ne passe plus jamais."


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setattr(endpoint, "WAITS", (0.0, 0.0))
    monkeypatch.setattr(endpoint, "TIMEOUT", 0.5)
    with serving() as served:
        yield served


@pytest.fixture
def remote(server, settings, db):
    settings.CLUSTERING_ENCODER_URL = server.address
    settings.CLUSTERING_ENCODER_MODEL = "BAAI/bge-m3"
    settings.CLUSTERING_ENCODER_KEY = "une-clé-secrète".encode().hex()
    cache.clear()
    yield server
    cache.clear()


def _file(text: str, service=None) -> Fiche:
    return submit_fiche(text=text, service=service or ServiceFactory(), channel=IntakeChannel.WEB, wants_answer=False)


def _vectors_of(fiche: Fiche) -> set[str]:
    return set(fiche.segments.values_list("vector_version", flat=True))


def test_it_receives_masked_passages_and_never_a_word_of_the_original(remote):
    fiche = _file(CANARY)
    grouping.place(fiche)
    assert _vectors_of(fiche) == {encoders.version()}
    assert "bus ne passe plus" in " ".join(remote.texts)
    sent = str(remote.asked)
    for word in ("Vermorel", "vermorel", "exemple.example", "06 12 34 56 78", "0612345678"):
        assert word not in sent
    assert "Vermorel" in fiche.original.text  # the control: there was something to find


def test_it_is_asked_as_the_api_wants_in_batches(remote):
    texts = [f"passage {n}" for n in range(70)]
    vectors = encoders.encode(texts)
    assert vectors.shape == (70, 8)
    assert [len(one["input"]) for one in remote.asked] == [32, 32, 6]
    assert remote.asked[0]["model"] == "BAAI/bge-m3"
    assert remote.asked[0]["path"] == "/v1/embeddings"
    assert remote.headers[0]["Authorization"].startswith("Bearer ")
    np.testing.assert_allclose(vectors[33], encoders.encode(["passage 33"])[0], atol=1e-6)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_the_same_masked_text_is_encoded_once(remote):
    service = ServiceFactory()
    for _ in range(3):
        grouping.place(_file("Le bus ne passe plus dans notre quartier.", service))
    assert remote.texts.count("Le bus ne passe plus dans notre quartier.") == 1
    assert Segment.objects.filter(vector_version=encoders.version()).count() == 3


def test_a_hiccup_is_tried_again(remote):
    remote.fails = 2
    assert encoders.encode(["un passage"]).shape == (1, 8)
    assert len(remote.asked) == 3


@pytest.mark.parametrize(
    ("broken", "kind"),
    [
        ({"status": 500}, NoAnswer),
        ({"status": 401}, BadAnswer),
        ({"status": 302}, BadAnswer),
        ({"body": b"<html>oups"}, BadAnswer),
        ({"body": b'{"data": []}'}, BadAnswer),
        ({"body": b'{"data": [{"index": 0, "embedding": ["a"]}]}'}, BadAnswer),
        ({"body": b'{"data": [{"index": 0, "embedding": [NaN]}]}'}, BadAnswer),
        ({"body": b'{"data": 12}'}, BadAnswer),
        ({"wait": 2.0}, NoAnswer),
    ],
)
def test_each_failure_has_a_name_and_says_nothing_of_the_passages(server, broken, kind):
    for name, value in broken.items():
        setattr(server, name, value)
    with pytest.raises(kind) as raised:
        Endpoint(server.address, model="m").encode(["un passage secret"])
    assert "secret" not in str(raised.value)


def test_a_refused_connection_leaves_words_alone_then_it_comes_back(remote, settings, caplog):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        closed = f"http://127.0.0.1:{free.getsockname()[1]}/v1"
    alive, settings.CLUSTERING_ENCODER_URL = settings.CLUSTERING_ENCODER_URL, closed
    fiche = _file("Le bus ne passe plus.")
    grouping.place(fiche)
    assert fiche.segments.exists()
    assert _vectors_of(fiche) == {""}
    assert "did not answer" in caplog.text
    assert "bus" not in caplog.text
    backend = encoders.current()
    assert encoders.trouble(backend)["problem"]
    assert encoders.ready() is None  # left alone for a while
    settings.CLUSTERING_ENCODER_URL = alive
    encoding.complete(Segment.objects.all(), tell=lambda done, total: None)
    assert _vectors_of(fiche) == {encoders.version()}


def test_vectors_of_another_size_are_refused(remote):
    first, second = _file("Le bus ne passe plus."), _file("La cantine est froide.")
    grouping.place(first)
    remote.size = 5
    encoders._made.cache_clear()  # another process, which has not seen the first size
    grouping.place(second)
    assert _vectors_of(first) == {encoders.version()}
    assert _vectors_of(second) == {""}


def test_when_the_model_changes_the_night_encodes_again_and_vectors_never_meet(remote, settings):
    fiche = _file("Le bus ne passe plus.")
    grouping.place(fiche)
    before = encoders.version()
    settings.CLUSTERING_ENCODER_MODEL = "another/model"
    other = _file("La cantine est froide.")
    grouping.place(other)
    assert passages.vectors_of(list(Segment.objects.all())) is None
    assert encoding.complete(Segment.objects.all(), tell=lambda done, total: None) == 1
    assert _vectors_of(fiche) == _vectors_of(other) == {encoders.version()} != {before}
    assert passages.vectors_of(list(Segment.objects.all())).shape == (2, 8)


@pytest.mark.parametrize(
    ("address", "is_safe"),
    [
        ("https://albert.api.etalab.gouv.fr/v1", True),
        ("http://127.0.0.1:8000/v1", True),
        ("http://[::1]:8000", True),
        ("http://localhost:8000", True),
        ("http://albert.api.etalab.gouv.fr/v1", False),
        ("http://127.0.0.1.example.org/v1", False),
        ("http://localhost@example.org/", False),
        ("ftp://127.0.0.1/", False),
        ("albert", False),
    ],
)
def test_nothing_leaves_without_tls_but_for_this_very_machine(address, is_safe):
    if is_safe:
        assert Endpoint(address, model="m").host
    else:
        with pytest.raises(NotSafe):
            Endpoint(address, model="m")


@pytest.mark.parametrize(
    "named", [{"URL": "http://ailleurs.example/v1"}, {"FOLDER": "/nowhere"}, {"": "nowhere.at_all"}]
)
def test_settings_that_name_nothing_usable_leave_words_alone_and_say_so(settings, db, caplog, named):
    for name, value in named.items():
        setattr(settings, f"CLUSTERING_ENCODER_{name}".rstrip("_"), value)
    settings.CLUSTERING_ENCODER_MODEL = "m"
    assert encoders.version() == ""
    assert "cannot be used" in caplog.text
    fiche = _file("Le bus ne passe plus.")
    grouping.place(fiche)
    assert _vectors_of(fiche) == {""}


def test_the_privacy_page_names_the_host_while_it_is_used_and_only_then(client, remote, settings):
    settings.CLUSTERING_ENCODER_URL = "https://albert.api.etalab.gouv.fr/v1"
    assert "albert.api.etalab.gouv.fr" in client.get("/donnees-personnelles/").content.decode()
    assert "albert.api.etalab.gouv.fr" not in client.get("/aide/").content.decode()
    settings.CLUSTERING_ENCODER_URL = ""
    assert "passages masqués à" not in client.get("/donnees-personnelles/").content.decode()
