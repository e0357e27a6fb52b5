"""Following a consultation or a proposition, and stopping. Nobody else ever learns who follows what."""

from django.db.models import Q
from django.db.models.functions import Now

from consult.models import Consultation, Follow, Participant, Proposition

Subject = Consultation | Proposition


def follow(subject: Subject, *, by: Participant) -> None:
    """Hear about it from now on. Twice changes nothing; whoever had stopped begins again now."""
    follow_by_default(subject, by=by)
    Follow.objects.filter(_of(subject), participant=by, stopped_at__isnull=False).update(stopped_at=None, since=Now())


def follow_by_default(subject: Subject, *, by: Participant) -> None:
    """Somebody wrote there: they follow, unless they had stopped. One statement, safe at the same moment."""
    about = {"consultation": subject} if isinstance(subject, Consultation) else {"proposition": subject}
    Follow.objects.bulk_create([Follow(participant=by, **about)], ignore_conflicts=True)


def stop(subject: Subject, *, by: Participant) -> None:
    """Hear no more of it. Kept, so that writing there again does not make one follow again."""
    Follow.objects.filter(_of(subject), participant=by, stopped_at=None).update(stopped_at=Now())


def _of(subject: Subject) -> Q:
    return Q(consultation=subject) if isinstance(subject, Consultation) else Q(proposition=subject)
