"""Any number that is right is found, however it is dressed and wherever it stands; what only resembles stays."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.fr import nir

import masking

CARRIERS = st.sampled_from(
    [
        "{}",
        "Bonjour, voici : {}.",
        "j'attends depuis 3 mois ({}) et rien",
        "MON NUMERO {} MERCI",
        "Cordialement,\n{}\n",
        "« {} » a-t-il dit",
        "3 relances en 2025, {}, toujours rien",
        "c'est le\u00a0{}\u00a0!",
    ]
)


def assert_masked(carrier, value, kind):
    text = carrier.format(value)
    start = text.index(value)
    found = [span for span in masking.find(text) if span.start <= start and span.end >= start + len(value)]
    assert [span.kind for span in found] == [kind], text
    assert value not in masking.mask(text)


@st.composite
def nirs(draw):
    month, place = draw(st.integers(1, 12)), draw(st.sampled_from(["01", "13", "75", "2A", "2B", "97", "99"]))
    head = f"{draw(st.sampled_from('12'))}{draw(st.integers(0, 99)):02}{month:02}{place}"
    head += f"{draw(st.integers(1, 990)):03}{draw(st.integers(1, 999)):03}"
    return head + nir.calc_check_digits(head)


def dressed(compact, sizes, separator):
    pieces, at = [], 0
    for size in sizes:
        pieces.append(compact[at : at + size])
        at += size
    return separator.join([piece for piece in [*pieces, compact[at:]] if piece])


@settings(max_examples=200, deadline=None)
@given(CARRIERS, nirs(), st.sampled_from(["", " ", ".", "-", "\u00a0", "\u202f"]))
def test_any_social_security_number_is_found(carrier, number, separator):
    assert_masked(carrier, dressed(number, [1, 2, 2, 2, 3, 3], separator), "nir")


@given(nirs())
def test_a_social_security_number_without_key_needs_a_word_that_announces_it(number):
    assert_masked("mon numéro de sécu est {} merci", number[:13], "nir")
    assert "nir" not in {span.kind for span in masking.find(f"le compteur {number[:13]} tourne")}


@st.composite
def ibans(draw):
    country, size = draw(st.sampled_from([("FR", 23), ("DE", 18), ("BE", 12), ("PT", 21), ("MC", 23)]))
    body = draw(st.text("0123456789", min_size=size, max_size=size))
    letters = "".join(str(int(character, 36)) for character in body + country + "00")
    return f"{country}{98 - int(letters) % 97:02}{body}"


@settings(max_examples=200, deadline=None)
@given(CARRIERS, ibans(), st.sampled_from(["", " ", "-", "\u00a0"]), st.booleans())
def test_any_iban_is_found(carrier, number, separator, lower):
    written = dressed(number, [4] * 8, separator)
    assert_masked(carrier, written.lower() if lower else written, "iban")


@settings(max_examples=200, deadline=None)
@given(
    CARRIERS,
    st.sampled_from(["0", "+33", "+33 ", "0033", "+33 (0)"]),
    st.sampled_from("12345679"),
    st.text("0123456789", min_size=8, max_size=8),
    st.sampled_from(["", " ", ".", "-", "\u00a0", "/"]),
)
def test_any_french_telephone_number_is_found(carrier, prefix, zone, rest, separator):
    assert_masked(carrier, prefix + dressed(zone + rest, [1, 2, 2, 2], separator), "phone")


@settings(max_examples=200, deadline=None)
@given(
    CARRIERS,
    st.from_regex(r"[a-z][a-z0-9]{0,8}([._+-][a-z0-9]{1,8}){0,2}", fullmatch=True),
    st.from_regex(r"[a-z0-9]{2,9}(-[a-z0-9]{1,5})?\.(fr|com|example|org)", fullmatch=True),
    st.sampled_from(["{0}@{1}", "{0} @ {1}", "{0}(at){1}", "{0} arobase {1}"]),
)
def test_any_email_address_is_found(carrier, local, domain, shape):
    assert_masked(carrier, shape.format(local, domain), "email")


@pytest.mark.parametrize(
    ("text", "value", "kind"),
    [
        ("nadia point b arobase exemple point fr", "nadia point b arobase exemple point fr", "email"),
        ("nadia.b [at] exemple [dot] fr", "nadia.b [at] exemple [dot] fr", "email"),
        ("joignable au +32 475 12 34 56", "+32 475 12 34 56", "phone"),
        ("à La Réunion, 0692 12 34 56", "0692 12 34 56", "phone"),
        ("mon num c le 0 6 1 2 3 4 5 6 7 8", "0 6 1 2 3 4 5 6 7 8", "phone"),
        ("ma voiture AB-123-CD", "AB-123-CD", "plate"),
        ("MA VOITURE AB123CD", "AB123CD", "plate"),
        ("plaque ab 123 cd volée", "ab 123 cd", "plate"),
        ("l'ancienne 1234 AB 75", "1234 AB 75", "plate"),
        ("immatriculée 845 BXR 2A", "845 BXR 2A", "plate"),
        ("carte bleue 4539 1488 0343 6467", "4539 1488 0343 6467", "card"),
        ("RIB 30004 00001 12345678901 59", "30004 00001 12345678901 59", "iban"),
        ("allocataire n° 1234567", "1234567", "file_number"),
        ("CAF allocataire 3456789 K", "3456789 K", "file_number"),
        ("contrat EA-0071-3329.", "EA-0071-3329", "file_number"),
        ("INE 1402T00981K", "1402T00981K", "file_number"),
        ("dossier MDPH 77-2023-04512", "77-2023-04512", "file_number"),
        ("n° fiscal 30 12 345 678 901", "30 12 345 678 901", "file_number"),
        ("née à Lens le 4 mai 1962", "4 mai 1962", "birthdate"),
        ("né le 03/11/58", "03/11/58", "birthdate"),
        ("born 12 March 1960", "12 March 1960", "birthdate"),
        ("date de naissance : 1974-02-28", "1974-02-28", "birthdate"),
        ("au 2 ter sente des Pommiers, 27200 Vernon.", "2 ter sente des Pommiers, 27200 Vernon", "address"),
        ("14 RUE DES ACACIAS 31000 TOULOUSE", "14 RUE DES ACACIAS 31000 TOULOUSE", "address"),
        ("jhabite 5 av jean jaures a toulouse", "5 av jean jaures", "address"),
        ("9 square du 8 Mai 1945, 35000 Rennes", "9 square du 8 Mai 1945, 35000 Rennes", "address"),
        ("https://www.facebook.com/nadia.benali.75", "https://www.facebook.com/nadia.benali.75", "profile"),
    ],
)
def test_a_number_is_masked_whole_under_its_kind(text, value, kind):
    assert [(text[span.start : span.end], span.kind) for span in masking.find(text)] == [(value, kind)]


@pytest.mark.parametrize(
    "text",
    [
        "Le compteur, n° 103255100417882, est sur le trottoir",  # fifteen digits, no month, no key
        "SIRET 123 456 789 00012",
        "J'ai payé 1 234,56 € le 12/03/2025 à 10h30",
        "Rendez-vous le 01/02/2025 03:15",
        "Le 3939 ne répond pas, ni le 08 10 46 76 87",  # numbers of services
        "LE 115 NE REPOND PAS",
        "LE 205 EN RETARD, 100 EUR 20",
        "formulaire Cerfa 12345*03, article L112-11",
        "dossier 2025 toujours pas traité, dossier du 12/03/2025",
        "mon compte de 41200 euros",
        "dossier complet depuis 3 mois",
        "la rue Gambetta où je loge",  # a street is a place
        "15 rue ou avenue, peu importe",
        "3 cours de natation, 2 places de parking",
        "né en 1960",
        "la réunion du 4 mai 2025",
    ],
)
def test_what_only_looks_like_personal_data_stays(text):
    assert masking.mask(text) == text
