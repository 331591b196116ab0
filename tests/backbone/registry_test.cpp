#include "backbone/registry.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "backbone/backbone.h"
#include "backbone/dpn.h"

namespace dualsight {
namespace {

TEST(Registry, TheOrderIsThatOfPreference) {
  const auto names = backbone_names();
  EXPECT_EQ(std::vector<std::string>(names.begin(), names.begin() + 3),
            (std::vector<std::string>{"dpn92", "dpn92-original", "resnet18"}));
}

// What the rest of the program takes for granted of every row.
TEST(Registry, EveryBackboneKeepsTheContract) {
  for (const auto& name : backbone_names()) {
    SCOPED_TRACE(name);
    const auto net = find_backbone(name)->make();
    net->eval();
    EXPECT_EQ(net->strides(), (std::array<int64_t, 4>{4, 8, 16, 32}));
    const torch::NoGradGuard no_grad;
    const auto taps = net->features(torch::zeros({1, 3, 64, 96}));
    for (std::size_t i = 0; i < 4; ++i) {
      EXPECT_EQ(taps[i].sizes().vec(), (std::vector<int64_t>{1, net->channels()[i], 64 >> (2 + i), 96 >> (2 + i)}));
    }
  }
}

// features() of any backbone, and the classifiers' stem that is none of a detector's.
TEST(Registry, StridesAreThoseOfTheFeatures) {
  for (const auto stem : {DpnStem::conv3x3, DpnStem::conv7x7}) {
    Dpn net(DpnOptions{}.stem(stem).num_classes(0));
    net->eval();
    const torch::NoGradGuard no_grad;
    const auto taps = net->features(torch::zeros({1, 3, 32, 64}));
    for (std::size_t i = 0; i < 4; ++i) {
      EXPECT_EQ(taps[i].size(2), 32 / net->strides()[i]) << i;
      EXPECT_EQ(taps[i].size(3), 64 / net->strides()[i]) << i;
    }
  }
}

TEST(Registry, OnlyTheOriginalDpnHasSomethingToComplete) {
  EXPECT_FALSE(find_backbone("dpn92")->after_load);
  EXPECT_FALSE(find_backbone("resnet18")->after_load);
  const auto* entry = find_backbone("dpn92-original");
  ASSERT_TRUE(entry->after_load);
  const auto net = entry->make();
  const torch::NoGradGuard no_grad;
  const auto parameters = net->named_parameters();
  parameters["features.conv3_1.c1x1_w_s2.bn.weight"].fill_(7);  // as a file of timm's might have it
  entry->after_load(*net);
  EXPECT_TRUE(parameters["tap_bn2.weight"].eq(7).all().item<bool>());
}

TEST(Registry, ARowCanBeAddedAndReplaced) {
  EXPECT_EQ(find_backbone("added"), nullptr);
  register_backbone({"added", [] { return make_backbone("resnet18"); }});
  const auto* entry = find_backbone("added");
  ASSERT_NE(entry, nullptr);
  EXPECT_EQ(backbone_names().back(), "added");
  EXPECT_EQ(make_backbone("added")->channels()[3], 512);
  register_backbone({"added", [] { return make_backbone("dpn92"); }});
  EXPECT_EQ(find_backbone("added"), entry);
  EXPECT_EQ(make_backbone("added")->channels()[3], 2560);
}

}  // namespace
}  // namespace dualsight
