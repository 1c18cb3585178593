"""Writes the points of the grids of the IQ types as signed bytes, one grid behind the other.

    pip install gguf==0.19.0
    python write_grids.py ../../main/resources/dev/sonde/formats/gguf/grids.bin

The points are numbers that ggml (MIT licence) chose; they are part of the format, as the values of a type are.
"""

import sys
from pathlib import Path

import numpy as np
from gguf import quants

# In the order of dev.sonde.formats.gguf.Grid.
NAMES = ["IQ2_XXS", "IQ2_XS", "IQ2_S", "IQ3_XXS", "IQ3_S", "IQ1_S"]


def main(target):
    grids = []
    for name in NAMES:
        quantised = getattr(quants, name)
        quantised.init_grid()
        grids.append(quantised.grid.reshape(quantised.grid_shape).astype(np.int8).tobytes())
    Path(target).write_bytes(b"".join(grids))


if __name__ == "__main__":
    main(sys.argv[1])
