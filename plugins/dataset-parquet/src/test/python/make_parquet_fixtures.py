"""Writes the Parquet files of the tests and rows.json, what pyarrow reads from them.

Pinned: pyarrow 26.0.1. Run it in this folder:

    python make_parquet_fixtures.py
"""

import datetime
import json
import pathlib

import pyarrow
import pyarrow.parquet

OUT = pathlib.Path(__file__).parent.parent / "resources/parquet"
CALL = {"name": "weather", "arguments": "{\"town\": \"Zürich\"}"}
ROWS = [
    {
        "id": f"r{i}",
        "text": text,
        "label": i % 2 == 0,
        "number": i * 10,
        "score": None if i == 3 else i / 4,
        "words": text.split(" "),
        "chat": [
            {"role": "user", "content": text, "calls": None},
            {"role": "assistant", "content": None, "calls": [CALL] if i % 2 else []},
        ],
    }
    for i, text in enumerate(["the cat sat", "größer 你好", "a 😀 b", "line\nbreak", "", "x" * 300] * 40)
]
SCHEMA = pyarrow.schema(
    [
        ("id", pyarrow.string()),
        ("text", pyarrow.large_string()),
        ("label", pyarrow.bool_()),
        ("number", pyarrow.int32()),
        ("score", pyarrow.float64()),
        ("words", pyarrow.list_(pyarrow.string())),
        (
            "chat",
            pyarrow.list_(
                pyarrow.struct(
                    [
                        ("role", pyarrow.string()),
                        ("content", pyarrow.string()),
                        ("calls", pyarrow.list_(pyarrow.struct([("name", pyarrow.string()), ("arguments", pyarrow.string())]))),
                    ]
                )
            ),
        ),
    ]
)


def main():
    table = pyarrow.Table.from_pylist(ROWS, schema=SCHEMA)
    for packing in ("snappy", "zstd", "gzip", "none"):
        pyarrow.parquet.write_table(table, OUT / f"{packing}.parquet", compression=packing, row_group_size=100)
    pyarrow.parquet.write_table(
        table, OUT / "version2.parquet", compression="zstd", data_page_version="2.0", version="2.6", use_dictionary=["label", "number"], write_page_index=True
    )
    with open(OUT / "rows.json", "w", encoding="utf-8") as file:
        json.dump({"rows": pyarrow.parquet.read_table(OUT / "none.parquet").to_pylist()}, file, ensure_ascii=False)
        file.write("\n")
    kinds = pyarrow.table(
        {
            "float": pyarrow.array([0.1], pyarrow.float32()),
            "day": pyarrow.array([datetime.date(2026, 3, 9)]),
            "time": pyarrow.array([datetime.datetime(2026, 3, 9, 14, 5, 6)], pyarrow.timestamp("ms")),
            "bytes": pyarrow.array([b"caf\xc3\xa9"]),
            "picture": pyarrow.array([b"\x89PNG\xff"]),
            "category": pyarrow.array(["yes"]).dictionary_encode(),
            "small": pyarrow.array([7], pyarrow.int8()),
            "map": pyarrow.array([[("a", 1)]], pyarrow.map_(pyarrow.string(), pyarrow.int64())),
        }
    )
    pyarrow.parquet.write_table(kinds, OUT / "kinds.parquet")
    latin = pyarrow.Array.from_buffers(
        pyarrow.string(), 1, [None, pyarrow.py_buffer(b"\x00\x00\x00\x00\x04\x00\x00\x00"), pyarrow.py_buffer(b"caf\xe9")]
    )
    pyarrow.parquet.write_table(pyarrow.table({"text": latin}), OUT / "latin1.parquet", use_dictionary=False)
    twice = pyarrow.table([pyarrow.array(["a"]), pyarrow.array(["b"])], names=["text", "text"])
    pyarrow.parquet.write_table(twice, OUT / "twice.parquet")


if __name__ == "__main__":
    main()
