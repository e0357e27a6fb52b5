"""The opinion map of a consultation: what to show to whom, what is counted, what may be told of it.

``serving`` chooses the next statement; ``answers`` reads what is counted; ``drawing`` counts; ``telling`` says what may
leave the house; ``near`` finds what looks like a statement being written; ``tables`` are the open data.
"""
