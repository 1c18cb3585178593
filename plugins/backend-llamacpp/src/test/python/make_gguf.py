"""Converts the tiny models of testkit/families with llama.cpp's own converter, in float32 and without a tokenizer.

    make-fixtures.sh [CASE …]      fetches the converter of the pinned build and runs this
    PYTHONPATH=llama.cpp:llama.cpp/gguf-py python make_gguf.py FAMILIES TARGET [CASE …]

Cases that the converter refuses are named with its reason.
"""

import json
import sys
import tempfile
from pathlib import Path

import gguf
from conversion import ModelBase, TextModel, get_model_class
from safetensors.torch import load_file, save_file
from transformers.models.auto.modeling_auto import MODEL_FOR_CAUSAL_LM_MAPPING_NAMES


def without_vocabulary(self):
    self.gguf_writer.add_tokenizer_model("none")
    if self.hparams.get("vocab_size"):
        self.gguf_writer.add_vocab_size(self.hparams["vocab_size"])
    end = self.hparams.get("eos_token_id")
    if isinstance(end, int):
        self.gguf_writer.add_eos_token_id(end)


def convert(source, target):
    hparams = json.loads((source / "config.json").read_text())
    name = hparams["model_type"]
    architecture = (hparams.get("architectures") or [None])[0] or MODEL_FOR_CAUSAL_LM_MAPPING_NAMES[name]
    if isinstance(architecture, (list, tuple)):
        architecture = architecture[0]
    hparams["architectures"] = [architecture]
    with tempfile.TemporaryDirectory() as folder:
        # The converter wants a folder of its own: the configuration with an architecture, weights as plain numbers.
        folder = Path(folder)
        for file in source.iterdir():
            if file.suffix == ".safetensors" and file.name != "expected.safetensors":
                state = {key: value.clone() for key, value in load_file(file).items()}
                save_file(state, folder / file.name)
            elif file.name.endswith(".index.json"):
                (folder / file.name).write_bytes(file.read_bytes())
        (folder / "config.json").write_text(json.dumps(hparams))
        (folder / "tokenizer_config.json").write_text("{}")
        ModelBase.load_hparams = staticmethod(lambda _, is_mistral_format: dict(hparams))
        converter = get_model_class(architecture)
        converter.set_vocab = without_vocabulary
        model = converter(
            folder, gguf.LlamaFileType.ALL_F32, target, eager=True, model_name=source.name
        )
        model.write()


def main():
    families, target = Path(sys.argv[1]), Path(sys.argv[2])
    cases = sys.argv[3:] or sorted(p.parent.name for p in families.glob("*/expected.safetensors"))
    target.mkdir(parents=True, exist_ok=True)
    for case in cases:
        file = target / f"{case}.gguf"
        try:
            convert(families / case, file)
        except Exception as e:  # each case is a converter of its own
            file.unlink(missing_ok=True)
            print(f"{case}: {type(e).__name__}: {str(e)[:160]}")


main()
