"""What each letter of the room says. The worker calls these, in the language of the person, when the letter leaves."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from feedback import references, surges
from feedback.choices import FollowUpReply
from feedback.letters.links import absolute, follow_up_path, tracking_url
from feedback.letters.promising import ANSWER, FOLLOW_UP, RAISED, REOPENED, SURGE
from feedback.models import Answer, DocumentCase, Fiche, FollowUp, Recipient, Segment, SurgeAlert, Transfer
from letters.choices import Channel
from letters.models import Letter
from letters.renderers import Message, from_templates

EXCERPT = 320
OTHERS = 10  # other words of the same person in one letter
SMS_LIMIT = 160
# What stands in the address of the page; the page itself sends the reply.
REPLIES = {"oui": FollowUpReply.YES, "en-partie": FollowUpReply.PARTLY, "non": FollowUpReply.NO}


def render_answer(letter: Letter) -> Message:
    """What they wrote, what was decided, for when, and where to read it again."""
    recipient = Recipient.objects.select_related("answer__pain_point__service", "fiche").get(pk=letter.key)
    fiche, answer = recipient.fiche, recipient.answer
    if letter.channel == Channel.SMS:
        said = _("Your fiche %(reference)s has its answer.") % {"reference": fiche.reference}
        return _text_message(said, tracking_url(fiche))
    subject = _("Answer to your fiche %(reference)s") % {"reference": fiche.reference}
    return _message("answer", subject, {**_about(answer, fiche, letter), "others": _said_elsewhere(recipient)})


def render_follow_up(letter: Letter) -> Message:
    """« Est-ce réglé ? »: one link a reply. Each opens a page with one button; no link replies by itself."""
    follow_up = FollowUp.objects.select_related("answer__pain_point__service", "fiche").get(pk=letter.key)
    url = absolute(follow_up_path(follow_up))
    if letter.channel == Channel.SMS:
        return _text_message(_("Is it settled?"), url)
    replies = [{"label": reply.label, "url": f"{url}?reponse={word}"} for word, reply in REPLIES.items()]
    subject = _("Is it settled? Your fiche %(reference)s") % {"reference": follow_up.fiche.reference}
    return _message("follow_up", subject, {**_about(follow_up.answer, follow_up.fiche, letter), "replies": replies})


def render_reopened(letter: Letter) -> Message:
    """To those who answer for the service: somebody says that it is not settled."""
    follow_up = FollowUp.objects.select_related("answer__pain_point").get(pk=letter.key)
    pain_point = follow_up.answer.pain_point
    context = {
        "pain_point": pain_point,
        "text": follow_up.text,
        "answered_on": follow_up.answer.created_at,
        "is_open": pain_point.state != follow_up.answer.outcome,
        "link": absolute(pain_point.get_absolute_url()),
    }
    subject = _("Not settled: no. %(number)d, %(title)s") % {"number": pain_point.pk, "title": pain_point.title}
    return from_templates("reopened", subject=subject, context=context)


def render_transferred(letter: Letter) -> Message:
    """To those who answer for the service that takes charge: what, from whom, why, and by when."""
    transfer = Transfer.objects.select_related("pain_point", "from_service", "to_service").get(pk=letter.key)
    pain_point = transfer.pain_point
    context = {
        "pain_point": pain_point,
        "transfer": transfer,
        "link": absolute(pain_point.get_absolute_url()),
    }
    subject = _("For you: no. %(number)d, %(title)s") % {"number": pain_point.pk, "title": pain_point.title}
    return from_templates("transferred", subject=subject, context=context)


def render_surge(letter: Letter) -> Message:
    """To those who answer for the service: a pain point rises. Figures only: no words of anybody."""
    alert = SurgeAlert.objects.select_related("pain_point").get(pk=letter.key)
    pain_point = alert.pain_point
    context = {
        "pain_point": pain_point,
        "sentence": surges.sentence_of(alert),
        "day": alert.day,
        "link": absolute(pain_point.get_absolute_url()),
    }
    subject = _("Rising fast: no. %(number)d, %(title)s") % {"number": pain_point.pk, "title": pain_point.title}
    return from_templates("surge", subject=subject, context=context)


def render_raised(letter: Letter) -> Message:
    """To the owners of the services that ask for a document and of the one that issues it."""
    case = DocumentCase.objects.select_related("document__issuer", "pain_point__service").get(pk=letter.key)
    pain_point, document = case.pain_point, case.document
    asking = DocumentCase.objects.filter(pain_point=pain_point, document=document).select_related("service")
    context = {
        "pain_point": pain_point,
        "document": document,
        "asking": [one.service for one in asking],
        "issuing": case.issuing_service,
        "link": absolute(pain_point.get_absolute_url()),
    }
    subject = _("Asked again: %(document)s (no. %(number)d)") % {"document": document.name, "number": pain_point.pk}
    return from_templates("raised", subject=subject, context=context)


def excerpt_of(fiche: Fiche, answer: Answer) -> str:
    """What they wrote about it, masked: the passages of this pain point, or the whole fiche when they have moved."""
    passages = Segment.objects.filter(fiche=fiche, membership__pain_point=answer.pain_point_id).order_by("position")
    words = " […] ".join(passages.values_list("text", flat=True)) or fiche.masked_text or ""
    return Truncator(" ".join(words.split())).chars(EXCERPT)


def _said_elsewhere(recipient: Recipient) -> list[dict[str, str]]:
    """What else this person said that the same letter answers, in their words: fiche and excerpt."""
    told = recipient.also_told.select_related("answer", "fiche").order_by("pk")[:OTHERS]
    return [
        {"reference": one.fiche.reference, "excerpt": excerpt_of(one.fiche, one.answer), "language": one.fiche.language}
        for one in told
    ]


def _about(answer: Answer, fiche: Fiche, letter: Letter) -> dict[str, Any]:
    return {
        "answer": answer,
        "fiche": fiche,
        "service": answer.pain_point.service,
        "excerpt": excerpt_of(fiche, answer),
        "link": tracking_url(fiche),
        "key": references.tracking_key(fiche),
        "tracking_home": absolute(reverse("feedback:tracking_home")),
        "is_on_paper": letter.channel == Channel.PRINT,
    }


def _message(name: str, subject: str, context: dict[str, Any]) -> Message:
    """Both parts, of the same words: the text is complete, the other one has links to press."""
    return from_templates(name, subject=subject, context=context, has_html=True)


def _text_message(words: str, link: str) -> Message:
    """A text message of 160 characters at most: what cannot be cut is the link."""
    said = _("%(site)s: %(words)s") % {"site": settings.WAGTAIL_SITE_NAME, "words": words}
    room = SMS_LIMIT - len(link) - 1
    text = f"{said[:room].strip()} {link}" if room > 0 else link
    return Message(subject=words, text=text.strip())


RENDERERS = {
    ANSWER: render_answer,
    FOLLOW_UP: render_follow_up,
    REOPENED: render_reopened,
    SURGE: render_surge,
    RAISED: render_raised,
    "feedback.transferred": render_transferred,
}
