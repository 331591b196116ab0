// Weights of a module by name (safetensors.h): reading them out and copying them in.
#include <gtest/gtest.h>
#include <torch/torch.h>

#include <map>
#include <set>

#include "backbone/safetensors.h"

namespace dualsight {
namespace {

torch::nn::Sequential small_module() {
  return torch::nn::Sequential(torch::nn::Conv2d(torch::nn::Conv2dOptions(2, 3, 1).bias(false)),
                               torch::nn::BatchNorm2d(3));
}

TEST(StateDictTest, ParametersAndBuffersByDottedName) {
  std::set<std::string> names;
  for (const auto& [name, tensor] : state_dict(*small_module())) {
    names.insert(name);
    EXPECT_FALSE(tensor.requires_grad());
  }
  EXPECT_EQ(names, (std::set<std::string>{"0.weight", "1.weight", "1.bias", "1.running_mean", "1.running_var",
                                          "1.num_batches_tracked"}));
}

TEST(StateDictTest, LoadingCopiesAndConverts) {
  auto from = small_module(), to = small_module();
  NamedTensors tensors;
  for (const auto& [name, tensor] : state_dict(*from)) {
    const auto value = tensor.is_floating_point() ? torch::rand_like(tensor) : torch::full_like(tensor, 9);
    tensors.emplace_back(name, tensor.dim() == 4 ? value.to(torch::kBFloat16) : value);
  }
  const auto loaded = load_state_dict(*to, tensors);
  ASSERT_TRUE(loaded) << loaded.error().message;
  const auto weight = to->named_parameters()["0.weight"];
  EXPECT_EQ(weight.scalar_type(), torch::kFloat);
  EXPECT_TRUE(weight.requires_grad());
  EXPECT_FALSE(weight.grad_fn());
  std::map<std::string, torch::Tensor> result;
  for (const auto& [name, tensor] : state_dict(*to)) result.emplace(name, tensor);
  for (const auto& [name, tensor] : tensors) EXPECT_TRUE(torch::equal(result[name], tensor.to(result[name].dtype())));
}

TEST(StateDictTest, NumBatchesTrackedMayBeMissing) {
  auto module = small_module();
  NamedTensors tensors;
  for (const auto& [name, tensor] : state_dict(*module)) {
    if (name != "1.num_batches_tracked") tensors.emplace_back(name, tensor.clone());
  }
  EXPECT_TRUE(load_state_dict(*module, tensors));
}

TEST(StateDictTest, MisfitsAreOneErrorAndNothingIsCopied) {
  auto module = small_module();
  const auto before = module->named_parameters()["1.bias"].clone();
  const auto loaded = load_state_dict(*module, {{"0.weight", torch::zeros({3, 3, 1, 1})},
                                                {"1.bias", torch::full({3}, 5.0F)},
                                                {"1.weight", torch::zeros(3)},
                                                {"1.weight", torch::zeros(3)},
                                                {"head\n", torch::zeros(3)},
                                                {"1.running_mean", torch::zeros(3)}});
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().kind, ErrorKind::model);
  EXPECT_EQ(loaded.error().message,
            "weights do not fit the model; missing 1: 1.running_var; unexpected 2: \"1.weight\", \"head\\u000a\"; "
            "mis-shaped 1: 0.weight (is [3, 3, 1, 1], should be [3, 2, 1, 1])");
  EXPECT_TRUE(torch::equal(module->named_parameters()["1.bias"], before));
}

TEST(StateDictTest, LongListsAreCut) {
  torch::nn::Sequential module;
  for (int i = 0; i < 7; ++i) module->push_back(torch::nn::Linear(1, 1));  // 7 weights + 7 biases
  const auto loaded = load_state_dict(*module, {});
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().message,
            "weights do not fit the model; missing 14: 0.bias, 0.weight, 1.bias, 1.weight, 2.bias and 9 more");
}

}  // namespace
}  // namespace dualsight
