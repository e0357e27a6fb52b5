"""« Dites-le-nous une fois »: which documents people name, at which services, and who could have them already.

``reading`` keeps what fiches say, ``matrix`` counts it, ``declared`` compares it with what services say they ask
for, ``cases`` finds what deserves a pain point. No permission is judged here.
"""
