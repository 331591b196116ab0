// Runs tests/backbone/reference_networks.py, an independent implementation of the backbones in PyTorch, and compares.
#pragma once

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <torch/torch.h>
#include <unistd.h>

#include <array>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "backbone/safetensors.h"

#ifndef DUALSIGHT_PYTHON
#define DUALSIGHT_PYTHON "/usr/bin/python3"
#endif

namespace dualsight::reference {

struct Network {
  NamedTensors weights;
  torch::Tensor input;
  std::array<torch::Tensor, 4> features;  // C2..C5
  torch::Tensor logits;
};

// Empty, after ADD_FAILURE, when the program fails; empty without a failure when there is no Python or no PyTorch.
inline std::optional<Network> run(const std::string& network) {
  const std::filesystem::path path =
      testing::TempDir() + "reference_" + network + '_' + std::to_string(getpid()) + ".safetensors";
  const std::string command = std::string(DUALSIGHT_PYTHON) +
                              " '" DUALSIGHT_SOURCE_DIR "/tests/backbone/reference_networks.py' " + network + " '" +
                              path.string() + "'";
  const int status = std::system(command.c_str());
  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  if (code == 77 || code == 127) return std::nullopt;  // no PyTorch; no Python
  const auto file = Safetensors::open(path);
  std::filesystem::remove(path);  // the mapping keeps the data
  if (code != 0 || !file) {
    ADD_FAILURE() << command << "\nexit code " << code << (file ? "" : "; " + file.error().message);
    return std::nullopt;
  }
  Network result;
  const std::string prefix = "weights.";
  for (const auto& name : file->names()) {
    if (name.rfind(prefix, 0) == 0) result.weights.emplace_back(name.substr(prefix.size()), *file->view(name));
  }
  result.input = *file->tensor("input");
  for (std::size_t i = 0; i < 4; ++i) result.features[i] = *file->tensor("c" + std::to_string(i + 2));
  result.logits = *file->tensor("logits");
  return result;
}

// max |actual - expected| / max |expected|
inline double relative_error(const torch::Tensor& actual, const torch::Tensor& expected) {
  if (actual.sizes() != expected.sizes()) return INFINITY;
  const auto difference = (actual.to(torch::kDouble) - expected.to(torch::kDouble)).abs().max().item<double>();
  return difference / expected.abs().max().item<double>();
}

// Strict loading (so every name and shape agrees), then all four taps and the logits to 1e-4.
template <typename Module>
void expect_parity(Module& module, const Network& expected) {
  const auto loaded = load_state_dict(*module, expected.weights);
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_EQ(state_dict(*module).size(), expected.weights.size());
  module->eval();
  const torch::NoGradGuard no_grad;
  const auto features = module->features(expected.input);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_LT(relative_error(features[i], expected.features[i]), 1e-4) << "C" << i + 2;
  }
  EXPECT_LT(relative_error(module->forward(expected.input), expected.logits), 1e-4);
}

// ---- counting ----

inline int64_t count_parameters(const torch::nn::Module& module, const std::string& prefix = "") {
  int64_t count = 0;
  for (const auto& item : module.named_parameters()) {
    if (item.key().rfind(prefix, 0) == 0) count += item.value().numel();
  }
  return count;
}

using Shapes = std::map<std::string, std::vector<int64_t>>;

inline Shapes shapes(const torch::nn::Module& module) {
  Shapes result;
  for (const auto& [name, tensor] : state_dict(module)) result.emplace(name, tensor.sizes().vec());
  return result;
}

// The five entries of a BatchNorm.
inline void add_batch_norm(Shapes& to, const std::string& name, int64_t channels) {
  for (const char* entry : {"weight", "bias", "running_mean", "running_var"}) to[name + '.' + entry] = {channels};
  to[name + ".num_batches_tracked"] = {};
}

}  // namespace dualsight::reference
