"""Log files: kept small, and turned into one sentence when something went wrong."""

import re
from pathlib import Path

LARGEST = 10_000_000
TAIL = 6_000

# What the machine says → what a person can do about it. The first that matches wins.
CAUSES = (
    (
        r"No space left on device|Disk quota exceeded",
        "Il n'y a plus de place sur le disque : libérez-en, puis relancez.",
    ),
    (r"Address already in use", "Le port est déjà pris : choisissez-en un autre avec --port."),
    (
        r"name resolution|Name or service not known|NewConnectionError|Network is unreachable|No route to host"
        r"|Could not resolve|Connection refused.*(?:pip|https?)|Max retries exceeded|ConnectTimeout|ReadTimeout"
        r"|Cannot connect to proxy|dns error|error sending request|Temporary failure resolving",
        "Le réseau ne répond pas : vérifiez la connexion à Internet, puis relancez.",
    ),
    (r"DO NOT MATCH THE HASHES", "Un paquet téléchargé ne correspond pas à son empreinte : rien n'a été installé."),
    (r"Cannot allocate memory|could not map anonymous shared memory", "La mémoire de la machine est épuisée."),
)


def explain(log: Path) -> str:
    """One or two French sentences: the likely cause, or the last line written, and where to read on."""
    text = tail(log)
    for pattern, sentence in CAUSES:
        if re.search(pattern, text):
            return sentence
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    last = f" Dernière ligne : « {lines[-1][:300]} »." if lines else ""
    return f"Le détail est dans {log}.{last}"


def tail(log: Path) -> str:
    """The end of a log; nothing when it does not exist."""
    try:
        with log.open("rb") as stream:
            stream.seek(max(0, log.stat().st_size - TAIL))
            return stream.read().decode(errors="replace")
    except FileNotFoundError:
        return ""


def rotate(log: Path) -> Path:
    """Begin a new log for this run, keeping the previous one beside it."""
    if log.exists():
        log.replace(log.with_name(log.name + ".1"))
    return log
