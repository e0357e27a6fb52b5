"""From the words typed to the command that answers them, and from what goes wrong to one sentence."""

import argparse
import errno
from pathlib import Path
from typing import NoReturn

from launch import commands
from launch.checks import check
from launch.interruptions import Interruptions, StopAsked
from launch.places import Places
from launch.up import up
from launch.voice import CannotGoOn, complain, say

USAGE = """Cahier. Depuis la racine d'une copie du dépôt, avec python3 seulement :

  ./cahier up [--port 8000] [--empty]   tout démarrer ici, avec la démonstration (--empty : sans)
  ./cahier test [arguments de pytest]   tous les tests, navigateur compris
  ./cahier check                        style, dépendances entre paquets, migrations, traductions, gabarits
  ./cahier bench [mesure] [arguments]   les mesures de bench/
  ./cahier manage …                     manage.py de Django, avec les mêmes serveurs
  ./cahier lock [arguments de uv]       recalculer les fichiers requirements*.lock

Les données vivent dans var/. DATABASE_URL, CAHIER_BROKER_URL et CAHIER_CACHE_URL remplacent nos serveurs."""
PASSING_ON = {"test": commands.test, "bench": commands.bench, "manage": commands.manage, "lock": commands.lock}


class FrenchParser(argparse.ArgumentParser):
    """Errors are a French sentence and the usage, since argparse only speaks English."""

    def error(self, message: str) -> NoReturn:
        raise CannotGoOn("je ne comprends pas ces arguments ; « ./cahier help » donne la liste.")


def main(words: list[str], *, root: Path) -> int:
    """Run one command of ``./cahier``; the exit status. Every expected trouble is one line on stderr."""
    try:
        with Interruptions() as interruptions:
            return _dispatch(words, Places.of(root), interruptions)
    except StopAsked as stop:
        if words[:1] == ["up"]:
            say("Tout est arrêté.")
            return 0
        return 128 + stop.number
    except CannotGoOn as trouble:
        complain(str(trouble))
    except OSError as trouble:
        complain(_about(trouble))
    return 1


def _dispatch(words: list[str], places: Places, interruptions: Interruptions) -> int:
    command, rest = (words[0], words[1:]) if words else ("help", [])
    if command in {"help", "-h", "--help"}:
        say(USAGE)
        return 0
    if command in PASSING_ON:
        places.prepare()
        return PASSING_ON[command](places, rest, interruptions=interruptions)
    parser = FrenchParser(add_help=False)
    if command == "up":
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--empty", action="store_true")
    elif command != "check":
        parser.error(command)
    options = parser.parse_args(rest)
    places.prepare()
    if command == "check":
        return check(places, interruptions=interruptions)
    up(places, port=options.port, empty=options.empty, interruptions=interruptions)
    return 0


def _about(trouble: OSError) -> str:
    """What the machine refused, in words; anything unforeseen keeps its trace, because it is a fault of ours."""
    where = f" : {trouble.filename}" if trouble.filename else ""
    if trouble.errno in {errno.ENOSPC, errno.EDQUOT}:
        return "il n'y a plus de place sur le disque ; libérez-en, puis relancez."
    if trouble.errno in {errno.EACCES, errno.EPERM}:
        return f"accès refusé{where}. Ce dossier appartient sans doute à un autre compte (root ?)."
    if trouble.errno == errno.EROFS:
        return f"le disque est en lecture seule{where}."
    if trouble.errno == errno.ENOENT:
        return f"un fichier manque ou vient d'être supprimé{where}."
    raise trouble
