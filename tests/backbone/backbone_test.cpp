#include "backbone/backbone.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

namespace dualsight {
namespace {

TEST(BackboneTest, ByName) {
  EXPECT_EQ(make_backbone("dpn92")->channels(), (std::array<int64_t, 4>{320, 672, 1528, 2560}));
  EXPECT_EQ(make_backbone("dpn92-original")->channels(), (std::array<int64_t, 4>{336, 704, 1552, 2688}));
  EXPECT_EQ(make_backbone("resnet18")->channels(), (std::array<int64_t, 4>{64, 128, 256, 512}));
  EXPECT_EQ(make_backbone("resnet50"), nullptr);
  EXPECT_EQ(make_backbone(""), nullptr);
}

// Every parameter belongs to exactly one of the five stages.
TEST(BackboneTest, StagesCoverTheNetwork) {
  for (const char* name : {"dpn92", "resnet18"}) {
    const auto net = make_backbone(name);
    std::size_t in_stages = 0;
    for (int stage = 0; stage < 5; ++stage) {
      net->for_stage(stage, [&](torch::nn::Module& module) { in_stages += module.parameters().size(); });
    }
    EXPECT_EQ(in_stages, net->parameters().size()) << name;
  }
}

TEST(BackboneTest, FrozenStagesStayAsTheyAre) {
  const auto net = make_backbone("resnet18");
  net->freeze(2);  // the stem and layer1
  net->train();    // as every epoch does
  const auto before = net->named_buffers()["layer1.0.bn1.running_mean"].clone();
  const auto learning_before = net->named_buffers()["layer2.0.bn1.running_mean"].clone();
  net->features(torch::randn({2, 3, 64, 64}))[3].sum().backward();
  EXPECT_TRUE(torch::equal(net->named_buffers()["layer1.0.bn1.running_mean"], before));
  EXPECT_FALSE(torch::equal(net->named_buffers()["layer2.0.bn1.running_mean"], learning_before));
  for (const auto& item : net->named_parameters()) {
    const bool frozen =
        item.key().rfind("layer1", 0) == 0 || item.key().rfind("conv1", 0) == 0 || item.key().rfind("bn1", 0) == 0;
    EXPECT_EQ(item.value().requires_grad(), !frozen) << item.key();
    EXPECT_EQ(item.value().grad().defined(), !frozen) << item.key();
  }
}

}  // namespace
}  // namespace dualsight
