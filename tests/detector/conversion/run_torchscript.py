"""Runs an exported TorchScript file as any Python program would: nothing here knows the project.

usage: run_torchscript.py MODEL SIZE INPUT OUTPUT

INPUT holds [1, 3, SIZE, SIZE] float32. Writes OUTPUT.0 and OUTPUT.1, the two results' float32, and OUTPUT.json, the
metadata. Exits with 77 where PyTorch is missing.
"""

import pathlib
import sys

try:
    import torch
except ImportError:
    sys.exit(77)

model, size, source, output = sys.argv[1], int(sys.argv[2]), pathlib.Path(sys.argv[3]), sys.argv[4]
images = torch.frombuffer(bytearray(source.read_bytes()), dtype=torch.float32).view(1, 3, size, size)
files = {"metadata.json": ""}
network = torch.jit.load(model, _extra_files=files)
network.eval()
with torch.no_grad():
    results = network(images)
for i, result in enumerate(results):
    pathlib.Path(f"{output}.{i}").write_bytes(result.contiguous().numpy().tobytes())
pathlib.Path(f"{output}.json").write_bytes(files["metadata.json"])
