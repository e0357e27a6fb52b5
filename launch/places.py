"""Where things are: the checkout, its virtual environment, and everything that lives while it runs."""

import os
import pwd
import re
import tempfile
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from launch.voice import CannotGoOn

# A unix socket's path holds at most 107 bytes; PostgreSQL adds "/.s.PGSQL.5432" and ".lock" to the folder.
LONGEST_SOCKET_FOLDER = 85
PLAIN_PATH = re.compile(r"[A-Za-z0-9_./-]+")


@dataclass(frozen=True)
class Places:
    """The folders of one checkout. ``var`` is git-ignored and may be deleted to start afresh."""

    root: Path
    var: Path

    @classmethod
    def of(cls, root: Path) -> "Places":
        """The places of the checkout at ``root``; CAHIER_VAR moves what lives."""
        return cls(root=root, var=Path(os.environ.get("CAHIER_VAR") or root / "var").absolute())

    @property
    def venv(self) -> Path:
        return self.root / ".venv"

    @property
    def python(self) -> Path:
        return self.venv / "bin" / "python"

    @property
    def run(self) -> Path:
        """Pid files, locks and addresses of what is running now."""
        return self.var / "run"

    @property
    def log(self) -> Path:
        return self.var / "log"

    def prepare(self) -> None:
        """Make the folders. ``var`` may be walked through, since PostgreSQL may run under another account."""
        self.var.mkdir(parents=True, exist_ok=True)
        for folder in (self.run, self.log):
            folder.mkdir(mode=0o700, exist_ok=True)

    def shown(self, path: Path) -> str:
        """A path as people should read it: relative to the checkout when it is inside."""
        return str(path.relative_to(self.root)) if path.is_relative_to(self.root) else str(path)


def socket_folder(wanted: Path, *, owner: int) -> Path:
    """A private folder of ``owner`` for unix sockets: the wanted one, or a short one when its path will not do."""
    if len(os.fsencode(wanted)) <= LONGEST_SOCKET_FOLDER and PLAIN_PATH.fullmatch(str(wanted)):
        folder = wanted
    else:
        mark = sha256(os.fsencode(wanted)).hexdigest()[:12]
        folder = Path(tempfile.gettempdir()) / f"cahier-{owner}-{mark}"
    folder.mkdir(mode=0o700, exist_ok=True)
    give(folder, owner=owner)
    return folder


def give(folder: Path, *, owner: int) -> None:
    """Make ``folder`` private to ``owner``; a folder that a third party made first is refused."""
    found = folder.lstat()
    if folder.is_symlink() or found.st_uid not in {os.getuid(), owner}:
        raise CannotGoOn(f"Le dossier {folder} appartient à un autre compte : supprimez-le, puis relancez.")
    folder.chmod(0o700)
    if found.st_uid != owner:
        os.chown(folder, owner, pwd.getpwuid(owner).pw_gid)
