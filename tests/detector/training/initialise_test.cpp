#include "detector/training/initialise.h"

#include <gtest/gtest.h>
#include <torch/torch.h>
#include <unistd.h>

#include <filesystem>

#include "backbone/backbone.h"
#include "backbone/registry.h"
#include "backbone/safetensors.h"

namespace dualsight {
namespace {

namespace fs = std::filesystem;

// Two tensors, of which files from elsewhere have one; after_load sets the other.
struct TinyBackbone : Backbone {
  TinyBackbone() {
    weight = register_parameter("weight", torch::zeros({2}));
    tap = register_parameter("tap", torch::zeros({2}));
  }
  std::array<torch::Tensor, 4> features(torch::Tensor) override { return {}; }
  std::array<int64_t, 4> channels() const override { return {}; }
  void for_stage(int, const std::function<void(torch::nn::Module&)>&) override {}
  torch::Tensor weight, tap;
};

struct TinyNet : torch::nn::Module {
  TinyNet() { backbone = register_module("backbone", std::make_shared<TinyBackbone>()); }
  std::shared_ptr<TinyBackbone> backbone;
};

class InitialiseFrom : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    register_backbone({"tiny", [] { return std::make_shared<TinyBackbone>(); },
                       [](Backbone& backbone) {
                         torch::NoGradGuard no_grad;
                         auto& tiny = dynamic_cast<TinyBackbone&>(backbone);
                         tiny.tap.copy_(2 * tiny.weight);
                       }});
  }
  void TearDown() override { fs::remove(path_); }
  fs::path path_ = fs::temp_directory_path() / ("dualsight_init_" + std::to_string(::getpid()) + ".safetensors");
};

TEST_F(InitialiseFrom, AFileOfTheBackboneAloneIsCompletedByIt) {
  ASSERT_TRUE(write_safetensors(path_, {{"weight", torch::tensor({3.F, 4.F})}, {"fc", torch::ones({5})}}, {}));
  TinyNet net;
  const auto taken = initialise_from(net, "tiny", path_.string());
  ASSERT_TRUE(taken) << taken.error().message;
  EXPECT_EQ(*taken, path_.string() + ": 1 of 2 tensors taken, the rest stays as it was");
  EXPECT_TRUE(net.backbone->weight.equal(torch::tensor({3.F, 4.F})));
  EXPECT_TRUE(net.backbone->tap.equal(torch::tensor({6.F, 8.F})));
}

TEST_F(InitialiseFrom, AFileOfWhichNothingFitsIsAnError) {
  ASSERT_TRUE(write_safetensors(path_, {{"weight", torch::ones({3})}, {"fc", torch::ones({5})}}, {}));
  TinyNet net;
  const auto taken = initialise_from(net, "tiny", path_.string());
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().kind, ErrorKind::model);
  EXPECT_EQ(taken.error().message, path_.string() + ": nothing in it fits this network");
  EXPECT_TRUE(net.backbone->weight.equal(torch::zeros({2})));
}

}  // namespace
}  // namespace dualsight
