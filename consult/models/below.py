"""Pages below a consultation: questionnaires and meetings. Wagtail edits them; their address and drawing are ours."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from consult.models.serving import is_being_published


@dataclass(frozen=True)
class BelowDoors:
    """``preview(request, page)`` draws a draft; ``publish(page, then)`` makes it public by Wagtail's own save."""

    preview: Callable[..., HttpResponse]
    publish: Callable[..., Any]


_doors: dict[str, BelowDoors] = {}


def declare_below(kind: str, doors: BelowDoors) -> None:
    """``kind``: the name of the model."""
    _doors[kind] = doors


class Below(models.Model):
    """``get_absolute_url`` of each says where it stands; Wagtail's own address leads there."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Published whatever the way (editor, workflow, clock): that is our act."""
        then = partial(super().save, *args, **kwargs)
        if kwargs.get("update_fields") is None and is_being_published(self):
            self.doors.publish(self, then=then)
        else:
            then()

    @property
    def doors(self) -> BelowDoors:
        return _doors[type(self).__name__]

    def get_url_parts(self, *args: Any, **kwargs: Any) -> tuple[int, str, str] | None:
        parts = super().get_url_parts(*args, **kwargs)
        return parts and (parts[0], parts[1], self.get_absolute_url())

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return redirect(self.get_absolute_url())

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        return self.doors.preview(request, page=self)

    def publish(self, revision: Any, user: Any = None, **kwargs: Any) -> Any:
        """Who approves what another wrote is who publishes it: ``save`` reads it there."""
        revision.user = user or revision.user
        return super().publish(revision, user=user, **kwargs)

    publish.alters_data = True
