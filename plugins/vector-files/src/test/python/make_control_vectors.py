"""Writes the control vectors of the tests with llama.cpp's own Python package.

    pip install -r requirements.txt
    python make_control_vectors.py ../resources

repeng.gguf     metadata in the order and types in which repeng writes them: layer_count is UINT32
llama-cpp.gguf  as llama.cpp's cvector-generator: layer_count is INT32
odd.gguf        further metadata of every scalar type, an alignment of 64, layers out of order
"""

import sys
from pathlib import Path

import gguf
import numpy as np

WIDTH = 5


def direction(layer):
    """Known numbers, some of which decimal texts would lose: the smallest, the negative zero."""
    return np.array([layer, -0.0, 1e-45, -layer / 3, 3.4e38], dtype=np.float32)


def finish(writer, layers):
    for layer in layers:
        writer.add_tensor(f"direction.{layer}", direction(layer))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def main(folder):
    writer = gguf.GGUFWriter(folder / "repeng.gguf", "controlvector")
    writer.add_string("controlvector.model_hint", "mistral")
    writer.add_uint32("controlvector.layer_count", 3)
    finish(writer, [1, 2, 3])

    writer = gguf.GGUFWriter(folder / "llama-cpp.gguf", "controlvector")
    writer.add_string("controlvector.model_hint", "llama")
    writer.add_int32("controlvector.layer_count", 2)
    finish(writer, [1, 2])

    writer = gguf.GGUFWriter(folder / "odd.gguf", "controlvector")
    writer.add_custom_alignment(64)
    writer.add_string("controlvector.model_hint", "naïve: INT32")
    writer.add_uint8("a.uint8", 200)
    writer.add_int8("a.int8", -100)
    writer.add_uint16("a.uint16", 60_000)
    writer.add_int16("a.int16", -30_000)
    writer.add_uint64("a.uint64", 2**64 - 1)
    writer.add_int64("a.int64", -(2**62))
    writer.add_float32("a.float32", 1e-5)
    writer.add_float64("a.float64", 1e-300)
    writer.add_bool("a.bool", True)
    finish(writer, [7, 2])


main(Path(sys.argv[1]))
