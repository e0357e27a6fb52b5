"""A model in a folder is read without torch: a tiny one, built here byte by byte."""

import json
import struct
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace

from clustering.folder import FolderEncoder, UnreadableFolder, safetensors

WORDS = ["[PAD]", "[UNK]", "rib", "bus", "retard", "encore"]
TABLE = np.array([[9, 9], [0, 1], [3, 4], [1, 0], [0, -2], [4, 0]], dtype=np.float32)


def _message(*fields: tuple[int, object]) -> bytes:
    """A protobuf message: whole numbers, and bytes (texts, messages) by field number."""
    out = b""
    for number, value in fields:
        if isinstance(value, int):
            out += _varint(number << 3) + _varint(value)
        else:
            raw = value.encode() if isinstance(value, str) else value
            out += _varint(number << 3 | 2) + _varint(len(raw)) + raw
    return out


def _varint(value: int) -> bytes:
    out = b""
    while value > 127:
        out, value = out + bytes([value & 127 | 128]), value >> 7
    return out + bytes([value])


def _tensor_of(name: str, kind: int, sizes: list[str]) -> bytes:
    shape = _message(*((1, _message((2, size))) for size in sizes))
    return _message((1, name), (2, _message((1, _message((1, kind), (2, shape))))))


def _onnx() -> bytes:
    """A network of one operation: each token's row of TABLE (onnx.proto3, opset 13)."""
    table = _message((1, 6), (1, 2), (2, 1), (8, "table"), (9, TABLE.tobytes()))
    gather = _message((1, "table"), (1, "input_ids"), (2, "states"), (4, "Gather"))
    graph = _message(
        (1, gather),
        (2, "tiny"),
        (5, table),
        (11, _tensor_of("input_ids", 7, ["n", "t"])),
        (12, _tensor_of("states", 1, ["n", "t", "d"])),
    )
    return _message((1, 7), (7, graph), (8, _message((2, 13))))


def _save(path: Path, **arrays: np.ndarray) -> None:
    header, data = {}, b""
    for name, array in arrays.items():
        raw = array.astype("<f4").tobytes()
        header[name.replace("__", ".")] = {
            "dtype": "F32",
            "shape": list(array.shape),
            "data_offsets": [len(data), len(data) + len(raw)],
        }
        data += raw
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def _words(folder: Path) -> None:
    tokenizer = Tokenizer(WordLevel({word: i for i, word in enumerate(WORDS)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.save(str(folder / "tokenizer.json"))


def _modules(folder: Path, *named: tuple[str, str]) -> None:
    listed = [
        {"idx": i, "path": path, "type": f"sentence_transformers.models.{kind}"} for i, (path, kind) in enumerate(named)
    ]
    (folder / "modules.json").write_text(json.dumps(listed))


@pytest.fixture
def folder(tmp_path) -> Path:
    """A transformer of one lookup, mean pooling, normalised."""
    _words(tmp_path)
    (tmp_path / "onnx").mkdir()
    (tmp_path / "onnx" / "model.onnx").write_bytes(_onnx())
    _modules(tmp_path, ("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Normalize", "Normalize"))
    _pool(tmp_path, pooling_mode_mean_tokens=True)
    return tmp_path


def _pool(folder: Path, **modes: bool) -> None:
    (folder / "1_Pooling").mkdir(exist_ok=True)
    (folder / "1_Pooling" / "config.json").write_text(json.dumps(modes))


def _unit(*values: float) -> np.ndarray:
    return np.array(values) / np.linalg.norm(values)


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("pooling_mode_mean_tokens", _unit(3.5, 2)),
        ("pooling_mode_cls_token", _unit(3, 4)),
        ("pooling_mode_max_tokens", _unit(4, 4)),
    ],
)
def test_each_pooling_reads_the_words_and_not_the_padding(folder, mode, expected):
    _pool(folder, **{mode: True})
    vectors = FolderEncoder(folder).encode(["rib encore", "bus retard encore rib", " "])
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(vectors[0], expected, atol=1e-6)
    assert not vectors[2].any()


def test_long_texts_are_cut_where_the_folder_says(folder):
    (folder / "sentence_bert_config.json").write_text(json.dumps({"max_seq_length": 1}))
    vectors = FolderEncoder(folder).encode(["rib encore encore encore"])
    np.testing.assert_allclose(vectors[0], _unit(3, 4), atol=1e-6)


def test_a_dense_layer_and_a_default_prompt_are_obeyed(folder):
    _modules(folder, ("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Dense", "Dense"))
    (folder / "2_Dense").mkdir()
    (folder / "2_Dense" / "config.json").write_text(
        json.dumps({"activation_function": "torch.nn.modules.linear.Identity"})
    )
    weight = np.array([[0, 1], [1, 0], [1, 1]], dtype=np.float32)
    _save(folder / "2_Dense" / "model.safetensors", linear__weight=weight, linear__bias=np.array([0, 0, 1.0]))
    (folder / "config_sentence_transformers.json").write_text(
        json.dumps({"prompts": {"query": "encore "}, "default_prompt_name": "query"})
    )
    vectors = FolderEncoder(folder).encode(["rib"])
    np.testing.assert_allclose(vectors[0], _unit(2, 3.5, 6.5), atol=1e-6)


def test_static_embeddings_need_no_network(tmp_path):
    _words(tmp_path)
    _save(tmp_path / "model.safetensors", embeddings=TABLE)
    vectors = FolderEncoder(tmp_path).encode(["rib encore", ""])
    np.testing.assert_allclose(vectors[0], _unit(3.5, 2), atol=1e-6)
    assert not vectors[1].any()
    assert safetensors(tmp_path / "model.safetensors")["embeddings"].shape == (6, 2)


def test_many_texts_come_back_in_their_order(folder):
    texts = ["rib", "bus bus bus", "retard retard", "encore"] * 20
    encoder = FolderEncoder(folder)
    np.testing.assert_allclose(
        encoder.encode(texts), np.concatenate([encoder.encode([text]) for text in texts]), atol=1e-6
    )


def test_another_model_has_another_version(folder):
    before = FolderEncoder(folder).version
    assert FolderEncoder(folder).version == before
    assert len(before) <= 40
    (folder / "onnx" / "model.onnx").write_bytes(_onnx().replace(TABLE.tobytes(), (TABLE + 1).tobytes()))
    assert FolderEncoder(folder).version != before


def test_what_cannot_be_read_is_said_in_a_sentence(tmp_path, folder):
    with pytest.raises(UnreadableFolder, match="not a folder"):
        FolderEncoder(tmp_path / "nowhere")
    _pool(folder, pooling_mode_lasttoken=True)
    with pytest.raises(UnreadableFolder, match="pooling"):
        FolderEncoder(folder)
    (folder / "onnx" / "model.onnx").unlink()
    with pytest.raises(UnreadableFolder, match="sentence_transformers"):
        FolderEncoder(folder)
