"""What looks like a supporting document and is none: plain data, beside the gazetteer."""

from clustering.gazetteer import Document, forms

# Read whole, so that no part of them is taken for a document.
DECOYS: tuple[Document, ...] = (
    Document(
        "",
        "",
        "",
        forms(
            """
            permis (construire|demolir|louer|amenager|chasse|chasser|peche|points|vegetaliser|feu|inhumer|visite|
            exploitation|stationnement|voirie|temps|ainsi); =a permis; =ont permis; =est permis; =pas permis;
            =aurait permis; =avait permis; =ai permis; =as permis; =permis de; =permis d; =est il permis; =permis
            que; avis (passage|echeance|favorable|defavorable|commission|client|usagers|habitants|parents|riverains|
            google|recherche|deces|travaux|personne|tout monde|contravention|consultatif|depot|reception|public); =a
            mon avis; =a notre avis; =a son avis; =mon humble avis; =demander mon avis; =demande mon avis; =demande
            notre avis; =demander notre avis; =demande leur avis; =demande l avis; =demander l avis; =change d avis;
            =changer d avis; =change mon avis; =donner mon avis; =donner notre avis; =donne mon avis; =donner son
            avis; =donner leur avis; =compte de mon avis; =compte de notre avis; =compte de l avis; =compte de leur
            avis; =compte de nos avis; =sans mon avis; =partage votre avis; =votre avis; =vos avis; =mon avis est;
            =mon avis ne; =mon avis compte; =l avis des gens; =l avis du public; =l avis de la population; bulletin
            (vote|municipal|scolaire|notes|information|trimestriel|meteo|adhesion|inscription|paroissial|trimestre|
            participation); contrat (location|quartier|ville|assurance|lecture|confiance|integration|republicain|
            engagement|reciproque|obseques|mariage|bail|maintenance|abonnement|entretien|territoire); photo (profil|
            trottoir|famille|classe|vacances|satellite|degats|depot|poubelle|trou|scolaire|nid poule); certificat
            (deces|mariage|ssl|electronique|site|securite|numerique|qualite air|adresse site|cession|assurance|non
            gage|economie energie|qualite|navigateur|urbanisme|conformite|signature|nationalite|perte|ramonage|
            concubinage|vie|sejour|hospitalisation); attestation (stage|honneur|assurance|deplacement|vigilance|
            fiscale|formation|mariage|concubinage|deces|vie commune|presence|urssaf|depot|accueil|responsabilite
            civile|assurance scolaire|assurance habitation|conformite); releve (compteur|notes|carriere|index|
            points|information|identite operateur|trimestres|eau|gaz|electricite|situation carriere); identite
            numerique; facture (cantine|hopital|garage|garagiste|plombier|periscolaire|creche|restaurant|centre
            aere|reparation|garderie|regularisation|assainissement); recepisse (depot|plainte|declaration|
            recommande|envoi|consigne); titre (transport|propriete|recette|executoire|ticket|course|professionnel|
            mensuel|perception|restaurant); livret (a|epargne|scolaire|accueil|apprentissage|pedagogique|
            competences|bleu|jeune|jardinage); carnet (correspondance|bal|notes|entretien|adresse|ticket|liaison|
            route|commande); carte (bancaire|bus|cantine|metro|transport|mediatheque|bibliotheque|resident
            stationnement|piscine|fidelite|electorale|scolaire|stationnement|postale|mere|sim|visite|jeune|avantage|
            senior|famille nombreuse|dechetterie|decheterie|invitation|ville|loisirs|acces|restaurant|cadeau|achat);
            arret (bus|tram|metro|car|minibus|ligne|travaux|chantier|ascenseur|maire|municipal|prefectoral|
            chauffage|urgence); arrete (municipal|prefectoral|maire|travail|travaux); casier (vestiaire|piscine|
            consigne|gare|velo|musee|cle|ecole|vestiaires|bouteilles|linge); jugement (valeur|dernier|hatif|moral|
            tribunal administratif|expulsion); ordonnance (medecin|medicament|lunettes|medicale|docteur|pharmacie);
            declaration (travaux|plainte|presence|sinistre|perte|deces|urssaf|chiffre affaires|trimestrielle|
            prealable|mensuelle|honneur|vol|impot prealable); papier (toilette|recycle|gras|peint|cadeau|
            administratif|journal|blanc|machine|brouillon); extrait (video|proces verbal|plan|deliberation|
            cadastral|mariage|acte mariage|acte deces); acte (mariage|deces|notarie|propriete|vente|citoyen|
            incivilite|malveillance|administratif|chirurgical|medical|vandalisme|delinquance)
            """
        ),
    ),
)

# Right words of the language that are one slip away from a word of the names.
NOT_SLIPS: frozenset[str] = frozenset(
    """
    actes acteur action actions adresse adressee adresser adresses arrive arrivee arriver atteste attestent
    attester ballet ballets bancal billet billets blanc blanche cabinet carne carter cartes certain certaine
    certainement certains comptable compte compter comptes comptoir conduit conduite conduites conduits construire
    construit contra contrainte contraintes contraire contrats contrer disposition domestique domicilie embauche
    embaucher embauches emploie employe employee employer employes exposition facteur facteurs factuer familial
    familiale familier famille familles fracture fractures griffe grille gris grise grises habiter hebergent
    heberger identifiant identifiants identifie identifier important imports imposable imposant impose imposer
    imposes impossible impots justice justification justifications justifie justifiee justifient justifier livre
    livrer livret livrets logement logements loger malade malades maladie medicament medicaments medicaux
    mutualiser mutuelles naitre notifications notifie notifier opposition paient passage passages passant passants
    passe passer paye payee payer payes pays permanence permanent permet permettent permettre permise personne
    personnes position presence presences presse prevu prevue prevues proposition quittance quittances quitte
    quittent quitter reconduire relation relever releves relevez residant residente residents scolaires sejourne
    sejourner solidarite travail travaille travaillent travailler travaux travers traverse vital vitaux vitesse
    """.split()  # noqa: SIM905 (a list of words is read more easily without quotes)
)
