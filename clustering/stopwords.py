"""Words that carry no subject: French first, with what English and Spanish fiches use most."""

from clustering.words import without_accents

_FRENCH = """
a à afin ai aie ailleurs ainsi alors apres après as au aucun aucune aujourd auquel aura aurait aussi autant
autre autres aux auxquels avaient avais avait avant avec avez aviez avions avoir avons ayant beaucoup bien bon
bonjour bonsoir bref car ce ceci cela celle celles celui cependant certain certaine certaines certains ces cet
cette ceux chaque chez chose choses ci comme comment contre cordialement d da dans davantage de debout dedans
déjà deja dehors depuis des dès desormais désormais deux devant devez devoir devra devrait dit dite dites dix
doit doivent donc donné dont du due dû elle elles en encore enfin ensuite entre environ es est et étaient
etait était etant étant etc été etes êtes etre être eu eux faire fais faisait fait faite faites fallait falloir
faut fois font hein heu hier hors ici il ils j jamais je jusqu jusque l la là laquelle le lequel les lesquels
leur leurs loin lors lorsque lui m ma madame mademoiselle mai maintenant mais mal malgre malgré me meme même
mêmes memes merci mes messieurs met mettre mien mieux mis moi moins mon monsieur mr mme n ne neuf ni non nos
notamment notre nous nouveau oh on ont onze or ou où ouais oui outre par parce parfois parmi part pas pendant
personne peu peut peuvent peux plus plusieurs plutot plutôt pour pourquoi pourrait pourtant pouvait pouvez
pouvoir pouvons pres près presque pu puis puisqu puisque qu quand quant quatre que quel quelle quelles quelqu
quelque quelques quels qui quoi quoique rien s sa salut sans se sept sera serait seront ses seul seule seulement
si sien sinon six soi soient soir sois soit sommes son sont sous souvent suis suite sur t ta tant te tel telle
tellement tels tes toi ton toujours tous tout toute toutes tres très trois trop tu tut un une va vais vers veux
veut veulent vient voici voila voilà voir vont vos votre votres vôtre vous vraiment vrai vu y
ainsi avoir cas ca ça c dire disent demande dois eh euh façon faudrait fallu fera gens grand grande gros jour
jours jen lieu mois an ans année années semaine semaines heure heures minute minutes lundi mardi mercredi jeudi
vendredi samedi dimanche matin midi nuit janvier fevrier février mars avril juin juillet aout août septembre
octobre novembre decembre décembre moment parler passe passé passer petit petite plait plaît point pourra premier
première prendre pris prochain quinze rapport regarde reste sais savoir sait savez semble serais service services
simple simplement soyez surtout tard temps tiens tient trouve trouver vaut venir vite voulez vouloir voulu
cent mille vingt trente quarante cinquante huit cinq dernier dernière monde côté cote fin bout lol mdr svp
illisible être quasi tandis via selon toutefois ailleurs certes lesquelles desquels duquel dedans dessus dessous
ainsi puisse puissent peut-être plait arrive arrivé venu reçu ait aient auraient avions serions étions ouf ben bah
"""
_OTHERS = """
the and of to in is it that for you was with are be this have not they on at but had has from or we she her him
his my me your our their them there been who will would what when one all which do did if so no by an as can out
up how any some than then its were am i he
el los las una uno y que en por con para del se lo al es no su sus muy pero si ya me mi tu te le les como mas más
este esta estos estas hay han he ha son está desde hace sin sobre también nos ni cuando
"""

STOPWORDS = frozenset(form for word in (_FRENCH + _OTHERS).split() for form in (word, without_accents(word)))

_GREETINGS = """
bonjour bonsoir salut coucou bjr slt cordialement salutations cdt merci remercie remerciements bravo felicitations
madame monsieur mesdames messieurs mademoiselle mme svp stp hello thanks thank gracias
"""
_SWEAR_WORDS = """
merde merdes merdique emmerde emmerder emmerdes putain putains pute putes con connard connards connasse conne cons
connerie conneries chier chiant chiante chiants foutre fout foutent foutez foutu foutue foutage gueule gueules
degueulasse bordel salaud salope salopard encule encules enculer nique niquer pd ptn branleur branleurs
feignasse feignasses faineant faineants incapable incapables abruti abrutis debile debiles imbecile imbeciles idiot
idiots cretin cretins bougnoule negre crevure ordure pourri pourris fuck shit wtf mdr lol
"""

_PERSONAL = """
je j moi m me mon ma mes tu te t toi ton ta tes nous notre nos on
"""

_STARTERS = """
et ou mais donc or car puis ensuite enfin sinon aussi bref voila voilà pourtant cependant résultat resultat oui non ah
oh eh bah ben bon ok franchement vraiment sérieux serieux aujourd'hui hier maintenant également egalement dommage
"""

_OPENERS = """
le la les l un une des aucun aucune chaque plusieurs certains certaines tout toute tous toutes mon ma mes notre nos
votre vos deux trop personne rien toujours jamais service services demande demandes heure heures jour jours
premier première nouveau nouvelle nouvelles petit petite grand grande
"""

_DETERMINERS = """
le la les l un une des du au aux d chaque plusieurs certains certaines aucun aucune tout toute tous toutes
mon ma mes notre nos votre vos leur leurs son sa ses ce cet cette ces quelques deux trois
"""

_PREPOSITIONS = """
de d a en par pour sur avec sans chez dans contre vers entre selon
"""

_CONNECTING = """
concernant sauf hormis excepte conformement totalement completement entierement evidemment malheureusement
heureusement personnellement actuellement effectivement visiblement apparemment accessible visant ayant etant
"""

GREETINGS, SWEAR_WORDS = frozenset(_GREETINGS.split()), frozenset(_SWEAR_WORDS.split())
"""Never in a title nor among key phrases, in any spelling without accents: they say how, not what."""
PERSONAL = frozenset(_PERSONAL.split())
"""Words by which somebody speaks for themselves; a title speaks for many."""
STARTERS = frozenset(_STARTERS.split())
"""Words that hang at the beginning of a clause and may be left out."""
PREPOSITIONS = frozenset(_PREPOSITIONS.split())
"""Words before which a thing is named too, or an act."""
DETERMINERS = frozenset(_DETERMINERS.split())
"""Words before which a thing is named."""
OPENERS = frozenset(_OPENERS.split())
"""Little words that a title may begin with."""
CONNECTING = frozenset(_CONNECTING.split())
"""Others that say nothing without what stands before them; they may not begin one."""
