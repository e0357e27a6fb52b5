"""What ``./cahier`` installs and compiles, when it does, and what it says when it cannot."""

import gettext
import os
import re
import shlex
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from django.db.migrations.loader import MigrationLoader

from launch import bootstrap, up
from launch.interruptions import Interruptions
from launch.places import Places
from launch.voice import CannotGoOn
from tests.launch.conftest import ROOT

# Stands for the Python of a virtual environment: writes down what it is asked, obeys, may fail.
FAKE_PYTHON = """\
    #!/bin/sh
    echo "$*" >> "{asked}"
    case "$*" in *"pip install"*) {outcome} ;; esac
"""


@pytest.fixture
def checkout(tmp_path):
    """A checkout with locks and a virtual environment, complete but empty."""

    def make(outcome: str = "true") -> Places:
        places = Places(root=tmp_path, var=tmp_path / "var")
        places.prepare()
        for lock in (bootstrap.RUNTIME, bootstrap.DEVELOPMENT):
            (tmp_path / lock).write_text(f"# {lock}\n")
        places.python.parent.mkdir(parents=True, exist_ok=True)
        script = FAKE_PYTHON.format(asked=tmp_path / "asked", outcome=outcome)
        places.python.write_text(textwrap.dedent(script))
        places.python.chmod(0o755)
        return places

    return make


def prepare(places: Places, *, development: bool = False) -> list[str]:
    """Make it ready; the installations that this asked for."""
    asked = places.root / "asked"
    asked.unlink(missing_ok=True)
    with Interruptions() as interruptions:
        bootstrap.ready(places, interruptions=interruptions, development=development)
    return [Path(line).name for line in asked.read_text().splitlines() if "pip install" in line]


def test_packages_are_installed_once(checkout):
    places = checkout()
    assert prepare(places) == ["requirements.lock"]
    assert prepare(places) == []


def test_only_hashed_wheels_are_accepted(checkout):
    places = checkout()
    prepare(places)
    assert "--require-hashes --no-deps --only-binary=:all:" in (places.root / "asked").read_text()


def test_the_development_lock_is_installed_when_a_developer_needs_it_and_serves_both(checkout):
    places = checkout()
    assert prepare(places) == ["requirements.lock"]
    assert prepare(places, development=True) == ["requirements-dev.lock"]
    assert prepare(places) == []
    assert prepare(places, development=True) == []


def test_a_lock_that_changed_is_installed_again(checkout):
    places = checkout()
    prepare(places)
    (places.root / bootstrap.RUNTIME).write_text("# newer\n")
    assert prepare(places) == ["requirements.lock"]


def test_an_installation_that_failed_is_tried_again_next_time(checkout):
    places = checkout("echo 'NewConnectionError: Network is unreachable'; exit 1")
    with pytest.raises(CannotGoOn, match="Le réseau ne répond pas"):
        prepare(places)
    assert prepare(checkout()) == ["requirements.lock"]


@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        ("OSError: [Errno 28] No space left on device", "Il n'y a plus de place sur le disque"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES", "ne correspond pas à son empreinte"),
        ("ERROR: something never seen", "Dernière ligne : « ERROR: something never seen »"),
    ],
)
def test_a_failed_installation_is_one_sentence(checkout, output, sentence):
    with pytest.raises(CannotGoOn, match=re.escape(sentence)):
        prepare(checkout(f"echo '{output}'; exit 1"))


def test_a_full_disk_is_noticed_before_anything_is_downloaded(checkout, monkeypatch):
    monkeypatch.setattr(bootstrap, "INSTALL_NEEDS_DISK", 10**18)
    places = checkout()
    with pytest.raises(CannotGoOn, match="Mo sur le disque et il en faut"):
        prepare(places)
    assert "pip install" not in (places.root / "asked").read_text()


def test_an_ordinary_user_is_told_which_package_to_ask_for(checkout, monkeypatch):
    monkeypatch.setattr(os, "getuid", lambda: 1000)
    places = checkout()
    with Interruptions() as interruptions, pytest.raises(CannotGoOn, match="sudo apt install chromium libatomic1"):
        bootstrap.install_packages(
            ["chromium", "libatomic1"], why="pour essayer", places=places, interruptions=interruptions
        )


CATALOGUE = """\
msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\nPlural-Forms: nplurals=2; plural=(n > 1);\\n"

msgid "Answer"
msgstr "{french}"
"""


@pytest.fixture
def translated(checkout):
    """A checkout with a French catalogue and a Python that knows Babel."""
    places = checkout()
    places.python.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} "$@"\n')
    folder = places.root / "locale" / "fr" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    return places, folder / "django.po"


def compile_in(places: Places) -> None:
    with Interruptions() as interruptions:
        bootstrap.compile_translations(places, interruptions)


def said_in(source: Path) -> str:
    with source.with_suffix(".mo").open("rb") as compiled:
        return gettext.GNUTranslations(compiled).gettext("Answer")


def test_translations_are_compiled_when_they_change(translated):
    places, source = translated
    source.write_text(CATALOGUE.format(french="Réponse"))
    compile_in(places)
    assert said_in(source) == "Réponse"
    source.write_text(CATALOGUE.format(french="Notre réponse"))
    os.utime(source, (source.stat().st_mtime + 5,) * 2)
    compile_in(places)
    assert said_in(source) == "Notre réponse"


def test_a_broken_catalogue_is_a_sentence_and_the_former_one_stays(translated):
    places, source = translated
    source.write_text(CATALOGUE.format(french="Réponse"))
    compile_in(places)
    source.write_text("nonsense\n")
    os.utime(source, (source.stat().st_mtime + 5,) * 2)
    with pytest.raises(CannotGoOn, match="ne sont pas valides"):
        compile_in(places)
    assert said_in(source) == "Réponse"


def requirements(lock: str) -> dict[str, str]:
    """``name==version ; marker`` → its block of hashes."""
    blocks = re.split(r"\n(?=\S)", (ROOT / lock).read_text().strip())
    return {block.split(" \\\n")[0]: block for block in blocks}


@pytest.mark.parametrize("lock", [bootstrap.RUNTIME, bootstrap.DEVELOPMENT])
def test_a_lock_names_no_registry_and_no_place_and_hashes_everything(lock):
    text = (ROOT / lock).read_text()
    assert not re.search(r"https?:|--index|--find-links|file:|(^|\s)/\w", text)
    assert all("--hash=sha256:" in block for block in requirements(lock).values())


def test_developers_run_exactly_what_people_run():
    assert requirements(bootstrap.RUNTIME).items() <= requirements(bootstrap.DEVELOPMENT).items()


def test_the_launcher_needs_nothing_but_python():
    program = "import sys; sys.path.insert(0, sys.argv[1]); import launch.main; print('\\n'.join(sys.modules))"
    isolated = [sys.executable, "-I", "-S", "-c", program, str(ROOT)]
    loaded = subprocess.run(isolated, capture_output=True, text=True, check=True).stdout.split()
    foreign = {name.split(".")[0] for name in loaded} - set(sys.stdlib_module_names) - {"launch", "__main__"}
    assert not foreign


def test_no_migration_is_forgotten_at_a_start():
    """A start that sees nothing new leaves the tables as they are: every file Django would run must be seen."""
    loaded = {
        Path(sys.modules[migration.__module__].__file__) for migration in MigrationLoader(None).disk_migrations.values()
    }
    ours = {path for path in loaded if path.is_relative_to(ROOT) and not path.is_relative_to(ROOT / ".venv")}
    seen = {path for path in up.migrations(ROOT) if path.name != "__init__.py"}
    assert ours == seen
