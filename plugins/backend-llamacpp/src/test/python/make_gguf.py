"""Writes the GGUF files of the parity tests, all in float32.

    make-fixtures.sh               fetches the converter of the pinned build and runs this
    PYTHONPATH=llama.cpp:llama.cpp/gguf-py python make_gguf.py FAMILIES FORMATS TARGET

transformers/  tiny models of testkit/families, converted by llama.cpp's own converter, without a tokenizer;
               what transformers computes of each is expected.safetensors of its family
reference/     files that llama.cpp's converter wrote for the tests of formats, widened to float32;
               they are compared with the reference backend

Left out of the families: what this converter or this build of llama.cpp does not take (cwm, ernie4-5, glm, gpt2, phi and
others), and checkpoints made odd in ways that GGUF has no key for (gemma2's scale of scores, windows of phi3, qwen2 and
starcoder2, yarn with mscale, olmo3's two kinds of rotation).
"""

import json
import sys
import tempfile
from pathlib import Path

import gguf
import numpy as np
from conversion import ModelBase, TextModel, get_model_class
from safetensors.torch import load_file, save_file
from transformers.models.auto.modeling_auto import MODEL_FOR_CAUSAL_LM_MAPPING_NAMES


def without_vocabulary(self):
    self.gguf_writer.add_tokenizer_model("none")
    size = self.hparams["vocab_size"]
    self.gguf_writer.add_vocab_size(size)
    self.gguf_writer.add_token_list([f"<{i}>" for i in range(size)])  # names of ids, no tokenizer
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


def widen(source, target):
    reader = gguf.GGUFReader(source)
    writer = gguf.GGUFWriter(target, reader.fields["general.architecture"].contents())
    for field in reader.fields.values():
        if field.name.startswith("GGUF.") or field.name in ("general.architecture", "general.file_type"):
            continue
        if field.types[0] == gguf.GGUFValueType.ARRAY:
            writer.add_array(field.name, field.contents())
        else:
            writer.add_key_value(field.name, field.contents(), field.types[0])
    writer.add_file_type(gguf.LlamaFileType.ALL_F32)
    for tensor in reader.tensors:
        writer.add_tensor(tensor.name, gguf.quants.dequantize(tensor.data, tensor.tensor_type).astype(np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


FAMILIES = """apertus arcee bloom cohere exaone4-full falcon-40b falcon-7b gemma glm4 glm4-moe gpt-bigcode gpt-neox granite
granitemoe granitemoeshared llama llama-biased llama-linear llama-yarn llama3 ministral3 mistral3 mixtral olmo olmo2 qwen2
qwen3 qwen3-vl seed-oss stablelm stablelm-parallel""".split()

OF_FORMATS = "cohere2 gemma2 gemma3 gpt-oss gpt2 mistral qwen2moe qwen3moe".split()


def main():
    families, formats, target = map(Path, sys.argv[1:])
    for folder in ("transformers", "reference"):
        (target / folder).mkdir(parents=True, exist_ok=True)
    for case in FAMILIES:
        convert(families / case, target / "transformers" / f"{case}.gguf")
    for case in OF_FORMATS:
        widen(formats / f"{case}.gguf", target / "reference" / f"{case}.gguf")


main()
