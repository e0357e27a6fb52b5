"""Counting ballots and mapping opinions: plain Python, no framework. See ``README.md``."""

from tally.opinions import OpinionMap, Votes, opinion_map
from tally.opinions.routing import next_statement, routing_weights

__all__ = ["OpinionMap", "Votes", "next_statement", "opinion_map", "routing_weights"]
