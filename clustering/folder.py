"""A sentence model kept in a folder, as sentence-transformers or model2vec save it, read without torch.

What is read: an ONNX export of the transformer (``onnx/model.onnx``), its ``tokenizer.json``, and the modules that
follow it: pooling (mean, first token or max), dense layers, normalisation. Static embeddings need numpy alone. For
anything else the library ``sentence-transformers`` is used if it is installed. See docs/encoders.md.
"""

import hashlib
import importlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from clustering.features import unit

BATCH = 32  # texts that go through a transformer together
_LONGEST = 512  # tokens, when the folder does not say
_ONNX = ("onnx/model.onnx", "model.onnx", "onnx/model_quantized.onnx", "onnx/model_qint8_avx512_vnni.onnx")
_EDGE = 65_536  # bytes read at each end of a file of weights to tell one version from another
_ACTIVATIONS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "Identity": lambda x: x,
    "Tanh": np.tanh,
    "ReLU": lambda x: np.maximum(x, 0),
}

Step = Callable[[np.ndarray], np.ndarray]


class UnreadableFolder(ValueError):
    """The folder holds no model that can be read here; the message says what is missing."""


class FolderEncoder:
    """``encode`` of a folder: unit vectors float32 (n, d). Raises ``UnreadableFolder`` when made."""

    def __init__(self, folder: str | Path):
        self.folder = Path(folder)
        self.version = version_of(self.folder)
        self._encode = _reader(self.folder)

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Unit vectors float32, shape (len(texts), d), in the order given; blank texts are zero rows."""
        texts = list(texts)
        written = [row for row, text in enumerate(texts) if text.strip()]
        found = self._encode([texts[row] for row in written] or [" - "])
        vectors = np.zeros((len(texts), found.shape[1]), dtype=np.float32)
        if written:
            vectors[written] = unit(found)
        return vectors


def version_of(folder: Path) -> str:
    """A short name that changes with the model: the folder's name, and a digest of its settings and weights."""
    if not folder.is_dir():
        raise UnreadableFolder(f"{folder} is not a folder")
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.suffix in (".json", ".onnx", ".safetensors"):
            digest.update(f"{path.relative_to(folder)}:{path.stat().st_size}".encode())
            digest.update(_ends(path))
    return f"{folder.name[:20]}-{digest.hexdigest()[:12]}"


def _ends(path: Path) -> bytes:
    with path.open("rb") as file:
        head = file.read(_EDGE)
        file.seek(max(path.stat().st_size - _EDGE, 0))
        return head + file.read(_EDGE)


def _reader(folder: Path) -> Callable[[list[str]], np.ndarray]:
    modules = _json(folder / "modules.json") or []
    kinds = [module["type"].rpartition(".")[2] for module in modules]
    places = [folder / module["path"] for module in modules]
    if "StaticEmbedding" in kinds:
        return _static(places[kinds.index("StaticEmbedding")], [])
    if not modules and (folder / "model.safetensors").exists() and (folder / "tokenizer.json").exists():
        return _static(folder, [])  # model2vec
    export = next((path for name in _ONNX if (path := folder / name).exists()), None)
    if export is None or not set(kinds) <= {"Transformer", "Pooling", "Dense", "Normalize"}:
        return _by_library(folder)
    following = [_dense(place) for kind, place in zip(kinds, places, strict=True) if kind == "Dense"]
    pooling = next((place for kind, place in zip(kinds, places, strict=True) if kind == "Pooling"), None)
    return _transformer(folder, export, pooling, following)


def _transformer(folder: Path, export: Path, pooling: Path | None, following: list[Step]):
    runtime = _library("onnxruntime")
    options = runtime.SessionOptions()
    options.intra_op_num_threads = 1  # workers are many; each takes one core
    session = runtime.InferenceSession(str(export), options, providers=["CPUExecutionProvider"])
    asked = {given.name for given in session.get_inputs()}
    settings = _json(folder / "sentence_bert_config.json") or {}
    tokenizer = _tokenizer(folder, longest=int(settings.get("max_seq_length") or _LONGEST))
    pooled = _pooling(_json(pooling / "config.json") if pooling else None)
    prompt = _prompt(folder)

    def some(texts: list[str]) -> np.ndarray:
        read = tokenizer.encode_batch([prompt + text for text in texts])
        given = {
            "input_ids": np.array([one.ids for one in read], dtype=np.int64),
            "attention_mask": np.array([one.attention_mask for one in read], dtype=np.int64),
            "token_type_ids": np.array([one.type_ids for one in read], dtype=np.int64),
        }
        states = session.run(None, {name: value for name, value in given.items() if name in asked})[0]
        vectors = pooled(np.asarray(states, dtype=np.float32), given["attention_mask"]) if states.ndim == 3 else states
        for step in following:
            vectors = step(vectors)
        return vectors

    def encode(texts: list[str]) -> np.ndarray:
        order = sorted(range(len(texts)), key=lambda row: len(texts[row]))  # little padding
        parts = [some([texts[row] for row in order[at : at + BATCH]]) for at in range(0, len(order), BATCH)]
        out = np.concatenate(parts)
        return out[np.argsort(order)]

    return encode


def _static(folder: Path, following: list[Step]):
    """The mean of the tokens' own vectors: no transformer at all."""
    weights = safetensors(folder / "model.safetensors")
    table = next((weights[name] for name in ("embeddings", "embedding.weight") if name in weights), None)
    if table is None:
        raise UnreadableFolder(f"{folder}/model.safetensors holds no table of embeddings")
    table = table.astype(np.float32)
    per_token, place = weights.get("weights"), weights.get("mapping")
    tokenizer = _tokenizer(folder, longest=None)

    def encode(texts: list[str]) -> np.ndarray:
        out = np.zeros((len(texts), table.shape[1]), dtype=np.float32)
        for row, read in enumerate(tokenizer.encode_batch(texts, add_special_tokens=False)):
            ids = np.array(read.ids, dtype=np.int64)
            if not len(ids):
                continue
            rows = table[ids if place is None else place[ids]]
            out[row] = (rows if per_token is None else rows * per_token[ids, None]).mean(axis=0)
        for step in following:
            out = step(out)
        return out

    return encode


def _pooling(settings: dict[str, Any] | None) -> Callable[[np.ndarray, np.ndarray], np.ndarray]:
    """States (n, tokens, d) and mask (n, tokens) to (n, d)."""
    settings = settings or {"pooling_mode_mean_tokens": True}
    if settings.get("pooling_mode_cls_token") or settings.get("pooling_mode") == "cls":
        return lambda states, mask: states[:, 0]
    if settings.get("pooling_mode_max_tokens") or settings.get("pooling_mode") == "max":
        return lambda states, mask: np.where(mask[:, :, None] > 0, states, -np.inf).max(axis=1)
    if settings.get("pooling_mode_mean_tokens") or settings.get("pooling_mode") == "mean":
        return lambda states, mask: (states * mask[:, :, None]).sum(axis=1) / np.maximum(mask.sum(axis=1), 1)[:, None]
    raise UnreadableFolder("this pooling is not read here: mean, first token (cls) and max are")


def _dense(folder: Path) -> Step:
    settings = _json(folder / "config.json") or {}
    name = str(settings.get("activation_function", "Identity")).rpartition(".")[2]
    if name not in _ACTIVATIONS or not (folder / "model.safetensors").exists():
        raise UnreadableFolder(f"{folder}: a dense layer is read from model.safetensors, with identity, tanh or ReLU")
    weights = safetensors(folder / "model.safetensors")
    weight, bias = weights["linear.weight"].astype(np.float32), weights.get("linear.bias")

    def step(vectors: np.ndarray) -> np.ndarray:
        return _ACTIVATIONS[name](vectors @ weight.T + (0 if bias is None else bias))

    return step


def safetensors(path: Path) -> dict[str, np.ndarray]:
    """The arrays of a safetensors file: a header in JSON, then the numbers (github.com/huggingface/safetensors)."""
    kinds = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "I64": "<i8", "I32": "<i4"}
    raw = path.read_bytes()
    start = 8 + int.from_bytes(raw[:8], "little")
    found = {}
    for name, about in json.loads(raw[8:start]).items():
        if name == "__metadata__":
            continue
        if about["dtype"] not in kinds:
            raise UnreadableFolder(f"{path}: numbers of type {about['dtype']} are not read here")
        first, last = about["data_offsets"]
        numbers = np.frombuffer(raw[start + first : start + last], dtype=kinds[about["dtype"]])
        found[name] = numbers.reshape(about["shape"])
    return found


def _tokenizer(folder: Path, *, longest: int | None):
    if not (folder / "tokenizer.json").exists():
        raise UnreadableFolder(f"{folder} has no tokenizer.json")
    tokenizer = _library("tokenizers").Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_truncation()
    if longest is None:
        tokenizer.no_padding()
    else:
        tokenizer.enable_truncation(longest)
        padding = tokenizer.padding or {}
        tokenizer.enable_padding(pad_id=padding.get("pad_id", 0), pad_token=padding.get("pad_token", "[PAD]"))
    return tokenizer


def _prompt(folder: Path) -> str:
    """The words that this model wants before each text (« query: »), when the folder names some by default."""
    settings = _json(folder / "config_sentence_transformers.json") or {}
    return (settings.get("prompts") or {}).get(settings.get("default_prompt_name") or "", "")


def _by_library(folder: Path) -> Callable[[list[str]], np.ndarray]:
    library = _library("sentence_transformers", instead="an ONNX export (onnx/model.onnx)")
    model = library.SentenceTransformer(str(folder), device="cpu")
    return lambda texts: np.asarray(model.encode(texts, batch_size=BATCH, show_progress_bar=False), dtype=np.float32)


def _library(name: str, *, instead: str = "") -> Any:
    """A library of the optional group « embeddings », or a sentence saying what to install."""
    try:
        return importlib.import_module(name)
    except ImportError as error:
        other = f", or put in the folder {instead}" if instead else ""
        raise UnreadableFolder(f"install {name} to read this folder{other}") from error


def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None
