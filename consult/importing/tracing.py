"""Files brought to a consultation, and where what they brought came from: the caller checked who may read."""

from django.db.models import QuerySet

from consult.models import Argument, Consultation, ContributionImport, Proposition, Provenance


def imports_of(consultation: Consultation) -> QuerySet[ContributionImport]:
    """The files brought, for those who may import."""
    return ContributionImport.objects.filter(consultation=consultation)


def provenance_of(contribution: Proposition | Argument) -> Provenance | None:
    """Where a contribution that everybody may read came from; asked only about those that were imported."""
    about = {"argument": contribution} if isinstance(contribution, Argument) else {"proposition": contribution}
    return Provenance.objects.filter(**about).select_related("brought_by").first()
