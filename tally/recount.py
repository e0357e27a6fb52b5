"""Recompte un budget participatif, avec Python seul, en fractions exactes, sans rien du programme qui l'a compté.
python3 recompter.py bulletins.pb reglement.json resultat.json [--all-steps : tous les paliers des parts égales]"""

import csv
import json
import sys
from collections import Counter
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


class Count:
    def __init__(self, meta, projects, votes, rules):
        self.projects, self.rules, self.left, self.won = projects, rules, int(Fraction(meta["budget"]) * 100), []
        self.given = meta, projects, votes
        ballots = Counter((v["voting_method"], v["vote"], v.get("points", "")) for v in votes)
        longest = rules["ranking_length"] or max((vote.count(",") + 1 for _how, vote, _points in ballots), default=0)
        self.groups, self.supporters = [], Counter()
        for (how, vote, points), times in ballots.items():
            chosen, weight = vote.split(",") if vote else [], times * Fraction(rules["channel_weights"].get(how, "1"))
            places, given = range(len(chosen)), [int(x) for x in points.split(",") if x] or [1] * len(chosen)
            given = [max(longest - place, 0) for place in places] if meta["vote_type"] == "ordinal" else given
            self.groups.append((weight, {p: x for p, x in zip(chosen, given, strict=True) if x > 0}))
            self.supporters.update(dict.fromkeys(self.groups[-1][1], times))
        self.total = sum(weight for weight, _given in self.groups)
        self.score = {p: sum((w * g[p] for w, g in self.groups if p in g), Fraction(0)) for p in projects}
        least = Fraction(rules["threshold"]) * {"none": 0, "absolute": 1}.get(rules["threshold_kind"], self.total / 100)
        for p in [p for p, one in projects.items() if one["mandatory"] == "1" and one["withdrawn"] != "1"]:
            self.fund(p)
        voted = [p for p in projects if projects[p]["withdrawn"] != "1" and self.supporters[p] and p not in self.won]
        self.waiting = [p for p in voted if self.score[p] >= least]

    def fund(self, p, spent=None):
        self.left -= self.projects[p]["cost"] if spent is None else spent
        self.won.append(p)

    def forbidden(self, p, won):
        one, rules, winners, never = self.projects[p], self.rules, [self.projects[w] for w in won], float("inf")
        reasons = [rules["rule"] == "top_n" and len(won) >= rules["n"]]
        reasons += [rules["exclusive"] and one["site"] and one["site"] in [w["site"] for w in winners]]
        for place in one["places"]:
            same = [w["cost"] for w in winners if place in w["places"]]
            reasons += [sum(same) + one["cost"] > rules["ceilings"].get(place, never)]
            reasons += [len(same) >= rules["at_most"].get(place, never)]
        return any(reasons)

    def order(self, p):
        one, lots = self.projects[p], sha256((self.rules["seed"] + p).encode()).hexdigest()
        keys = {"lower_cost": one["cost"], "earlier_deposit": one["deposit"], "drawn_lots": lots}
        return [{**keys, "more_supporters": -self.supporters[p]}[tie] for tie in self.rules["ties"]]

    def greedy(self):
        costs = {p: self.projects[p]["cost"] if self.rules["order"] == "score_per_cost" else 1 for p in self.waiting}
        merit = {p: (0, self.score[p] / cost) if cost else (1, self.score[p]) for p, cost in costs.items()}
        ranked = sorted(sorted(self.waiting, key=self.order), key=merit.get, reverse=True)
        for p in ranked if self.rules["one_each"] else []:
            place, served = self.projects[p]["district"], ["", *(self.projects[w]["district"] for w in self.won)]
            if place not in served and self.projects[p]["cost"] <= self.left and not self.forbidden(p, self.won):
                self.fund(p)
        for p in ranked:
            cost, overflow = self.projects[p]["cost"], self.rules["on_overflow"]
            if p in self.won or self.forbidden(p, self.won):
                continue
            if cost <= self.left:
                self.fund(p)
            elif overflow != "skip":
                enough = overflow == "tolerance" and self.left * 100 >= Fraction(self.rules["tolerance"]) * cost
                return self.fund(p, spent=self.left) if enough else None

    def bought(self, share):
        purses, won, one = [share] * len(self.groups), [], self.rules["utility"] != "points"
        known = dict.fromkeys(self.waiting, Fraction(0))  # prices only rise: an old one is a lower bound
        points = {p: [(i, 1 if one else g[p]) for i, (_w, g) in enumerate(self.groups) if p in g] for p in known}

        def price(p):
            left, among = Fraction(self.projects[p]["cost"]), sum(x * self.groups[i][0] for i, x in points[p])
            for limit, worth in sorted((purses[i] / x, x * self.groups[i][0]) for i, x in points[p]):
                if left <= limit * among:
                    return left / among
                left, among = left - limit * worth, among - worth

        while known:
            best = None
            for p in sorted(known, key=known.get):
                if best and known[p] > best[0]:
                    break
                paid = None if self.forbidden(p, self.won + won) else price(p)
                if paid is None:
                    del known[p]
                    continue
                known[p] = paid / (self.projects[p]["cost"] or 1) if self.rules["utility"] == "cost" else paid
                best = min(filter(None, (best, (known[p], self.order(p), p, paid))))
            if best:
                for i, x in points[best[2]]:
                    purses[i] = max(purses[i] - best[3] * x, Fraction(0))
                won.append(best[2])
                del known[best[2]]
        return won

    def equal_shares(self, steps, every):
        start, step, budget, kept = self.left / self.total, Fraction(self.rules["step"]), self.left, []
        for tried in range(0 if every else steps, steps + (1 if self.rules["completion"] == "none" else 2)):
            won = self.bought(start + tried * step)
            over = sum(self.projects[p]["cost"] for p in won) > budget
            kept = kept if tried > steps else won
            if over != (tried > steps) and set(won) != set(self.waiting):
                print(f"PALIER FAUX : avec {tried} hausses, le budget est {'dépassé' if over else 'respecté'}.")
        for p in kept:
            self.fund(p)
        if self.rules["top_up"] == "greedy":
            self.greedy()
        if self.rules["comparison"] == "greedy":  # kept when more ballots get more from it
            other = Count(*self.given, {**self.rules, "rule": "greedy", "order": "score", "on_overflow": "skip"})
            other.greedy()
            by, way = self.rules["utility"], {p: (p in other.won) - (p in self.won) for p in self.projects}
            unit = {p: one["cost"] if by == "cost" else 1 for p, one in self.projects.items()}
            net = [(w, sum(way[p] * (x if by == "points" else unit[p]) for p, x in g.items())) for w, g in self.groups]
            if sum(w * ((gain > 0) - (gain < 0)) for w, gain in net) > 0:
                self.won, self.left = other.won, other.left


def main(ballots, regulation, outcome, *options):
    rules, published = (json.loads(Path(path).read_text(encoding="utf-8")) for path in (regulation, outcome))
    count, steps = Count(*read(ballots), rules), published["steps"]
    count.equal_shares(steps, "--all-steps" in options) if rules["rule"] == "equal_shares" else count.greedy()
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
