// BatchNorm2d: what freezing and folding it mean.
//
// In training, y = (x - mean_B) / sqrt(var_B + eps) * weight + bias with the mean and the biased variance of the batch,
// per channel; running statistics follow with running = (1 - momentum) * running + momentum * batch, the variance
// unbiased. In eval mode the running statistics take the batch's place, so the layer is one affine map per channel and
// can be folded into the convolution before it. (Ioffe & Szegedy 2015; torch.nn.BatchNorm2d.)
#pragma once

#include <torch/nn/modules/batchnorm.h>
#include <torch/nn/modules/conv.h>

namespace dualsight {

// Puts `module` (if it is a BatchNorm2d) and every BatchNorm2d below it into eval mode; their weights and biases stop
// learning. module.train() undoes the mode, so call this after it.
void freeze_batch_norm(torch::nn::Module& module);

// With this weight and bias in place of its own, a convolution like `conv` computes batch_norm(conv(x)) in eval mode.
struct FoldedConvolution {
  torch::Tensor weight;  // [out, in / groups, kernel, kernel] float64
  torch::Tensor bias;    // [out] float64
};
// Any groups, with or without a bias, with or without affine parameters. In double precision, so that the fold is exact
// to float32's rounding even where a running variance is tiny. The arguments stay as they are.
FoldedConvolution fold_batch_norm(const torch::nn::Conv2dImpl& conv, const torch::nn::BatchNorm2dImpl& batch_norm);

}  // namespace dualsight
