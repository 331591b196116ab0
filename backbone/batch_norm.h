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

// Every BatchNorm2d below `module` goes into eval mode and its weight and bias stop learning. module.train() undoes the
// mode, so call this after it.
void freeze_batch_norm(torch::nn::Module& module);

// A convolution with bias that computes batch_norm(conv(x)) in eval mode. Grouped convolutions and convolutions with a
// bias are fine. The weights are float32 copies; the arguments stay as they are.
torch::nn::Conv2d fold_batch_norm(const torch::nn::Conv2d& conv, const torch::nn::BatchNorm2d& batch_norm);

}  // namespace dualsight
