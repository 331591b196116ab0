#!/usr/bin/env python3
"""The mean of two trained models of one architecture, where one was trained on from the other (Wortsman et al., "Model
soups", ICML 2022).

  average-weights.py A.safetensors B.safetensors OUTPUT.safetensors [SHARE OF B = 0.5]

Both as `dualsight train` writes them (float32); all else, such as the input size and the ranges of int8, is A's.
"""
import array
import json
import pathlib
import struct
import sys


def read(path):
    """Header and tensor data of a safetensors file."""
    content = pathlib.Path(path).read_bytes()
    end = 8 + struct.unpack("<Q", content[:8])[0]
    return json.loads(content[8:end]), content[:end], content[end:]


def main():
    a, head, data_a = read(sys.argv[1])
    b, _, data_b = read(sys.argv[2])
    share = float(sys.argv[4]) if len(sys.argv) > 4 else 0.5
    out = bytearray(data_a)
    for name, tensor in a.items():
        if name == "__metadata__" or name.startswith("int8_range."):
            continue
        if tensor["dtype"] != "F32":
            sys.exit(f"{sys.argv[1]}: its {name} is not float32 (`dualsight convert --storage f32` makes it so)")
        if name not in b or any(b[name][key] != tensor[key] for key in ("dtype", "shape")):
            sys.exit(f"{sys.argv[2]}: its {name} is not like that of {sys.argv[1]}")
        begin, end = tensor["data_offsets"]
        begin_b, end_b = b[name]["data_offsets"]
        mean = array.array("f", ((1 - share) * x + share * y for x, y in zip(array.array("f", data_a[begin:end]),
                                                             array.array("f", data_b[begin_b:end_b]))))
        out[begin:end] = mean.tobytes()
    pathlib.Path(sys.argv[3]).write_bytes(head + out)


if __name__ == "__main__":
    main()
