"""Bootstrap's sheet as our policy allows it: its drawings are ``data:`` images, which no page of ours may ask for.

Our own sheets draw the same signs in plain rules. Overriding Bootstrap's would leave a moment, between the two sheets,
when a page asks for an image that is refused.
"""

import os
import re
from pathlib import Path
from tempfile import NamedTemporaryFile

import bootstrap
from django.conf import settings
from django.contrib.staticfiles.finders import BaseStorageFinder
from django.core.files.storage import FileSystemStorage

SHEET = "bootstrap/css/bootstrap.min.css"
_DRAWING = re.compile(r'url\("data:[^"]*"\)')
_MAP = re.compile(r"/\*# sourceMappingURL=\S+ \*/")


class BootstrapFinder(BaseStorageFinder):
    """Finds the only file of Bootstrap that pages use, made from the package when a process starts."""

    def __init__(self) -> None:
        super().__init__(FileSystemStorage(location=settings.VAR / "made"))
        _write(Path(self.storage.path(SHEET)), without_drawings((package() / "css/bootstrap.min.css").read_text()))

    def check(self, **_options: object) -> list:
        return []


def package() -> Path:
    """Where Bootstrap's compiled files are installed."""
    return Path(next(iter(bootstrap.__path__)))


def without_drawings(sheet: str) -> str:
    return _MAP.sub("", _DRAWING.sub("none", sheet))


def _write(file: Path, text: str) -> None:
    """Whole or not at all: several processes start together."""
    if file.exists() and file.read_text() == text:
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile("w", dir=file.parent, delete=False) as half:
        half.write(text)
    os.chmod(half.name, 0o644)
    os.replace(half.name, file)
