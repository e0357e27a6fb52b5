"""The supporting documents that French public services ask for, and who issues each: plain data.

`synonyms` are sure: the words themselves are the document. `asked` are words that mean it only where the sentence
asks for papers (« une facture » may be the grievance itself), unless a word that begins like one of `unless` stands
in it, and only if one of `needs` does (any sentence when empty).

Little words (de, la, mon…), accents, capitals and plural endings do not matter; « (papier|attestation) caf » is two
names; « … » stands for up to four words; a name that begins with « = » keeps its little words; « @paper » is what a
paper is called before one says whose it is. A site may add its own documents and names.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Document:
    """A supporting document: its identifier, French name, issuer, and the ways people name it."""

    id: str
    name: str
    issuer: str
    synonyms: tuple[str, ...]
    asked: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()


_SHORT = {
    "@paper": "attestation|attest|attesta|attest°|attes|justificatif|justif|"
    "papier|document|preuve|copie|photocopie|lettre|courrier",
    "@certificate": "attestation|attest|certificat|certif|justificatif|justif|papier|document|preuve",
    "@give": "amener|ramener|apporter|rapporter|fournir|joindre|donner|"
    "redonner|envoyer|renvoyer|photocopier|scanner|montrer|demander|redemander",
}


def forms(listed: str) -> tuple[str, ...]:
    """Names separated by semicolons, over as many lines as it takes."""
    listed = re.sub(r"\|\s*\n\s*", "|", listed)
    for short, names in _SHORT.items():
        listed = listed.replace(short, names)
    return tuple(" ".join(form.split()) for form in listed.split(";") if form.strip())


def _d(
    identifier: str, name: str, issuer: str, synonyms: str, *, asked: str = "", unless: str = "", needs: str = ""
) -> Document:
    return Document(
        identifier, name, issuer, (name, *forms(synonyms)), forms(asked), tuple(unless.split()), tuple(needs.split())
    )


# fmt: off
DEFAULT: tuple[Document, ...] = (
    _d(
        "rib", "Relevé d'identité bancaire", "Banque",
        """
        rib; releve identite (bancaire|postal|caisse epargne); iban (papier|imprime); rip bancaire; bank
        details; bic iban; (@paper) iban; coordonnees bancaires; datos bancarios
        """,
        asked="iban; numero de compte bancaire",
        unless="vol pirat fraud prelev",
    ),
    _d(
        "releve_bancaire", "Relevé bancaire", "Banque",
        """
        releve (compte|banque|bancaire); releve (compte|mensuel) (bancaire|courant|joint|epargne); extrait
        (compte|bancaire); bank statement; account statement; extracto bancario; kontoauszug; estratto conto
        """,
        asked="""
        (voir|montrer|fournir|eplucher) comptes (banque|bancaire); =mes releves; =nos releves; =ses releves;
        =leurs releves; (3|6|12) mois comptes; (@give) comptes bancaires
        """,
        unless="index compteur carriere note eau gaz electri trimestre point infraction information situation",
    ),
    _d(
        "attestation_caf", "Attestation CAF", "CAF",
        """
        (@paper|releve|feuille|notification|notif|decompte|recapitulatif) (caf|caisse allocations familiales|
        caisse allocation familiale); (@paper|releve|notification|notif) (rsa|apl|al|als|alf|paje|prime
        activite|allocations familiales|prestations familiales|allocations logement|aide au logement);
        (attestation|attest|justificatif|releve) (paiement|non paiement|versement|prestations) (caf|rsa|apl);
        attestation (paiement|non paiement|prestations); (@paper) (droits|situation) caf; numero allocataire caf
        justificatif; (@paper) (quotient|qf|quotient familial); quotient familial caf; qf caf; carte
        allocataire; family benefit (statement|certificate); (caf|cafpro) (statement|certificate|letter|
        document); attestation … caf
        """,
        asked="quotient familial; notre qf; mon qf",
        unless="calcul trop augment doubl baiss change erreur faux tarif",
    ),
    _d(
        "avis_imposition", "Avis d'imposition", "Impôts (DGFiP)",
        """
        avis (imposition|impot|fiscal|non imposition|non imposable|situation declarative|taxe habitation|impot
        revenu); (feuille|papier|declaration|justificatif|attestation|certificat|releve|bordereau|preuve|copie|
        photocopie) (impot|imposition|fiscal|non imposition|revenu fiscal); (feuille|papier|declaration|
        justificatif|attestation) impot revenu; (justificatif|preuve) (revenu fiscal|fiscal); feuille
        imposition; declaration (revenu|ressource) (annuelle|fiscale|impot); declaration revenu; situation
        declarative; asdir; justificatif (non imposable|non imposition); certificat (non imposition|imposition);
        avis n 1; avis n 2; avis degrevement; revenu fiscal reference; tax (notice|return|assessment|statement|
        bill|declaration|certificate|form|document|papers); income tax (notice|statement|assessment);
        declaracion renta; declaracion impuestos; steuerbescheid; avviso fiscale
        """,
        asked="""
        imposition; (@give) impot; =mon avis; =lavis; =l avis; =leur avis; =son avis; =ses avis; =mes avis; =nos
        avis; =notre avis; =cet avis; verso avis; recto avis; avis annee derniere; impots n 1; impots n 2; =avec
        les impots de
        """,
        unless="""
        municipal augment trop erreur prelevement compta compte ecout usager habitant riverain construi
        travaux
        """,
        needs="""
        redemand reclam fourni envoy join amen ramen apport photocop recto verso page scan televers
        illisible perime exig veut veux veul veulent impot impos fisc revenu want n1 n2 n3
        """,
    ),
    _d(
        "justificatif_domicile", "Justificatif de domicile", "Fournisseur (énergie, eau, téléphone)",
        """
        (@certificate) (domicile|residence|adresse|domiciliation|habitation|logement|lieu residence|dom|lieu
        habitation); domicile justificatif; justificatif moins (trois|3|six|6) mois; facture moins (trois|3|six|
        6) mois; (facture|quittance|attestation|echeancier|contrat) (edf|gdf|engie|total energies|ekwateur);
        (@paper) (titulaire contrat|fournisseur energie|fournisseur electricite); (facture|justificatif)
        (recent|recente|date) moins; quittance (edf|eau|gaz|electricite); proof (address|residence|domicile|
        where live); utility bill; utility (bills|statement); (three|3) month old bill; council tax bill; recibo
        (luz|agua|gas); certificado empadronamiento; meldebescheinigung; bolletta luce; fatura luz
        """,
        asked="""
        facture; facture (eau|electricite|telephone|gaz|internet|free|orange|sfr|box|portable|mobile|courant);
        edf facture; quittance; electricity bill; water bill; phone bill; gas bill; =mon justificatif; =un
        justificatif; =le justificatif; =son justificatif; =leur justificatif; =ce justificatif; =nos
        justificatifs; =mes justificatifs; bill less than (three|3) months
        """,
        unless="""
        compteur index rembours estim prelev fuite surfactur paye paya payo payr paier paiement regl doubl
        tripl augment montant cher litige impay echeanc consomm eleve erreur absence transport deplacement
        garag restaurant
        """,
    ),
    _d(
        "quittance_loyer", "Quittance de loyer", "Bailleur",
        """
        quittance (loyer|logement|bailleur|proprietaire); (recu|attestation|justificatif|preuve|avis echeance)
        loyer; avis echeance loyer; quittancement; rent (receipt|statement); (bail|contrat) quittance; recibo
        (alquiler|renta); quietanza affitto; mietquittung
        """,
        asked="quittances bail; loyers quittances; receipts from landlord",
        unless="augment impay",
    ),
    _d(
        "attestation_hebergement", "Attestation d'hébergement", "Hébergeant",
        """
        (@certificate|lettre|courrier) (hebergement|hebergeant|hebergeur|hebergee|heberge|accueil hebergement|
        foyer hebergement); (@certificate|lettre) (honneur|sur honneur) hebergement; (attestation|lettre|papier|
        certificat) … (heberge|hebergent|hebergeait|logent); attestation logement gratuit; (accommodation|
        hosting|lodging) (certificate|letter|statement); proof accommodation
        """,
        asked="(heberge|hebergee|heberges) … (attestation|certificat|papier)",
    ),
    _d(
        "acte_naissance", "Acte de naissance", "Mairie (état civil)",
        """
        (acte|extrait|certificat|certif|bulletin|copie|fiche|jugement suppletif) naissance; extrait acte
        naissance; copie integrale acte naissance; acte naissance integral; copie integrale (naissance|acte);
        acte 2 naissance; extrait (acte|etat civil); acte etat civil; fiche etat civil; acte filiation; acte
        avec filiation; extrait filiation; birth (certificate|record|act); partida nacimiento; acta nacimiento;
        geburtsurkunde; certidao nascimento; atto nascita
        """,
        asked="copie integrale; =mon acte; =son acte; naissance integral; =l acte avec filiation",
        unless="mariage deces notari vente propriete citoyen",
    ),
    _d(
        "livret_famille", "Livret de famille", "Mairie (état civil)",
        """
        livret famille; livret familial; family (book|record book|booklet|register); libro familia; =le livret
        de famille; livret fam
        """,
        asked="=mon livret; =le livret; =notre livret; =leur livret; pages livret",
        unless="scolaire accueil epargne pedagog apprentissage banque bancaire programme bloque",
    ),
    _d(
        "piece_identite", "Pièce d'identité", "Préfecture",
        """
        (carte|piece|papier|document|titre|justificatif|photocopie|copie|preuve|scan|piece) identite; carte
        nationale identite; carte national identite; cni; cnie; (carte|piece) nationale; (carte|piece) (id|
        ident|didentite); cin; passeport; passeport biometrique; passport; (identity|id) (card|document|paper|
        proof); proof of identity; national id; another id; identification (card|document); documento identidad;
        pasaporte; dni; personalausweis; reisepass; carta identita
        """,
        asked="""
        =mes papiers; =ses papiers; =ma piece; =nos papiers; =pas de papiers; =sans papiers d; valid id; =some
        id; =an id; =my id; recto verso carte
        """,
        unless="impot caf secu voiture vehicul recycl poubelle administrati",
    ),
    _d(
        "titre_sejour", "Titre de séjour", "Préfecture",
        """
        (titre|carte|recepisse|permis|document|visa|autorisation|attestation prolongation|papier) sejour; carte
        (resident|de 10 ans|dix ans|longue duree ue); titre (sej|de sejours); recepisse (demande|renouvellement|
        titre|carte|prefecture|sejour); recepisse demande (titre|carte|sejour|asile); recepisse renouvellement
        (titre|carte); visa long sejour; vls ts; autorisation provisoire sejour; attestation (prolongation|
        prolongation instruction|demande asile); residence (permit|card|document); residency (permit|card);
        permiso residencia; tarjeta residencia; aufenthaltstitel; permesso soggiorno; carte bleue europeenne;
        immigration papers
        """,
        asked="recepisse; =mon titre; =son titre; =mes papiers francais",
        unless="transport mensuel bus metro tram propriete recommande depot plainte ticket",
    ),
    _d(
        "photo_identite", "Photo d'identité", "Photographe agréé",
        """
        (photo|photographie|portrait) (identite|ident|didentite|id|aux normes|conforme|agreee|officielle|
        passeport); e photo; ephoto; photomaton; photo maton; code photo; (passport|id|identity) (photo|picture|
        photograph); foto carnet; fotos carnet; passbild; photo … (norme|normes)
        """,
        asked="=ma photo; =mes photos; =ses photos; (cabine|photographe) photo; photos … conformes; planche photos",
        unless="trottoir trou degat profil sinistre depot poubelle preuve",
    ),
    _d(
        "permis_conduire", "Permis de conduire", "Préfecture (ANTS)",
        """
        permis (conduire|conduite|b|auto|moto|bateau|probatoire|voiture|poids lourd|pl|etranger|international|
        rose|francais|europeen); (copie|photocopie|duplicata|renouvellement|echange|perte|vol|numero) permis;
        permis … (conduire|ants|points); (driving|driver|drivers) (licence|license|permit); carne conducir;
        permiso conducir; fuhrerschein; patente guida
        """,
        asked="""
        =mon permis; =son permis; =le permis; =leur permis; =ton permis; =permis perdu; =permis vole; =permis
        refuse; =permis expire; =permis perime; =permis bloque; =permis pas arrive; =du permis; =un permis
        """,
        unless="construi demol louer urbanis peche chasse amenag vegetalis",
    ),
    _d(
        "carte_grise", "Carte grise", "Préfecture (ANTS)",
        """
        carte grise; carte … grise; c grise; cg (voiture|vehicule|camion|auto|moto|scooter|fourgon|camionnette);
        certificat immatriculation; certif immatriculation; certificat immat; carte immatriculation; (papier|
        document|titre) (vehicule|voiture|camion|auto|scooter|moto|immatriculation|fourgon); certificat
        provisoire immatriculation; (vehicle|car|motor) (registration|title|papers|documents); registration
        (certificate|document|papers|card); v5c; logbook car; permiso circulacion; ficha tecnica vehiculo;
        fahrzeugschein; carta circolazione; libretto circolazione
        """,
        asked="=la cg; =ma cg; =une cg",
        unless="facultatif",
    ),
    _d(
        "attestation_secu", "Attestation de droits de la sécurité sociale", "Assurance maladie (CPAM)",
        """
        (@certificate|releve) (secu|securite sociale|cpam|ameli|assurance maladie|vitale|carte vitale|caisse
        primaire|cmu|puma|css|c2s|ald|regime general|caisse maladie|caisse assurance maladie|affiliation);
        attestation (droit|droits) (secu|securite sociale|maladie|cpam|ameli|assurance maladie|vitale|css|cmu|
        ouverts|ouvert); attestation (droit|affiliation|couverture sociale|assure social|immatriculation secu|
        msa); attestation numero (secu|securite sociale); attestation prise charge secu; social security
        (certificate|statement|proof|attestation|letter|document); health insurance (certificate|statement|
        proof|attestation); proof (social security|health insurance|health cover|insurance cover); certificado
        seguridad social; tarjeta sanitaria certificado; krankenversicherungsnachweis
        """,
    ),
    _d(
        "carte_vitale", "Carte vitale", "Assurance maladie (CPAM)",
        """
        carte (vitale|vital|verte secu|verte securite sociale|secu|securite sociale|sociale|assure social|verte
        et jaune|assurance maladie|europeenne assurance maladie); vitale card; (health|health insurance|social
        security|vitale) card; tarjeta sanitaria; appli carte vitale; e carte vitale; krankenkarte;
        gesundheitskarte; carta sanitaria
        """,
        asked="=ma vitale; =la vitale; =ma carte verte; =la carte verte; =sa vitale",
        unless="stationn europe voiture",
    ),
    _d(
        "attestation_mutuelle", "Attestation de mutuelle", "Mutuelle",
        """
        (attestation|attest|carte|papier|justificatif|certificat|document|preuve|feuille|copie|photocopie)
        (mutuelle|mutuel|complementaire sante|complementaire|mut|assurance complementaire|tiers payant
        mutuelle); carte (tiers payant|tp|adherent mutuelle); attestation (tiers payant|droits mutuelle|
        radiation mutuelle); carte mutualiste; prise charge mutuelle; (top up|complementary|supplementary|
        mutual) (insurance|health) (card|certificate|insurance card); mutuelle (card|certificate|document)
        """,
        asked="(@give) mutuelle; =ma mutuelle et ma carte",
        unless="rembours conseil resili cotis agence",
    ),
    _d(
        "carnet_sante", "Carnet de santé", "Médecin ou PMI",
        """
        carnet (sante|vaccination|vaccin|vaccinal|international vaccination|medical|maternite|de vaccins);
        certificat (vaccination|vaccin|vaccinal|de vaccins); (photocopie|copie|attestation|preuve|justificatif|
        page|feuille|fiche) (vaccin|vaccination|vaccinale|carnet sante); pages (vaccin|carnet); vaccination
        (record|certificate|card|book|booklet); health (record|book|booklet); vaccine (record|certificate|card);
        immunisation (record|certificate); immunization (record|certificate); cartilla (vacunacion|sanitaria|
        salud); carnet vacunas; impfpass; libretto sanitario
        """,
        asked="=le carnet; =son carnet; =les vaccins; =ses vaccins; =vaccins a jour; =vaccins pas a jour",
        unless="correspond entretien note liaison adresse bal commande rendez centre campagne ticket metro bus",
    ),
    _d(
        "certificat_medical", "Certificat médical", "Médecin",
        """
        (certificat|certif|attestation|mot|lettre|papier|justificatif|compte rendu|feuille|questionnaire|
        formulaire) (medical|medicale|medecin|docteur|doc|toubib|pediatre|generaliste|specialiste|medecin
        traitant|medecin scolaire|psychiatre|neurologue|cardiologue|therapeute|sage femme|kine|medecin agree);
        (certificat|certif) (sante|aptitude|non contre indication|grossesse|bonne sante|inaptitude|contre
        indication|sportif|de sport|neurologue|ophtalmo|invalidite medecin); dossier medical mdph; (certificat|
        certif|attestation) … (medecin|docteur|toubib|pediatre|specialiste|ophtalmo); (medical|doctor|doctors|
        doctor s|gp|gp s) (certificate|note|letter|form|statement); certificado medico; justificante medico;
        arztliches attest; attest arzt; certificato medico; atestado medico
        """,
    ),
    _d(
        "arret_travail", "Arrêt de travail", "Médecin",
        """
        arret (travail|maladie|taf|boulot|maternite|de longue maladie|travaille|medical|accident travail); avis
        arret (travail|maladie); prolongation arret; (feuille|volet|papier|certificat|declaration|copie|
        formulaire|prolongation) arret; (feuille|certificat|declaration) accident travail; (sick|medical)
        (leave|leave certificate|leave form|leave note); sick (note|slip); certificate sick leave; parte baja;
        baja (medica|laboral); krankmeldung; krankschreibung; arretes maladie
        """,
        asked="=mon arret; =mes arrets; =l arret; =son arret; =ses arrets; volets arret",
        unless="bus tram metro ligne transport quai abri minist municipal prefect",
    ),
    _d(
        "bulletin_salaire", "Bulletin de salaire", "Employeur",
        """
        (bulletin|fiche|feuille|bul|bull|bultin|releve|justificatif|preuve|copie|photocopie) (salaire|paie|paye|
        paies|payes|paix|salaires|solde|remuneration|pension|retraite bulletin); pay (slip|stub|check stub|
        sheet|statement); payslip; paystub; wage (slip|statement); salary (slip|statement|certificate); nomina;
        hoja salario; gehaltsabrechnung; lohnabrechnung; lohnzettel; busta paga
        """,
        asked="bulletin; =mes salaires; =fiches de; (3|trois|12|douze) derniers salaires",
        unless="vote municipal scolaire notes inscription information meteo adhesion casier carnet",
    ),
    _d(
        "contrat_travail", "Contrat de travail", "Employeur",
        """
        contrat (travail|embauche|taf|boulot|cdi|cdd|interim|apprentissage|alternance|professionnalisation|
        mission interim|saisonnier|employeur|de travaille|vacation); promesse embauche; (@paper|contrat) (cdi|
        cdd|embauche); avenant contrat travail; (employment|work|working|labour|labor|job) contract; contract
        employment; job offer letter; contrato (trabajo|laboral); arbeitsvertrag; contratto lavoro
        """,
        asked="(@give) (cdi|cdd|contrat); cdi signe; contrat signe; =mon contrat; =mes contrats; =son contrat",
        unless="""
        eau gaz electric location assurance engagement quartier ville lecture bail obseques mariage
        abonnement responsab internet
        """,
    ),
    _d(
        "attestation_employeur", "Attestation de l'employeur", "Employeur",
        """
        (@certificate|lettre|courrier|mot|feuille) (employeur|patron|employeuse|patronne|boite|entreprise|ex
        employeur|ancien employeur|ancien patron|drh|rh|agence interim|boss|chef|direction); (certificat|certif|
        attestation) (travail|salaire|emploi|activite|presence emploi|fin contrat|activite salariee|de
        travaille); attestation … (employeur|patron|patronne|boite|boss|employeuse); (employeur|patron|patronne|
        boss|boite) … attestation; solde tout compte; (employer|employer s|employers|work|employment)
        (certificate|letter|statement|attestation|reference|proof); (letter|certificate|statement|proof|paper)
        (from|by) … (employer|employers|boss|company); proof employment; certificado (empresa|laboral|trabajo);
        arbeitsbescheinigung; certificat employeur
        """,
    ),
    _d(
        "attestation_pole_emploi", "Attestation France Travail", "France Travail",
        """
        (@certificate|releve|avis|avis situation|attestation inscription|attestation situation|notification|
        notif|releve situation|releve mensuel|attestation paiement|attestation periodes|avis paiement|courrier|
        lettre|carte|historique|attestation indemnisation|attestation fin droits) (france travail|pole emploi|
        pole emplois|assedic|assedics|anpe|unedic|chomage|chomeur|demandeur emploi|are|ass|francetravail|ft);
        (attestation|releve|justificatif|preuve|avis) (indemnisation|non indemnisation|inscription demandeur
        emploi|situation demandeur emploi|chomage|recherche emploi|fin droits|droits chomage); avis situation;
        releve situation; (prouver|preuve|justifier) … (chomage|chomeur|chomeuse|france travail indemnise|
        demandeur emploi); preuve … (france travail|pole emploi); (france travail|pole emploi|unemployment|job
        centre|job seeker|jobseeker) (certificate|statement|letter|paper|proof|document|attestation|card); proof
        unemployment; carte chomage; tarjeta (paro|desempleo); certificado (paro|desempleo);
        arbeitslosenbescheinigung; actualisation france travail papier
        """,
    ),
    _d(
        "certificat_scolarite", "Certificat de scolarité", "Établissement scolaire",
        """
        (certificat|certif|attestation|attest|justificatif|justif|papier|preuve) (scolarite|scolaire|
        scolarisation|inscription scolaire|inscription universite|inscription universitaire|inscription fac|
        inscription ecole|inscription lycee|inscription college|assiduite|ecole|lycee|college|fac|universite|
        cfa|ent|etudiant|rentree|education nationale); (certificat|certif|attestation) … (lycee|college|ecole|
        fac|universite|scolarite|education nationale); carte etudiant; (school|enrolment|enrollment|student|
        university|attendance|college) (certificate|attestation|card|proof|letter|enrolment certificate|
        enrollment certificate); proof (enrolment|enrollment|school attendance|schooling); certificat radiation;
        certificado (escolar|escolaridad|matricula|estudios); schulbescheinigung; immatrikulationsbescheinigung;
        certificato frequenza
        """,
        asked="""
        (certificat|certif|attestation) (frere|soeur|fratrie|petit frere|petite soeur|fils|fille|enfant|gosse|
        gamin|grand frere|grande soeur|petit|petite|aine|cadet|fistons)
        """,
        unless="naissance medical mariage vaccin decharge",
    ),
    _d(
        "jugement_divorce", "Jugement de divorce", "Tribunal",
        """
        (jugement|ordonnance|decision|convention|papier|acte|copie|attestation|preuve|certificat|justificatif|
        extrait) (divorce|separation|garde alternee|garde enfants|juge affaires familiales|autorite parentale|
        non conciliation); (jugement|ordonnance|decision) (garde|jaf|juge|residence alternee|residence enfants|
        pension alimentaire|tribunal|droit visite); (copie|photocopie|extrait|page|grosse) jugement;
        justificatif pension alimentaire; jugement … (divorce|garde|separation|jaf); divorce (decree|judgment|
        judgement|papers|certificate|ruling|order|agreement); (custody|court) (order|ruling|judgment|decision|
        papers); sentencia divorcio; scheidungsurteil; scheidungsbeschluss; sentenza divorzio
        """,
        asked="=le jugement; =mon jugement; =du jugement; =un jugement; =ce jugement; =son jugement",
        unless="porte porter prejug appel expuls delai audience avocat plainte",
    ),
    _d(
        "notification_mdph", "Notification MDPH", "MDPH",
        """
        (notification|notif|decision|attestation|papier|courrier|lettre|justificatif|document|copie|photocopie|
        preuve|reconnaissance|accord|dossier accepte) (mdph|mdpa|cdaph|aah|aeeh|rqth|pch|maison handicap|maison
        departementale|maison departementale personnes handicapees|commission droits autonomie|taux incapacite|
        handicap|invalidite|avs|aesh|travailleur handicape|qualite travailleur handicape); notification decision
        … (mdph|cdaph|aah); (carte|attestation) (rqth|invalidite|handicap|mobilite inclusion); (notification|
        decision) … (mdph|cdaph); (disability|mdph) (decision|notification|certificate|statement|letter|card|
        assessment); certificado discapacidad; schwerbehindertenausweis
        """,
        asked="=la notification; =ma notification; =sa notification",
        unless="telephone mail sms application appli",
    ),
    _d(
        "extrait_kbis", "Extrait Kbis", "Greffe du tribunal de commerce",
        """
        (extrait|ext) (kbis|k bis|rcs|registre commerce|d1|immatriculation registre|immatriculation rcs|rne|
        registre national entreprises); kbis; k bis; cabis; extrait immatriculation (registre|rcs|rm|commerce|
        entreprise|societe); (inscription|immatriculation) registre commerce; company registration (certificate|
        document|extract); business registration; trade register extract; handelsregisterauszug; registro
        mercantil; visura camerale
        """,
    ),
    _d(
        "casier_judiciaire", "Extrait de casier judiciaire", "Ministère de la Justice",
        """
        casier (judiciaire|vierge|judicier); (extrait|copie|bulletin|attestation|volet|demande) casier;
        (bulletin|extrait|volet) (n 3|no 3|numero 3|n3|num 3|3 casier|b3|n 2|numero 2|numero trois|numero deux|
        judiciaire|3); =b3 de moins; =le b3; =un b3; =mon b3; b3 casier; (criminal|police|judicial) (record|
        records|record check|record certificate|clearance|check|background check); antecedentes penales;
        fuhrungszeugnis; casellario giudiziale; attestation honorabilite; certificat bonne vie moeurs
        """,
    ),
)
# fmt: on
