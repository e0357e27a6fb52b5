"""Whether a text may still be corrected in silence, or only amended in front of everybody."""

from consult.models import Proposition


def is_talked_about(proposition: Proposition) -> bool:
    """Somebody argued or voted on it, ever: what they answered to must stay readable.

    ``last_argument`` counts removed and withdrawn arguments too; votes that were withdrawn left no trace, and no claim.
    """
    votes = proposition.agree_count + proposition.mixed_count + proposition.disagree_count
    return proposition.last_argument > 0 or votes > 0
