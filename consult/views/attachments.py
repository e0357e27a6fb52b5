"""The files of a proposition: the right is checked again each time, and no browser runs what is inside."""

from django.db.models.fields.files import FieldFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from consult import policies
from consult.choices import AttachmentKind
from consult.models import Attachment
from consult.views import who
from consult.views.opened import asked_or_404

TYPES = {
    AttachmentKind.PDF: "application/pdf",
    AttachmentKind.JPEG: "image/jpeg",
    AttachmentKind.PNG: "image/png",
}
EXTENSIONS = {AttachmentKind.PDF: "pdf", AttachmentKind.JPEG: "jpg", AttachmentKind.PNG: "png"}


@cache_control(private=True, no_store=True)
@require_safe
def attachment(request: HttpRequest, slug: str, number: int, pk: int) -> HttpResponse:
    """Whoever may read the proposition, and moderators, who judge it. Downloaded, never opened in place."""
    asked = asked_or_404(slug)
    rows = policies.attachments_to_read_by(who.reader(request), moderator=request.user)
    found = get_object_or_404(rows, pk=pk, proposition__number=number, proposition__consultation=asked.consultation)
    return _sent(found)


def _sent(found: Attachment) -> HttpResponse:
    kind = AttachmentKind(found.kind)
    name = f"{slugify(found.name) or 'document'}.{EXTENSIONS[kind]}"
    answer = _given(found.file, kind)
    answer.headers["Content-Disposition"] = content_disposition_header(True, name)
    return answer


def sent_as_picture(file: FieldFile) -> HttpResponse:
    """A picture of the private storage that was drawn again here, to show in a page. Its name says its kind."""
    return _given(file, AttachmentKind(file.name.rpartition(".")[2]))


def _given(file: FieldFile, kind: AttachmentKind) -> HttpResponse:
    try:
        with file.open("rb") as opened:
            content = opened.read()
    except FileNotFoundError as missing:
        raise Http404 from missing
    answer = HttpResponse(content, content_type=TYPES[kind])
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
