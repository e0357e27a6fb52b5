"""Whether a sentence asks for papers, and whether people say that they are asked again.

Sentences come as plain letters: lower case, no accents, digits and €, words parted by single spaces. The lists are
ours, read against real fiches: on the passages of the development set that name a document, 22 of the 23 said to be
asked again are, and 22 of the 32 that are were said to be.
"""

import re
from functools import lru_cache

_ASKING = """
    demand redemand reclam exig veut veux veul veulent voul faut fallu fallait fourni refourni joindre joint amen ramen
    apport rapport photocopi copie scan papier paperasse piece preuve prouv justifi redonn televers manqu requis relance
    attestation certificat carte?grise inventer ask want need upload send sent badge piden faute?d pas?d aucun present
    montre renvoy envoy refus obligatoire dossier tampon illisible perime perdu
"""
_WHO = "vous|ils|elles|elle|il|on|mairie|caf|etat|prefecture|cpam|secu|impots?|rectorat|fac|ecole|service|juge|tribunal"
_AGAIN = (
    r"re ?(?:demand|fourni|donn|transm|envoy|amen|appor|present|justifi|photocop|scan|prouv)",
    r"refai[rt]",
    r"(?<!pas )(?<!pas en )encore",
    r"deja|derechef|rebelote|egare|sans (?:arret|cesse)|en boucle",
    r"[ad]e? nouveau|une fois de plus|nouvelle fois",
    r"(?:deux|trois|quatre|cinq|six|sept|huit|neuf|dix|plusieurs|mille|n|x) fois|\d+x (?!plus|moins)",
    r"(?:\d+|deuxi|troisi|quatri|cinqui|sixi|septi|seconde|eni|ni) ?(?:e|eme|ieme|nd|nde|x)? ?"
    r"(?:fois|relance|demande|annee|an |envoi|exemplaire)",
    r"chaque (?:fois|annee|an|mois|trimestre|rentree|renouvellement|dossier|rendez|rdv|visite|consultation|guichet|"
    r"service|saison)",
    r"tous les (?:ans|mois|trimestres|six mois)|toutes les (?:annees|semaines)",
    r"les? memes? (?:papier|piece|document|photocopie|qu|au)|la meme (?:qu|au)",
    # They have it, or could ask one another.
    rf"(?:{_WHO}) (?:l |les |le |la )?(?:avez tout|a tout|ont tout|sait tout|savez|savent|possed|detien|connai[ts]|"
    r"connaissent|[ao]nt? deja)",
    r"(?:sait|savent|savez) bien|(?:regarde|demande)[rz] vous meme|demandez (?:leur|lui|au|a la|aux)",
    r"que vous (?:l |les )?avez|alors qu[ei]? (?:vous |la |l |le )?(?:\w+ )?(?:l |les )(?:avez|a|ont)\b|qui l a deja",
    r"(?:vos|leurs|les|le|votre|leur) (?:fichier|base|dossier)s? |se parl|communiqu|echang[ea]|vous le dit",
    r"(?:que j|l) (?:avai[ts]|ai|a) (?:deja )?(?:envoye|donne|fourni|depose|apporte|remis|transmis)",
    r"vous (?:l )?avez perdu|perdu par (?:vos|le|la|les)",
    r"again|already|once more|(?:second|third|fourth) time|every (?:year|month|time)|otra vez|ya (?:lo )?tiene",
    r"(?:sent|upload|gave|given|ask|provid|show|submit)[a-z]* .{0,40}(?:twice|three times)",
)


@lru_cache(maxsize=256)
def _beginning_with(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(r"\b(?:" + "|".join(word.replace("?", " ") for word in words) + ")")


_ASKS = tuple(_ASKING.split())
_ASKS_AGAIN = re.compile(r"\b(?:" + "|".join(_AGAIN) + ")")


def is_asking(sentence: str) -> bool:
    """Whether papers are asked for, shown, lacking or refused."""
    return is_one_of(_ASKS, sentence)


def is_asking_again(sentence: str) -> bool:
    """Whether people gave it before, give it over and over, or say that the administration has it."""
    return bool(_ASKS_AGAIN.search(sentence))


def is_one_of(words: tuple[str, ...], sentence: str) -> bool:
    """Whether a word of the sentence begins like one of these; False for none."""
    return bool(words) and bool(_beginning_with(words).search(sentence))
