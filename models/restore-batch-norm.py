#!/usr/bin/env python3
"""BatchNorm for a ResNet whose BatchNorm was folded into its convolutions, so that it can be trained on.

  restore-batch-norm.py FOLDED.safetensors PICTURES OUTPUT.safetensors [SIZE = 224] [COUNT = 300]

FOLDED has torchvision's names of a ResNet of two-convolution blocks (ResNet-18, ResNet-34): `weight` and `bias` of each
convolution. COUNT JPEGs of the folder PICTURES, spread evenly over it, are shown to the network as the trainer shows
them: letterboxed on grey 114 to SIZE x SIZE, RGB, less ImageNet's mean, over its deviation. Of each convolution's
output, without the bias, the mean and the variance of each channel become BatchNorm's running statistics; with
weight = sqrt(variance + eps) and bias = mean + folded bias it changes nothing. The outputs of all stages before and
after are compared; a difference over 0.001 is an error and nothing is written.

A convolution whose weights are missing is left out with its BatchNorm: the trainer initialises both. Its block then adds
nothing to its shortcut, which is how the trainer's blocks start. The classifier (`fc`) is left out. OUTPUT is float32,
for `dualsight train --init`. Needs python3-torch and ffmpeg.
"""
import json
import math
import pathlib
import struct
import subprocess
import sys

import torch
import torch.nn.functional as F

EPS = 1e-5           # of BatchNorm2d
GREY = "0x727272"   # 114
MEAN, DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
TOLERANCE = 1e-3
DTYPES = {"F16": torch.float16, "F32": torch.float32}
BATCH = 20


def read(path):
    """Tensors of a safetensors file, as float32."""
    content = pathlib.Path(path).read_bytes()
    end = 8 + struct.unpack("<Q", content[:8])[0]
    header = json.loads(content[8:end])
    header.pop("__metadata__", None)
    tensors = {}
    for name, entry in header.items():
        if entry["dtype"] not in DTYPES:
            sys.exit(f"{path}: {name} is {entry['dtype']}, neither F16 nor F32")
        begin, stop = entry["data_offsets"]
        flat = torch.frombuffer(bytearray(content[end + begin:end + stop]), dtype=DTYPES[entry["dtype"]])
        tensors[name] = flat.reshape(entry["shape"]).float()
    return tensors


def write(path, tensors):
    header, data, offset = {}, [], 0
    for name, tensor in sorted(tensors.items()):
        data.append(tensor.contiguous().numpy().tobytes())
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [offset, offset + len(data[-1])]}
        offset += len(data[-1])
    head = json.dumps(header).encode()
    head += b" " * (-len(head) % 8)
    pathlib.Path(path).write_bytes(struct.pack("<Q", len(head)) + head + b"".join(data))


def norm_of(name):
    """The BatchNorm after a convolution, by torchvision's names."""
    return name[:-len("0")] + "1" if name.endswith("downsample.0") else name.replace("conv", "bn")


def stages(network, x, convolve):
    """Outputs of the stem and of each layer. convolve(name, x, stride): the named convolution and its BatchNorm."""
    has = lambda name: f"{name}.weight" in network
    x = F.max_pool2d(F.relu(convolve("conv1", x, 2)), kernel_size=3, stride=2, padding=1)
    outputs = [x]
    for layer in range(1, 5):
        block = 0
        while any(name.startswith(f"layer{layer}.{block}.") for name in network):
            prefix = f"layer{layer}.{block}"
            stride = 2 if layer > 1 and block == 0 else 1
            short = convolve(f"{prefix}.downsample.0", x, stride) if has(f"{prefix}.downsample.0") else x
            if has(f"{prefix}.conv1") and has(f"{prefix}.conv2"):
                short = short + convolve(f"{prefix}.conv2", F.relu(convolve(f"{prefix}.conv1", x, stride)), 1)
            x = F.relu(short)
            block += 1
        outputs.append(x)
    return outputs


def convolution(network, name, x, stride):
    weight = network[f"{name}.weight"]
    return F.conv2d(x, weight, stride=stride, padding=weight.shape[-1] // 2)


def folded(network):
    return lambda name, x, stride: convolution(network, name, x, stride) + network[f"{name}.bias"].view(1, -1, 1, 1)


def restored(network):
    def convolve(name, x, stride):
        norm = norm_of(name)
        mean, variance, weight, bias = (network[f"{norm}.{key}"]
                                        for key in ("running_mean", "running_var", "weight", "bias"))
        return F.batch_norm(convolution(network, name, x, stride), mean, variance, weight, bias, training=False, eps=EPS)
    return convolve


def restore(network, batches):
    """The network with BatchNorm again, its statistics those of `batches`."""
    sums = {}  # by convolution: values a channel, their sum, the sum of their squares

    def convolve(name, x, stride):
        y = convolution(network, name, x, stride)
        flat = y.transpose(0, 1).flatten(1).double()
        count, total, squares = sums.get(name, (0, 0, 0))
        sums[name] = (count + flat.shape[1], total + flat.sum(1), squares + flat.square().sum(1))
        return y + network[f"{name}.bias"].view(1, -1, 1, 1)

    for batch in batches:
        stages(network, batch, convolve)
    result = {}
    for name, (count, total, squares) in sums.items():
        mean = total / count
        variance = (squares / count - mean.square()).clamp_min(0)
        norm = norm_of(name)
        result[f"{name}.weight"] = network[f"{name}.weight"]
        result[f"{norm}.running_mean"] = mean.float()
        result[f"{norm}.running_var"] = variance.float()
        result[f"{norm}.weight"] = (variance + EPS).sqrt().float()
        result[f"{norm}.bias"] = (mean + network[f"{name}.bias"].double()).float()
    return result


def decode(path, size):
    """A picture letterboxed to size x size, RGB bytes."""
    fit = (f"scale={size}:{size}:force_original_aspect_ratio=decrease:flags=area,"
           f"pad={size}:{size}:(ow-iw)/2:(oh-ih)/2:color={GREY}")
    return subprocess.run(["ffmpeg", "-v", "error", "-i", path, "-frames:v", "1", "-vf", fit, "-pix_fmt", "rgb24",
                           "-f", "rawvideo", "-"], check=True, stdout=subprocess.PIPE).stdout


def pictures(folder, size, count):
    """Batches [B, 3, size, size] of the folder's JPEGs."""
    files = sorted(path for path in pathlib.Path(folder).iterdir() if path.suffix.lower() in (".jpg", ".jpeg"))
    if not files:
        sys.exit(f"{folder}: no JPEG in it")
    files = files[::math.ceil(len(files) / count)]
    mean, deviation = (torch.tensor(values).view(1, 3, 1, 1) for values in (MEAN, DEVIATION))
    for first in range(0, len(files), BATCH):
        batch = files[first:first + BATCH]
        pixels = b"".join(decode(path, size) for path in batch)
        values = torch.frombuffer(bytearray(pixels), dtype=torch.uint8).reshape(len(batch), size, size, 3)
        yield (values.permute(0, 3, 1, 2).float() / 255 - mean) / deviation


def difference(before, after, batches):
    """Largest difference of any stage's output."""
    return max(float((a - b).abs().max()) for batch in batches
               for a, b in zip(stages(before, batch, folded(before)), stages(after, batch, restored(after))))


def main():
    source, folder, output = sys.argv[1:4]
    size, count = (int(value) for value in (sys.argv[4:] + ["224", "300"][len(sys.argv) - 4:]))
    network = read(source)
    with torch.no_grad():
        after = restore(network, pictures(folder, size, count))
        apart = difference(network, after, pictures(folder, size, BATCH))
    left_out = sorted(name[:-len(".bias")] for name in network
                      if name.endswith(".bias") and f"{name[:-len('bias')]}weight" not in after)
    print(f"largest difference of the outputs: {apart:.2g}; left out: {', '.join(left_out) or 'nothing'}")
    if apart > TOLERANCE:
        sys.exit(f"over {TOLERANCE}: nothing written")
    write(output, after)


if __name__ == "__main__":
    main()
