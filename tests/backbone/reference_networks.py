"""Independent reference for the backbones, written from their papers' descriptions with PyTorch's layers.

usage: reference_networks.py post-activation-3x3|post-activation-7x7|original|resnet18 OUTPUT.safetensors

Writes weights.* (the state dict), input, c2, c3, c4, c5 and logits as float32. Exits with 77 where PyTorch is missing.
"""

import json
import struct
import sys
from collections import OrderedDict

try:
    import torch
    from torch import nn
    from torch.nn.functional import interpolate, max_pool2d, relu
except ImportError:
    sys.exit(77)

# For each of the four stages: bottleneck width, residual width, dense increment, blocks.
STAGES = [(96, 256, 16, 3), (192, 512, 32, 4), (384, 1024, 24, 20), (768, 2048, 128, 3)]


# ---- DPN92, post-activation: conv -> BN -> ReLU ----


class PostActivationBlock(nn.Module):
    def __init__(self, width_in, bottleneck, residual, increment, stride, first):
        super().__init__()
        self.residual = residual
        width = residual + increment
        self.conv1 = nn.Conv2d(width_in, bottleneck, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(bottleneck)
        self.conv2 = nn.Conv2d(bottleneck, bottleneck, 3, stride=stride, padding=1, groups=32, bias=False)
        self.bn2 = nn.BatchNorm2d(bottleneck)
        self.conv3 = nn.Conv2d(bottleneck, width, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(width)
        self.shortcut = nn.Sequential()
        if first:
            self.shortcut = nn.Sequential(
                nn.Conv2d(width_in, width, 1, stride=stride, bias=False), nn.BatchNorm2d(width)
            )

    def forward(self, x):
        y = relu(self.bn1(self.conv1(x)))
        y = relu(self.bn2(self.conv2(y)))
        y = self.bn3(self.conv3(y))
        x = self.shortcut(x)
        d = self.residual
        return relu(torch.cat([x[:, :d] + y[:, :d], x[:, d:], y[:, d:]], 1))


class PostActivation(nn.Module):
    def __init__(self, large_stem):
        super().__init__()
        self.large_stem = large_stem
        if large_stem:
            self.conv1 = nn.Conv2d(3, 64, 7, stride=2, padding=3, bias=False)
        else:
            self.conv1 = nn.Conv2d(3, 64, 3, stride=1, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        width = 64
        for s, (bottleneck, residual, increment, count) in enumerate(STAGES):
            blocks = []
            for j in range(count):
                stride = 2 if s > 0 and j == 0 else 1
                blocks.append(PostActivationBlock(width, bottleneck, residual, increment, stride, j == 0))
                width = residual + (j + 2) * increment
            setattr(self, f"layer{s + 1}", nn.Sequential(*blocks))
        self.linear = nn.Linear(width, 10)

    def forward(self, x):
        x = relu(self.bn1(self.conv1(x)))
        if self.large_stem:
            x = max_pool2d(x, 3, 2, 1)
        c2 = self.layer1(x)
        c3 = self.layer2(c2)
        c4 = self.layer3(c3)
        c5 = self.layer4(c4)
        return c2, c3, c4, c5, self.linear(c5.mean((2, 3)))


# ---- DPN92, original: BN -> ReLU -> conv, names as in timm. A stage hands on the pair (residual, dense). ----


class BnReluConv(nn.Module):
    def __init__(self, width_in, width_out, kernel, stride=1, groups=1):
        super().__init__()
        self.bn = nn.BatchNorm2d(width_in, eps=1e-3)
        self.conv = nn.Conv2d(
            width_in, width_out, kernel, stride=stride, padding=kernel // 2, groups=groups, bias=False
        )

    def forward(self, x):
        return self.conv(relu(self.bn(x)))


class OriginalBlock(nn.Module):
    def __init__(self, width_in, bottleneck, residual, increment, stride, first):
        super().__init__()
        self.residual = residual
        self.projection = None
        if first:
            self.projection = "c1x1_w_s1" if stride == 1 else "c1x1_w_s2"
            setattr(self, self.projection, BnReluConv(width_in, residual + 2 * increment, 1, stride))
        self.c1x1_a = BnReluConv(width_in, bottleneck, 1)
        self.c3x3_b = BnReluConv(bottleneck, bottleneck, 3, stride, groups=32)
        self.c1x1_c = BnReluConv(bottleneck, residual + increment, 1)

    def forward(self, pair):
        joined = torch.cat(pair, 1)
        if self.projection:
            projected = getattr(self, self.projection)(joined)
            pair = projected[:, : self.residual], projected[:, self.residual :]
        out = self.c1x1_c(self.c3x3_b(self.c1x1_a(joined)))
        return pair[0] + out[:, : self.residual], torch.cat((pair[1], out[:, self.residual :]), 1)


class OriginalStem(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 64, 7, stride=2, padding=3, bias=False)
        self.bn = nn.BatchNorm2d(64, eps=1e-3)

    def forward(self, x):
        return max_pool2d(relu(self.bn(self.conv(x))), 3, 2, 1)


class BnRelu(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.bn = nn.BatchNorm2d(width, eps=1e-3)

    def forward(self, x):
        return relu(self.bn(x))


class Original(nn.Module):
    def __init__(self):
        super().__init__()
        parts = OrderedDict(conv1_1=OriginalStem())
        width = 64
        for s, (bottleneck, residual, increment, count) in enumerate(STAGES, start=2):
            for i in range(1, count + 1):
                stride = 2 if s > 2 and i == 1 else 1
                parts[f"conv{s}_{i}"] = OriginalBlock(width, bottleneck, residual, increment, stride, i == 1)
                width = residual + (i + 2) * increment
        parts["conv5_bn_ac"] = BnRelu(width)
        self.features = nn.Sequential(parts)
        self.classifier = nn.Conv2d(width, 1000, 1)

    def forward(self, x):
        x = self.features.conv1_1(x)
        pair = (x, x[:, :0])  # no dense part before the first block
        taps = []
        for s, (_, _, _, count) in enumerate(STAGES, start=2):
            for i in range(1, count + 1):
                pair = getattr(self.features, f"conv{s}_{i}")(pair)
            taps.append(torch.cat(pair, 1))
        x = self.features.conv5_bn_ac(taps[-1])
        logits = self.classifier(x.mean((2, 3), keepdim=True))
        return *taps, logits[:, :, 0, 0]


# ---- ResNet-18, names as in torchvision ----


class BasicBlock(nn.Module):
    def __init__(self, width_in, width, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(width_in, width, 3, stride=stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.downsample = None
        if stride != 1 or width_in != width:
            self.downsample = nn.Sequential(
                nn.Conv2d(width_in, width, 1, stride=stride, bias=False), nn.BatchNorm2d(width)
            )

    def forward(self, x):
        y = self.bn2(self.conv2(relu(self.bn1(self.conv1(x)))))
        return relu(y + (self.downsample(x) if self.downsample else x))


class ResNet18(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 7, stride=2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.layer1 = nn.Sequential(BasicBlock(64, 64, 1), BasicBlock(64, 64, 1))
        self.layer2 = nn.Sequential(BasicBlock(64, 128, 2), BasicBlock(128, 128, 1))
        self.layer3 = nn.Sequential(BasicBlock(128, 256, 2), BasicBlock(256, 256, 1))
        self.layer4 = nn.Sequential(BasicBlock(256, 512, 2), BasicBlock(512, 512, 1))
        self.fc = nn.Linear(512, 1000)

    def forward(self, x):
        x = max_pool2d(relu(self.bn1(self.conv1(x))), 3, 2, 1)
        c2 = self.layer1(x)
        c3 = self.layer2(c2)
        c4 = self.layer3(c3)
        c5 = self.layer4(c4)
        return c2, c3, c4, c5, self.fc(c5.mean((2, 3)))


# ---- weights that make the comparison meaningful ----


def smooth_pictures(batch, height, width):
    coarse = interpolate(torch.randn(batch, 3, height // 4, width // 4), size=(height, width), mode="bilinear")
    return coarse + 0.3 * torch.randn(batch, 3, height, width)


def condition(net, height, width):
    """Fresh BatchNorms (mean 0, variance 1) would let activations explode over 30 blocks and hide differences.

    Scale and shift are drawn at random and the running statistics gathered from data; scales of the layers that
    feed a residual sum are small, so that the sum stays near one.
    """
    for name, module in net.named_modules():
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
        if isinstance(module, nn.BatchNorm2d):
            module.momentum = None  # a plain average over all batches
            low, high = (0.1, 0.3) if name.endswith(("bn3", "c1x1_c.bn")) else (0.5, 1.2)
            nn.init.uniform_(module.weight, low, high)
            nn.init.uniform_(module.bias, -0.2, 0.2)
    net.train()
    for _ in range(2):
        net(smooth_pictures(4, height, width))
    net.eval()


def write_safetensors(path, tensors):
    kinds = {torch.float32: "F32", torch.int64: "I64"}
    header, offset = {}, 0
    for name, tensor in tensors.items():
        size = tensor.numel() * tensor.element_size()
        header[name] = {
            "dtype": kinds[tensor.dtype],
            "shape": list(tensor.shape),
            "data_offsets": [offset, offset + size],
        }
        offset += size
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as f:
        f.write(struct.pack("<Q", len(text)))
        f.write(text)
        for tensor in tensors.values():
            f.write(tensor.contiguous().numpy().tobytes())


def main(network, path):
    torch.manual_seed(0)
    # Height and width differ, so that mixing them up shows.
    net, height, width = {
        "post-activation-3x3": (lambda: PostActivation(False), 16, 24),
        "post-activation-7x7": (lambda: PostActivation(True), 64, 96),
        "original": (Original, 64, 96),
        "resnet18": (ResNet18, 64, 96),
    }[network]
    net = net()
    with torch.no_grad():
        condition(net, height, width)
        picture = smooth_pictures(2, height, width)
        outputs = dict(zip(("c2", "c3", "c4", "c5", "logits"), net(picture)))
    for name, output in outputs.items():
        deviation = output.std().item()
        assert 0.01 < deviation < 100, f"{name}: standard deviation {deviation}: the weights are badly conditioned"
    state = {"weights." + name: tensor for name, tensor in net.state_dict().items()}
    write_safetensors(path, {**state, "input": picture, **outputs})


main(sys.argv[1], sys.argv[2])
