"""Three verbatims to understand a theme."""

from clustering.verbatims import telling

TEXTS = [
    "Bus.",
    "Le bus de sept heures ne passe plus du tout.",
    "Le bus de sept heures ne passe plus.",
    "LE BUS NE PASSE JAMAIS LE MATIN DANS NOTRE QUARTIER",
    "Ces connards ont supprimé la ligne sans prévenir personne.",
    "J'attends vingt minutes à l'arrêt sans savoir si un car viendra.",
    "Il faudrait afficher les horaires à chaque station du quartier.",
]


def test_the_most_central_that_read_well_and_differ_come_first():
    assert telling(TEXTS) == [1, 5, 6]


def test_others_make_up_the_number_and_no_text_comes_twice():
    assert sorted(telling(["a", "a", "a"])) == [0, 1, 2]
    assert telling(["Bus.", "BUS EN RETARD"]) == [0, 1]
    assert telling([]) == []
