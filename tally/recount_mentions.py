"""Recompte un budget voté par mentions (jugement majoritaire), avec Python seul, sans rien du programme qui l'a compté.
python3 recompter_mentions.py bulletins.pb reglement.json resultat.json"""

import csv
import json
import sys
from fractions import Fraction
from hashlib import sha256
from pathlib import Path


def read(path):
    tables, name = {"META": [], "PROJECTS": [], "VOTES": []}, ""
    for row in csv.reader(Path(path).read_text(encoding="utf-8").splitlines(keepends=True), delimiter=";"):
        name = row[0] if len(row) == 1 else name
        tables[name] += [row] if len(row) > 1 else []
    projects, votes = ([dict(zip(t[0], r, strict=True)) for r in t[1:]] for t in (tables["PROJECTS"], tables["VOTES"]))
    for p in projects:
        p["cost"], p["deposit"] = int(Fraction(p["cost"]) * 100), int(p["deposit"])
        p["places"] = [place for place in (f"territory:{p['district']}", f"theme:{p['category']}") if place[-1] != ":"]
    return dict(tables["META"]), {p["project_id"]: p for p in projects}, votes


def tallied(meta, projects, votes, rules):
    """How many ballots gave each mention (0 is the best) to each project; silence is ``unmarked``."""
    mentions, unmarked = len(meta["mentions"].split("|")), rules["unmarked"]
    given = {p: [Fraction(0)] * mentions for p in projects}
    supporters, total = dict.fromkeys(projects, 0), Fraction(0)
    for vote in votes:
        weight = Fraction(rules["channel_weights"].get(vote["voting_method"], "1"))
        total += weight
        chosen = vote["vote"].split(",") if vote["vote"] else []
        for p, mention in zip(chosen, [int(x) for x in vote["points"].split(",") if x], strict=True):
            given[p][mention] += weight
            supporters[p] += mention < unmarked
    for p in projects:
        given[p][unmarked] += total - sum(given[p])
    return given, supporters, total


def merit(row):
    """The median mention, the lower one; then the larger of the shares above and below it, and its side."""
    total, seen, median = sum(row), Fraction(0), 0
    for mention, count in enumerate(row):
        seen += count
        if 2 * seen > total:
            median = mention
            break
    above, below = sum(row[:median]), sum(row[median + 1 :])
    return (-median, 1, above / total) if above > below else (-median, 0, -below / (total or 1))


class Count:
    def __init__(self, meta, projects, votes, rules):
        self.projects, self.rules, self.left, self.won = projects, rules, int(Fraction(meta["budget"]) * 100), []
        given, self.supporters, total = tallied(meta, projects, votes, rules)
        self.merit = {p: merit(row) for p, row in given.items()}
        units = {"none": 0, "absolute": 1, "percent_of_ballots": total / 100}
        least = Fraction(rules["threshold"]) * units[rules["threshold_kind"]]
        score = {p: sum(row[: rules["unmarked"]], Fraction(0)) for p, row in given.items()}
        for p in [p for p, one in projects.items() if one["mandatory"] == "1" and one["withdrawn"] != "1"]:
            self.fund(p)
        voted = [p for p in projects if projects[p]["withdrawn"] != "1" and self.supporters[p] and p not in self.won]
        self.waiting = [p for p in voted if score[p] >= least]

    def fund(self, p, spent=None):
        self.left -= self.projects[p]["cost"] if spent is None else spent
        self.won.append(p)

    def forbidden(self, p):
        one, rules, winners, never = self.projects[p], self.rules, [self.projects[w] for w in self.won], float("inf")
        reasons = [rules["exclusive"] and one["site"] and one["site"] in [w["site"] for w in winners]]
        for place in one["places"]:
            same = [w["cost"] for w in winners if place in w["places"]]
            reasons += [sum(same) + one["cost"] > rules["ceilings"].get(place, never)]
            reasons += [len(same) >= rules["at_most"].get(place, never)]
        return any(reasons)

    def order(self, p):
        one, lots = self.projects[p], sha256((self.rules["seed"] + p).encode()).hexdigest()
        keys = {"lower_cost": one["cost"], "earlier_deposit": one["deposit"], "drawn_lots": lots}
        return [{**keys, "more_supporters": -self.supporters[p]}[tie] for tie in self.rules["ties"]]

    def run(self):
        ranked = sorted(sorted(self.waiting, key=self.order), key=self.merit.get, reverse=True)
        for p in ranked if self.rules["one_each"] else []:
            place, served = self.projects[p]["district"], ["", *(self.projects[w]["district"] for w in self.won)]
            if place not in served and self.projects[p]["cost"] <= self.left and not self.forbidden(p):
                self.fund(p)
        for p in ranked:
            cost, overflow = self.projects[p]["cost"], self.rules["on_overflow"]
            if p in self.won or self.forbidden(p):
                continue
            if cost <= self.left:
                self.fund(p)
            elif overflow != "skip":
                enough = overflow == "tolerance" and self.left * 100 >= Fraction(self.rules["tolerance"]) * cost
                return self.fund(p, spent=self.left) if enough else None


def main(ballots, regulation, outcome):
    rules, published = (json.loads(Path(path).read_text(encoding="utf-8")) for path in (regulation, outcome))
    count = Count(*read(ballots), rules)
    count.run()
    counted = (Path(ballots).read_bytes(), json.dumps(rules, ensure_ascii=False, sort_keys=True).encode())
    said = [*(sha256(one).hexdigest() for one in counted), sorted(count.won), count.left]
    same = sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest() == published["hash"]
    print("Retenus :", ", ".join(count.won), "\nIdentique" if same else "\nPAS identique", "au résultat publié.")
    return int(not same)


if __name__ == "__main__":
    try:
        sys.exit(main(*sys.argv[1:]) if all(map(Path.is_file, map(Path, sys.argv[1:4]))) and sys.argv[3:] else __doc__)
    except (ArithmeticError, AttributeError, LookupError, NameError, TypeError, ValueError, csv.Error) as wrong:
        sys.exit(f"Un fichier est abîmé : téléchargez les trois de nouveau. ({type(wrong).__name__} : {wrong})")
