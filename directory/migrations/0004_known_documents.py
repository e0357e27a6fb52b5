"""The supporting documents that every French public service knows. A site renames them and adds its own."""

from django.db import migrations

# key, name, issued by, already held by an administration, how to have it without asking people
KNOWN = [
    ("rib", "Relevé d’identité bancaire (RIB)", "Banque", False, ""),
    ("releve_bancaire", "Relevé de compte bancaire", "Banque", False, ""),
    ("attestation_caf", "Attestation de la Caf", "Caf", True, "API Particulier : quotient familial, Caf et MSA"),
    ("avis_imposition", "Avis d’imposition", "Impôts (DGFiP)", True, "API Impôt particulier (DGFiP)"),
    (
        "justificatif_domicile",
        "Justificatif de domicile",
        "Fournisseur d’énergie, d’eau ou de téléphone",
        False,
        "Justif’Adresse, pour les titres d’identité",
    ),
    ("quittance_loyer", "Quittance de loyer", "Bailleur", False, ""),
    ("attestation_hebergement", "Attestation d’hébergement", "Personne qui héberge", False, ""),
    (
        "acte_naissance",
        "Acte de naissance",
        "Mairie du lieu de naissance",
        True,
        "Comedec, entre mairies et administrations",
    ),
    ("livret_famille", "Livret de famille", "Mairie (état civil)", True, ""),
    ("piece_identite", "Pièce d’identité", "Préfecture", True, "FranceConnect : identité vérifiée"),
    ("titre_sejour", "Titre de séjour", "Préfecture", True, ""),
    ("photo_identite", "Photo d’identité", "Photographe ou cabine agréée", False, ""),
    ("permis_conduire", "Permis de conduire", "Préfecture (ANTS)", True, ""),
    ("carte_grise", "Carte grise", "Préfecture (ANTS)", True, "Système d’immatriculation des véhicules (SIV)"),
    ("attestation_secu", "Attestation de droits de la Sécurité sociale", "Assurance maladie (CPAM)", True, ""),
    ("carte_vitale", "Carte Vitale", "Assurance maladie (CPAM)", True, ""),
    ("attestation_mutuelle", "Attestation de mutuelle", "Mutuelle", False, ""),
    ("carnet_sante", "Carnet de santé", "Médecin ou PMI", False, ""),
    ("certificat_medical", "Certificat médical", "Médecin", False, ""),
    ("arret_travail", "Arrêt de travail", "Médecin", True, ""),
    ("bulletin_salaire", "Bulletin de salaire", "Employeur", True, "Dispositif de ressources mutualisé (DSN)"),
    ("contrat_travail", "Contrat de travail", "Employeur", False, ""),
    ("attestation_employeur", "Attestation de l’employeur", "Employeur", False, ""),
    (
        "attestation_pole_emploi",
        "Attestation France Travail",
        "France Travail",
        True,
        "API Particulier : statut de demandeur d’emploi",
    ),
    (
        "certificat_scolarite",
        "Certificat de scolarité",
        "Établissement scolaire",
        True,
        "API Particulier : statut d’élève ou d’étudiant",
    ),
    ("jugement_divorce", "Jugement de divorce", "Tribunal", True, ""),
    ("notification_mdph", "Notification de la MDPH", "MDPH", True, ""),
    ("extrait_kbis", "Extrait Kbis", "Greffe du tribunal de commerce", True, "API Entreprise : registre du commerce"),
    ("casier_judiciaire", "Extrait de casier judiciaire", "Ministère de la Justice", True, ""),
]


def add(apps, schema_editor):
    """Those that the site has already are left as they are."""
    document = apps.get_model("directory", "SupportingDocument")
    document.objects.bulk_create(
        [
            document(key=key, name=name, issued_by=issuer, is_held_by_state=held, api_note=note)
            for key, name, issuer, held, note in KNOWN
        ],
        ignore_conflicts=True,
    )


class Migration(migrations.Migration):
    dependencies = [("directory", "0003_documents_say_more")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
