"""The open data of a consultation in one file: given while all it holds is public."""

from typing import Any

from django.http import FileResponse, Http404, HttpRequest
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from consult import archives, results
from consult.public import Asked
from consult.views import proposition_words
from consult.views.opened import asked_or_404
from pages.dates import long_date


@never_cache
@require_safe
def archive(request: HttpRequest, slug: str) -> FileResponse:
    """404 while votes are hidden, before the first night, and once something it holds was taken back."""
    asked = asked_or_404(slug)
    found = None if results.told_from(asked) else archives.of(asked.consultation)
    if found is None:
        raise Http404
    file = found.path.open("rb")
    return FileResponse(file, as_attachment=True, filename=f"{slug}.zip", content_type="application/zip")


def link(asked: Asked) -> dict[str, Any]:
    """What the results page says of it: address, day and weight; {} while there is none."""
    found = archives.of(asked.consultation)
    if found is None:
        return {}
    url = reverse("consult:open_data", args=[asked.consultation.page.slug])
    return {"url": url, "day": long_date(found.made_at), "size": proposition_words.weight(found.size)}
