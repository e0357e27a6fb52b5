"""The open data of a budget in one file: given while all it holds is public."""

from typing import Any

from django.http import FileResponse, Http404, HttpRequest
from django.template.defaultfilters import filesizeformat
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from consult.budgets import archives
from consult.budgets.public import Shared
from consult.budgets.views import idea_words
from consult.budgets.views.opened import shared_or_404
from pages.dates import long_date


@never_cache
@require_safe
def archive(request: HttpRequest, slug: str) -> FileResponse:
    """404 before the first night, and once something it holds was taken back, until it is made again."""
    found = archives.of(shared_or_404(slug).budget)
    if found is None:
        raise Http404
    file = found.path.open("rb")
    return FileResponse(file, as_attachment=True, filename=f"{slug}.zip", content_type="application/zip")


def link(shared: Shared) -> dict[str, Any]:
    """What a page says of it: address, day and weight; {} while there is none."""
    found = archives.of(shared.budget)
    if found is None:
        return {}
    url = idea_words.address("open_data", shared)
    return {"url": url, "day": long_date(found.made_at), "size": filesizeformat(found.size)}
