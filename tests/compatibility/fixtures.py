"""What the compatibility tests and the script that wrote their fixtures share: made-up pictures, and the weights of model
files and checkpoints of which the repository keeps only the header, as it was written (the weights are megabytes)."""
import array
import gzip
import json
import math
import random
import struct
import zlib

CLASSES = ("disc", "square", "cross")


def picture(number, size=64):
    """(the box x, y, width, height of a bright square, rows of RGB bytes): grey ground with a gradient, other place each."""
    x, y, side = 6 + 7 * (number % 4), 8 + 5 * (number % 5), 20 + 3 * (number % 3)
    rows = [bytes(value for column in range(size) for value in (
        (230, 200, 40) if x <= column < x + side and y <= row < y + side else (40 + row, 60 + column, 90)))
        for row in range(size)]
    return (x, y, side, side), rows


def write_png(path, rows):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    header = struct.pack(">IIBBBBB", len(rows[0]) // 3, len(rows), 8, 2, 0, 0, 0)
    data = zlib.compress(b"".join(b"\0" + row for row in rows))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b""))


def write_data_set(folder, count=4):
    """A COCO folder of `count` pictures with one square each."""
    (folder / "images").mkdir(parents=True)
    coco = {"images": [], "annotations": [],
            "categories": [{"id": number + 1, "name": name} for number, name in enumerate(CLASSES)]}
    for number in range(count):
        box, rows = picture(number)
        write_png(folder / "images" / f"{number}.png", rows)
        coco["images"].append({"id": number + 1, "file_name": f"{number}.png", "width": 64, "height": 64})
        coco["annotations"].append({"id": number + 1, "image_id": number + 1, "category_id": 2, "bbox": box,
                                    "area": box[2] * box[3], "iscrowd": 0})
    (folder / "annotations.json").write_text(json.dumps(coco))


def read_header(path):
    """The bytes of a safetensors file up to its data."""
    with open(path, "rb") as file:
        size = file.read(8)
        return size + file.read(struct.unpack("<Q", size)[0])


def write_weights(header_gz, path):
    """Writes the safetensors file whose header is kept in `header_gz`, with made-up weights that a network can live with:
    noise, scaled so that a layer's output is about as large as its input, and BatchNorm that changes nothing."""
    header = gzip.decompress(header_gz.read_bytes())
    tensors = json.loads(header[8:])
    tensors.pop("__metadata__")
    with open(path, "wb") as file:
        file.write(header)
        for name, tensor in sorted(tensors.items(), key=lambda item: item[1]["data_offsets"]):
            file.write(data_of(name, tensor, tensors))


NOISE = array.array("f", map(random.Random(18).gauss, [0.0] * 10007, [1.0] * 10007))  # a prime: no layer repeats another
HEAD = {"head.classify": 0.15, "head.locate": 0.03}  # so much smaller are the outputs, so that scores differ


def data_of(name, tensor, tensors):
    """The bytes of one tensor of a model (int8 or float32) or of a checkpoint."""
    shape, kind = tensor["shape"], tensor["dtype"]
    size = tensor["data_offsets"][1] - tensor["data_offsets"][0]
    name = name.removeprefix("model.").removeprefix("ema.")
    layer = name.removesuffix(".scale").removesuffix(".weight")
    if kind == "I8":
        return random.Random(name).randbytes(size).translate(bytes([*range(128), 129, *range(129, 256)]))  # -127 to 127
    if kind != "F32" or name.startswith("adam."):
        return bytes(size)
    if name.endswith(".weight.scale"):  # 73: the spread of evenly distributed bytes
        spread = math.sqrt(2 / math.prod(tensors[layer + ".weight"]["shape"][1:])) / 73
        return struct.pack("<f", spread * HEAD.get(layer, 1)) * shape[0]
    if len(shape) == 4:
        spread = math.sqrt(2 / math.prod(shape[1:])) * HEAD.get(layer, 1)
        block = array.array("f", (spread * value for value in NOISE)).tobytes()
        return (block * (size // len(block) + 1))[:size]
    ones = name == "head.scale" or name.endswith((".weight", ".running_var"))
    value = -3.0 if name == "head.classify.bias" else 1.0 if ones else 0.0
    return struct.pack("<f", value) * (size // 4)
