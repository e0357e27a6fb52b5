"""What the pages of an opinion map have in common: the consultation that has one, and who is at the door."""

from django.http import Http404, HttpRequest, HttpResponse
from django_htmx.http import HttpResponseClientRedirect

from consult import policies
from consult.choices import Awaited
from consult.maps import reading
from consult.models import Participant
from consult.public import Asked
from consult.views import map_words as words
from consult.views import visiting_words, who
from consult.views.held import led
from consult.views.opened import asked_or_404

FOUND = 302


def map_or_404(slug: str) -> Asked:
    """The consultation, when it has a map."""
    asked = asked_or_404(slug)
    if not reading.is_there(asked):
        raise Http404
    return asked


def reader_of(request: HttpRequest) -> Participant | None:
    """Who reads, if they ever took part: reading writes nothing."""
    return who.visitor(request) or policies.participant_behind(request.user)


def led_to_be_known(request: HttpRequest, asked: Asked, *, number: int, stance: str, back: str) -> HttpResponse:
    """Somebody whom nobody knows answered: to the page that asks for an address, or to sign in; nothing is lost."""
    found = policies.statements_to_read_by(None, asked.consultation).filter(number=number).first()
    if found is None:
        raise Http404
    chosen = words.NAMES[stance]
    typed = {"statement": number, "stance": int(chosen), "words": found.text}
    said = visiting_words.stance(int(chosen), found.text)
    answer = led(request, asked, Awaited.STANCE, typed, said=said, back=back)
    return HttpResponseClientRedirect(answer.url) if request.htmx and answer.status_code == FOUND else answer
