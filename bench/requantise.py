"""Writes a GGUF file with its matrices in another type: python requantise.py IN.gguf OUT.gguf F32|F16|Q8_0|Q4_0|Q4_1"""

import sys

import gguf
import numpy as np

source, target, name = sys.argv[1:]
kind = gguf.GGMLQuantizationType[name]
reader = gguf.GGUFReader(source)
writer = gguf.GGUFWriter(target, reader.fields["general.architecture"].contents())
for field in reader.fields.values():
    if field.name.startswith("GGUF.") or field.name in ("general.architecture", "general.file_type"):
        continue
    if field.types[0] == gguf.GGUFValueType.ARRAY:
        writer.add_array(field.name, field.contents())
    else:
        writer.add_key_value(field.name, field.contents(), field.types[0])
for tensor in reader.tensors:
    numbers = gguf.quants.dequantize(tensor.data, tensor.tensor_type).astype(np.float32)
    if numbers.ndim == 2:
        writer.add_tensor(tensor.name, gguf.quants.quantize(numbers, kind), raw_dtype=kind)
    else:
        writer.add_tensor(tensor.name, numbers)
writer.write_header_to_file()
writer.write_kv_data_to_file()
writer.write_tensors_to_file()
writer.close()
