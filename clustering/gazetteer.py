"""The supporting documents that French public services ask for, and who issues each: plain data.

`synonyms` are sure: the words themselves are the document. `asked` are words that mean it only where the
sentence asks for papers (« une facture » may be the grievance itself). Little words (de, la, mon…),
accents, capitals and plural endings do not matter. A site may add its own.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Document:
    """A supporting document: its identifier, French name, issuer, and the ways people name it."""

    id: str
    name: str
    issuer: str
    synonyms: tuple[str, ...]
    asked: tuple[str, ...] = ()


def _d(identifier: str, name: str, issuer: str, synonyms: str, asked: str = "") -> Document:
    def forms(listed: str) -> tuple[str, ...]:
        return tuple(form.strip() for form in listed.split("|") if form.strip())

    return Document(identifier, name, issuer, (name, *forms(synonyms)), forms(asked))


DEFAULT: tuple[Document, ...] = (
    _d("rib", "Relevé d'identité bancaire", "Banque", "rib | iban papier | relevé d'identité postal | rip bancaire"),
    _d(
        "releve_bancaire",
        "Relevé bancaire",
        "Banque",
        "relevé de compte | relevé de banque | relevé de compte bancaire | relevé bancaire | extrait de compte | "
        "relevés de comptes | bank statement | extracto bancario",
        "relevés du compte | mes comptes en banque",
    ),
    _d(
        "attestation_caf",
        "Attestation CAF",
        "CAF",
        "attestation de la caf | relevé caf | papier caf | papier de la caf | attestation de paiement caf | "
        "attestation de paiement | attestation de non paiement | attestation de droits caf | notification caf | "
        "attestation rsa | attestation de rsa | attestation apl | attestation d'allocations familiales | "
        "quotient familial caf | attestation de quotient familial | justificatif caf | document caf | "
        "relevé de la caf | feuille de la caf | papiers de la caf",
        "quotient familial",
    ),
    _d(
        "avis_imposition",
        "Avis d'imposition",
        "Impôts (DGFiP)",
        "avis d'impôt | avis d'impôts | avis fiscal | avis de non imposition | avis d'impot sur le revenu | "
        "feuille d'impôts | feuille d'impôt | feuille des impôts | avis des impôts | papier des impôts | "
        "papiers des impôts | déclaration de revenus | déclaration d'impôts | avis de situation déclarative | "
        "avis de taxe d'habitation | avis d'imposition n-1 | justificatif d'imposition | papiers d'impôts | "
        "situation déclarative | certificat de non imposition | tax notice | tax return | tax assessment | "
        "declaración de la renta",
        "imposition | impôt | impôts | mon avis | l'avis | lavis | son avis",
    ),
    _d(
        "justificatif_domicile",
        "Justificatif de domicile",
        "Fournisseur (énergie, eau, téléphone)",
        "justificatif domicile | preuve de résidence | preuve de domicile | justif de domicile | facture edf | "
        "facture d'edf | facture d'électricité de moins de trois mois | facture de moins de trois mois | "
        "justificatif d'adresse | preuve d'adresse | attestation de domicile | certificat de résidence | "
        "facture engie | quittance edf | justificatif de résidence | justificatif de logement | proof of address | "
        "facture gdf | justificatif de moins de trois mois | facture de moins de 3 mois | attestation edf | "
        "three-month-old bill | utility bill | recibo de luz | recibo de la luz | justif domicile | "
        "domicile justificatif",
        "facture | facture d'eau | facture d'électricité | facture de téléphone | facture de gaz | "
        "facture internet | quittance | electricity bill | water bill | mon justificatif | un justificatif | "
        "edf la facture",
    ),
    _d(
        "quittance_loyer",
        "Quittance de loyer",
        "Bailleur",
        "quittances de loyer | quittance du loyer | quittance loyer | dernière quittance de loyer | rent receipt | "
        "reçu de loyer",
    ),
    _d(
        "attestation_hebergement",
        "Attestation d'hébergement",
        "Hébergeant",
        "certificat d'hébergement | attestation sur l'honneur d'hébergement | lettre d'hébergement | "
        "attestation de l'hébergeur | attestation hebergeant | papier d'hébergement | justificatif d'hébergement",
    ),
    _d(
        "acte_naissance",
        "Acte de naissance",
        "Mairie (état civil)",
        "extrait de naissance | extrait d'acte de naissance | copie intégrale d'acte de naissance | "
        "acte de naissance intégral | certificat de naissance | birth certificate | partida de nacimiento | "
        "extrait d'acte | acte d'état civil",
        "copie intégrale",
    ),
    _d("livret_famille", "Livret de famille", "Mairie (état civil)", "livret de la famille | livret famille"),
    _d(
        "piece_identite",
        "Pièce d'identité",
        "Préfecture",
        "carte d'identité | carte nationale d'identité | cni | papiers d'identité | pièce identité | passeport | "
        "titre d'identité | justificatif d'identité | carte identité | identity card | passport | id card | "
        "document d'identité | photocopie d'identité",
    ),
    _d(
        "titre_sejour",
        "Titre de séjour",
        "Préfecture",
        "carte de séjour | carte de résident | récépissé de séjour | récépissé de titre de séjour | "
        "permis de séjour | residence permit | carte de sejour",
    ),
    _d(
        "photo_identite",
        "Photo d'identité",
        "Photographe agréé",
        "photos d'identité | photo identité | photo aux normes | photographie d'identité | photomaton | "
        "e-photo | passport photo",
    ),
    _d(
        "permis_conduire",
        "Permis de conduire",
        "Préfecture (ANTS)",
        "permis conduire | driving licence | driver's license | permis rose | permis b | copie du permis",
        "mon permis",
    ),
    _d(
        "carte_grise",
        "Carte grise",
        "Préfecture (ANTS)",
        "certificat d'immatriculation | cartes grises | vehicle registration | "
        "registration certificate | certificat immatriculation | papiers du véhicule | papiers de la voiture",
    ),
    _d(
        "attestation_secu",
        "Attestation de droits de la sécurité sociale",
        "Assurance maladie (CPAM)",
        "attestation sécu | attestation de sécurité sociale | attestation de la sécu | attestation cpam | "
        "attestation ameli | attestation d'assurance maladie | attestation de droits | attestation vitale | "
        "attestation de carte vitale | papier de la sécu | papiers de la sécu | attestation de droits maladie | "
        "relevé de la sécu | attestation de la cpam | attestation d'affiliation",
    ),
    _d("carte_vitale", "Carte vitale", "Assurance maladie (CPAM)", "carte de sécu | carte de sécurité sociale"),
    _d(
        "attestation_mutuelle",
        "Attestation de mutuelle",
        "Mutuelle",
        "carte de mutuelle | attestation mutuelle | carte mutuelle | attestation de complémentaire santé | "
        "papier de la mutuelle | attestation de la mutuelle | carte de tiers payant",
    ),
    _d(
        "carnet_sante",
        "Carnet de santé",
        "Médecin ou PMI",
        "carnet de vaccination | carnet santé | carnet de vaccinations | certificat de vaccination",
    ),
    _d(
        "certificat_medical",
        "Certificat médical",
        "Médecin",
        "certificat du médecin | certificat du docteur | certif du docteur | certif médical | certif du médecin | "
        "certificat de santé | medical certificate | mot du médecin | attestation du médecin | certificat docteur",
    ),
    _d(
        "arret_travail",
        "Arrêt de travail",
        "Médecin",
        "arrêts de travail | arrêt maladie | arrêts maladie | avis d'arrêt de travail | feuille d'arrêt | sick note",
    ),
    _d(
        "bulletin_salaire",
        "Bulletin de salaire",
        "Employeur",
        "bulletin de paie | bulletin de paye | fiche de paie | fiche de paye | fiche de salaire | feuille de paie | "
        "feuille de paye | bulletins de salaires | payslip | pay slip | pay slips | bulletin salaire | "
        "fiches de paies | nómina | fiche paie | fiche paye",
        "bulletins",
    ),
    _d(
        "contrat_travail",
        "Contrat de travail",
        "Employeur",
        "contrat d'embauche | promesse d'embauche | contrat travail | employment contract",
    ),
    _d(
        "attestation_employeur",
        "Attestation de l'employeur",
        "Employeur",
        "attestation employeur | attestation d'employeur | attestation du patron | attestation de mon patron | "
        "certificat de travail | attestation de travail | certificat employeur | certificat de l'employeur | "
        "attestation de mes employeurs | lettre de l'employeur | "
        "papier de mon patron | attestation de salaire | attestations d'employeurs",
    ),
    _d(
        "attestation_pole_emploi",
        "Attestation France Travail",
        "France Travail",
        "attestation pôle emploi | attestation de pôle emploi | attestation chômage | attestation de chômage | "
        "attestation assedic | relevé france travail | relevé pôle emploi | avis de situation france travail | "
        "avis de situation pôle emploi | attestation de france travail | papier france travail | "
        "preuve que france travail | papier pôle emploi | attestation d'inscription france travail | "
        "relevé de situation france travail | justificatif france travail | justificatif de pôle emploi | "
        "papier de france travail | attestation assedics",
    ),
    _d(
        "certificat_scolarite",
        "Certificat de scolarité",
        "Établissement scolaire",
        "certificat scolaire | attestation de scolarité | certif de scolarité | certificat d'inscription scolaire | "
        "certificats scolaires | certificat du lycée | certificat de l'école | school certificate | "
        "attestation d'inscription à l'université | certificat d'école | certif scolaire | "
        "attestations émises par l'éducation nationale | enrolment certificate",
        "certificat du petit frère | certif de ma soeur | certif de mon frère | certificat de ma soeur | "
        "certificat de mon frère | certif du petit | certificat de la soeur | certificat du frère",
    ),
    _d(
        "jugement_divorce",
        "Jugement de divorce",
        "Tribunal",
        "jugement du divorce | copie du jugement | ordonnance de divorce | jugement de séparation | "
        "papiers du divorce | papier du divorce | divorce decree | convention de divorce",
    ),
    _d(
        "notification_mdph",
        "Notification MDPH",
        "MDPH",
        "notification de la mdph | décision mdph | décision de la mdph | attestation mdph | papier mdph | "
        "papier de la mdph | notification cdaph | attestation aah | courrier de la mdph | notification aah",
    ),
    _d("extrait_kbis", "Extrait Kbis", "Greffe du tribunal de commerce", "kbis | k-bis | k bis | extrait de kbis"),
    _d(
        "casier_judiciaire",
        "Extrait de casier judiciaire",
        "Ministère de la Justice",
        "casier judiciaire | extrait de casier | bulletin numéro 3 | bulletin n°3 | bulletin n3 | casier vierge | "
        "extrait du casier | criminal record",
    ),
)
