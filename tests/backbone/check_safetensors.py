"""Reads the file that SafetensorsTest.PythonReadsWhatWeWrite wrote, with nothing but the format's description.

Prints "ok" and exits with 0, or fails with the assertion that does not hold.
"""

import json
import struct
import sys

import numpy as np

with open(sys.argv[1], "rb") as f:
    data = f.read()
(length,) = struct.unpack("<Q", data[:8])
assert (8 + length) % 8 == 0, "data must start on an 8-byte boundary"
header = json.loads(data[8 : 8 + length].decode("utf-8"))
body = data[8 + length :]

metadata = header.pop("__metadata__")
assert metadata == {"classes": "cat\ndog", "name": 'a "quoted" \\ \u732b \U0001f431 \x01'}, metadata

# bf16 is the upper half of a float32: numpy has no such type.
kinds = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2", "I64": "<i8", "I32": "<i4", "I16": "<i2", "I8": "i1",
         "U8": "u1", "BOOL": "?"}


def tensor(name):
    entry = header[name]
    begin, end = entry["data_offsets"]
    array = np.frombuffer(body[begin:end], kinds[entry["dtype"]]).reshape(entry["shape"])
    if entry["dtype"] == "BF16":
        array = (array.astype("<u4") << 16).view("<f4")
    return entry["dtype"], array


expected = {
    "f64": ("F64", [[1.5, -2.25]]),
    "f32": ("F32", [[1.0, -2.5], [3.25, 0.0009765625]]),
    "f32_transposed": ("F32", [[1.0, 3.25], [-2.5, 0.0009765625]]),
    "f16": ("F16", [1.5, -65504.0, 0.0]),
    "bf16": ("BF16", [1.0, -3.140625, 2.0**100]),
    "i64": ("I64", [2**62, -1]),
    "i32": ("I32", [-(2**31), 7]),
    "i16": ("I16", [-32768, 32767]),
    "i8": ("I8", [[[-128], [127], [5]]]),
    "u8": ("U8", [0, 255, 3]),
    "bool": ("BOOL", [True, False, True]),
    "scalar": ("I64", 42),
    "empty": ("F32", np.zeros((0, 3))),
}
assert set(header) == set(expected), set(header) ^ set(expected)
for name, (dtype, values) in expected.items():
    got_dtype, got = tensor(name)
    assert got_dtype == dtype, (name, got_dtype)
    assert np.array_equal(got, np.array(values)), (name, got)
assert header["empty"]["shape"] == [0, 3]
ranges = sorted(tuple(entry["data_offsets"]) for entry in header.values())
assert [0] + [end for _, end in ranges] == [begin for begin, _ in ranges] + [len(body)], "holes or overlaps"
print("ok")
