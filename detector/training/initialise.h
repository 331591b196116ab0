// Weights to start a training from.
#pragma once

#include <torch/nn/module.h>

#include <string>

#include "backbone/result.h"

namespace dualsight {

// Copies into `network` what fits it, by name and shape, out of a model file of ours, or out of any safetensors file
// whose names are those of the backbone alone (from timm, torchvision). `architecture` names the network's backbone.
// Returns a line for people that says how much fitted. Errors (ErrorKind::model): the file cannot be read, or nothing
// in it fits.
Result<std::string> initialise_from(torch::nn::Module& network, const std::string& architecture,
                                    const std::string& path);

}  // namespace dualsight
