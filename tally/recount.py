"""Recounts a participatory budget, in exact fractions, with Python alone and apart from what counted it.

python recount.py ballots.pb regulation.json outcome.json [--all-steps, not only the last of Equal Shares]
"""

import csv
import json
import sys
from collections import Counter
from fractions import Fraction
from hashlib import sha256
from pathlib import Path


def read(path):
    tables = {"META": [], "PROJECTS": [], "VOTES": []}
    for row in csv.reader(Path(path).read_text(encoding="utf-8").splitlines(keepends=True), delimiter=";"):
        if len(row) == 1:
            current = tables[row[0]]
        else:
            current.append(row)
    projects, votes = ([dict(zip(t[0], r, strict=True)) for r in t[1:]] for t in (tables["PROJECTS"], tables["VOTES"]))
    for p in projects:
        p["cost"], p["deposit"] = int(Fraction(p["cost"]) * 100), int(p["deposit"])
        p["places"] = [place for place in (f"territory:{p['district']}", f"theme:{p['category']}") if place[-1] != ":"]
    return dict(tables["META"]), {p["project_id"]: p for p in projects}, votes


class Count:
    def __init__(self, meta, projects, votes, rules):
        self.projects, self.rules, self.left, self.won = projects, rules, int(Fraction(meta["budget"]) * 100), []
        ballots = Counter((v["voting_method"], v["vote"], v.get("points", "")) for v in votes)
        longest = rules["ranking_length"] or max((vote.count(",") + 1 for _how, vote, _points in ballots), default=0)
        self.groups, self.supporters = [], Counter()
        for (how, vote, points), times in ballots.items():
            chosen, weight = vote.split(",") if vote else [], times * Fraction(rules["channel_weights"].get(how, "1"))
            given = [int(x) for x in points.split(",") if x] or [1] * len(chosen)
            if meta["vote_type"] == "ordinal":
                given = [max(longest - place, 0) for place in range(len(chosen))]
            self.groups.append((weight, {p: x for p, x in zip(chosen, given, strict=True) if x > 0}))
            self.supporters.update(dict.fromkeys(self.groups[-1][1], times))
        self.total = sum(weight for weight, _given in self.groups)
        self.score = {p: sum((w * g[p] for w, g in self.groups if p in g), Fraction(0)) for p in projects}
        units = {"none": 0, "absolute": 1, "percent_of_ballots": self.total / 100}
        least = Fraction(rules["threshold"]) * units[rules["threshold_kind"]]
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

    def merit(self, p):
        cost = self.projects[p]["cost"] if self.rules["order"] == "score_per_cost" else 1
        return (0, self.score[p] / cost) if cost else (1, self.score[p])

    def greedy(self):
        ranked = sorted(sorted(self.waiting, key=self.order), key=self.merit, reverse=True)
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
            elif overflow == "tolerance" and self.left * 100 >= Fraction(self.rules["tolerance"]) * cost:
                return self.fund(p, spent=self.left)
            elif overflow != "skip":
                return None

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
                print(f"step {tried} is {'over' if over else 'within'} the budget, unlike what was published")
        for p in kept:
            self.fund(p)
        if self.rules["top_up"] == "greedy":
            self.greedy()


def main(ballots, regulation, outcome, *options):
    rules, published = (json.loads(Path(path).read_text(encoding="utf-8")) for path in (regulation, outcome))
    count = Count(*read(ballots), rules)
    if rules["rule"] == "equal_shares":
        count.equal_shares(published["steps"], "--all-steps" in options)
    else:
        count.greedy()
    counted = (Path(ballots).read_bytes(), json.dumps(rules, ensure_ascii=False, sort_keys=True).encode())
    said = [*(sha256(one).hexdigest() for one in counted), sorted(count.won), count.left]
    same = sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest() == published["hash"]
    print("Winners:", ", ".join(count.won), "\nThe same as published." if same else "\nNOT the same as published.")
    return int(not same)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
