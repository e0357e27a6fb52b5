"""Words of health, trade union or offence: a person must look, nothing is removed (GDPR articles 9 and 10)."""

import re

from masking.folding import plain

_WORDS = {
    "health": (
        r"cancer|tumeur|chimio\w*|depressi(?:on|f|ve)|suicid\w*|diabet\w*|asthm\w*|alzh?eimer|parkinson|sclerose"
        r"|epilep\w*|schizo\w*|bipolaire|autis\w*|vih|sida|seropositi\w*|hepatite|enceinte|grossesse"
        r"|fausse couche|avortement|ivg|hospitalis\w*|handicap\w*|invalid(?:e|ite)|aah|mdph|fauteuil roulant"
        r"|aveugle|malvoyant\w*|sourde?s?|malentendant\w*|dialyse|infarctus|avc|trisomi\w*|addiction"
        r"|alcooli\w*|toxicoman\w*|psychiatr\w*|antidepresseurs?|affection longue duree|burn ?out|arret maladie"
        r"|maladie (?:chronique|grave|rare|professionnelle)|accident du travail"
    ),
    "union": (
        r"syndiquee?s?|syndicalistes?|delegue\w* syndica\w+|representante? syndica\w+|section syndicale|cgt|cfdt"
        r"|cftc|cfe-cgc|unsa|fsu|snes|force ouvriere|sud solidaires|mon syndicat|notre syndicat|greviste"
    ),
    "offence": (
        r"casier judiciaire|condamne\w*|condamnation|incarcer\w*|prison|detenue?s?|detention|garde a vue|gav"
        r"|mise? en examen|sursis|bracelet electronique|liberation conditionnelle|controle judiciaire|ecroue\w*"
        r"|delinquan\w*|recidiv\w*|viol(?:s|ee?s?|eur)?|attouchements?|inceste|trafic de drogue"
        r"|deal(?:er|eur)s?|escroc"
    ),
}
_FLAGS = {flag: re.compile(rf"\b(?:{words})\b") for flag, words in _WORDS.items()}


def flags(text: str) -> set[str]:
    """Among ``health``, ``union``, ``offence``: the sensitive subjects whose words stand in the text."""
    flat = plain(text)
    return {flag for flag, words in _FLAGS.items() if words.search(flat)}
