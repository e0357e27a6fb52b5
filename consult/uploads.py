"""What people attach, judged by what it holds: a PDF, or a picture, which is drawn again.

Drawing again leaves behind where and when a photograph was taken, by whom, and whatever was hidden in the file.
"""

import io
import warnings
from dataclasses import dataclass
from pathlib import PurePath
from typing import BinaryIO

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from consult import texts
from consult.choices import AttachmentKind
from consult.models import Attachment

SIDE = 2400  # pixels: enough for a page on paper
NAME = 120
_READ = ("JPEG", "PNG", "WEBP")  # what cameras, screens and browsers give; no drawing language


@dataclass(frozen=True)
class Prepared:
    """A file as it will be kept."""

    kind: AttachmentKind
    name: str
    content: bytes


def prepared(name: str, stream: BinaryIO, size: int) -> Prepared:
    """The file to keep. Raises ``ValidationError``: too heavy, too large, unreadable, or of another kind."""
    title = texts.line(PurePath(name.replace("\\", "/")).stem)[:NAME] or _("Document")
    if size > settings.ATTACHMENT_BYTES:
        most = settings.ATTACHMENT_BYTES // (1024 * 1024)
        raise ValidationError(_("“%(name)s” is too heavy: %(most)d MB at most.") % {"name": title, "most": most})
    stream.seek(0)
    content = stream.read()
    if content.startswith(b"%PDF-"):
        return _pdf(title, content)
    kind, drawn = _drawn(title, content)
    return Prepared(kind, title, drawn)


def throw_away(rows: QuerySet[Attachment]) -> int:
    """These files, in the caller's transaction: the rows now, what is on disk once it is committed; how many."""
    gone = list(rows)
    rows.model.objects.filter(pk__in=[one.pk for one in gone]).delete()
    transaction.on_commit(lambda: [one.file.storage.delete(one.file.name) for one in gone])
    return len(gone)


def _pdf(title: str, content: bytes) -> Prepared:
    """A document whose end is there. What it holds is not opened here, nor by the browsers that are given it."""
    if b"%%EOF" not in content[-2048:]:
        raise ValidationError(_("“%(name)s” is cut short: it cannot be read.") % {"name": title})
    return Prepared(AttachmentKind.PDF, title, content)


def _drawn(title: str, content: bytes) -> tuple[AttachmentKind, bytes]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=_READ) as given:
                if given.width * given.height > settings.ATTACHMENT_PIXELS:
                    raise ValidationError(_("“%(name)s” has too many pixels.") % {"name": title})
                given.draft("RGB", (SIDE, SIDE))  # a photograph is not unfolded whole
                return _saved(ImageOps.exif_transpose(given))
    except ValidationError:
        raise
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise ValidationError(
            _("“%(name)s” is neither a PDF nor a picture that can be read.") % {"name": title}
        ) from None


def _saved(picture: Image.Image) -> tuple[AttachmentKind, bytes]:
    """Pixels alone go into a new file: a PNG where something is transparent, a JPEG otherwise."""
    picture.thumbnail((SIDE, SIDE))
    made, is_clear = io.BytesIO(), picture.has_transparency_data
    plain = picture.convert("RGBA" if is_clear else "RGB")
    blank = Image.new(plain.mode, plain.size)
    blank.paste(plain)
    if is_clear:
        blank.save(made, "PNG", optimize=True)
        return AttachmentKind.PNG, made.getvalue()
    blank.save(made, "JPEG", quality=85, optimize=True)
    return AttachmentKind.JPEG, made.getvalue()
