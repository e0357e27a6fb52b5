"""What each person chose to receive, known by the keyed hash of their address: with or without an account.

``actions.promise`` asks ``wants`` for every letter, so that no room can forget a choice.
"""

from collections.abc import Iterable

from django.core import signing
from django.db import transaction
from django.db.models.functions import Now
from django.utils.crypto import salted_hmac

from letters import topics
from letters.choices import Frequency
from letters.models import Preference

_SALT = "letters.preferences"


class NoSuchChoice(Exception):
    """The topic is not one that people choose about, or does not offer this."""


def recipient_key(recipient: str) -> str:
    """A keyed hash: the outbox can tell the same person without knowing them."""
    return salted_hmac("letters.recipient", recipient.strip().lower(), algorithm="sha256").hexdigest()


def wants(kind: str, key: str) -> bool:
    """Whether letters of this kind go to this person (``recipient_key``)."""
    topic = topics.of_kind(kind)
    if topic is None or not topic.is_optional:
        return True
    return chosen_by_many(topic.name, [key])[key] != Frequency.NEVER


def chosen_by_many(topic: str, keys: Iterable[str]) -> dict[str, Frequency]:
    """How often each of these people wants to hear of a topic; one question."""
    default, keys = topics.named(topic).default, list(keys)
    said = dict(Preference.objects.filter(topic=topic, recipient_key__in=keys).values_list("recipient_key", "choice"))
    return {key: Frequency(said.get(key, default)) for key in keys}


def chosen_by(key: str) -> dict[str, Frequency]:
    """What one person receives, by topic: their choices, and the usual for the others."""
    said = dict(Preference.objects.filter(recipient_key=key).values_list("topic", "choice"))
    return {one.name: Frequency(said.get(one.name, one.default)) for one in topics.every() if one.is_optional}


def choose(key: str, topic: str, choice: Frequency) -> None:
    """The last word counts, in whatever order two requests come. Raises ``NoSuchChoice``."""
    if topic not in {one.name for one in topics.every()} or choice not in topics.named(topic).choices:
        raise NoSuchChoice(topic, choice)
    Preference.objects.update_or_create(recipient_key=key, topic=topic, defaults={"choice": choice, "chosen_at": Now()})


@transaction.atomic
def move(old: str, new: str) -> None:
    """Somebody changes address: their choices follow, and win over what the new address had chosen."""
    theirs = Preference.objects.filter(recipient_key=recipient_key(old))
    again = theirs.values("topic")
    Preference.objects.filter(recipient_key=recipient_key(new), topic__in=again).delete()
    theirs.update(recipient_key=recipient_key(new))


def forget(recipient: str) -> None:
    """Erase what this person chose."""
    Preference.objects.filter(recipient_key=recipient_key(recipient)).delete()


def token_of(key: str, topic: str) -> str:
    """What a letter carries so that its reader may stop it without signing in: it opens nothing else."""
    return signing.dumps([key, topic], salt=_SALT, compress=True)


def read_token(token: str) -> tuple[str, topics.Topic] | None:
    """The person and the topic of a link; None when it was altered, or its topic is gone. It does not expire."""
    try:
        key, topic = signing.loads(token, salt=_SALT)
        return key, topics.named(topic)
    except (signing.BadSignature, KeyError, ValueError):
        return None
