"""Prints what llama.cpp's own Python package reads from a control vector, one fact a line."""

import sys

import gguf

reader = gguf.GGUFReader(sys.argv[1])
for key in ["general.architecture", "controlvector.model_hint", "controlvector.layer_count"]:
    print(key, reader.fields[key].contents())
for tensor in reader.tensors:
    print(tensor.name, tensor.tensor_type.name, tensor.shape.tolist(), tensor.data.tolist())
