#include "backbone/dpn.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "tests/backbone/reference_network.h"

namespace dualsight {
namespace {

using reference::add_batch_norm;
using reference::count_parameters;
using reference::Shapes;
using Shape = std::vector<int64_t>;

// Bottleneck, residual width, dense increment, blocks, channels into the first block of each stage.
struct Row {
  int64_t r, bw, inc, n, first_in;
};

std::array<Shape, 4> tap_shapes(Backbone& net, int64_t height, int64_t width) {
  const torch::NoGradGuard no_grad;
  net.eval();
  const auto features = net.features(torch::zeros({2, 3, height, width}));
  return {features[0].sizes().vec(), features[1].sizes().vec(), features[2].sizes().vec(), features[3].sizes().vec()};
}

// ---- post-activation --------------------------------------------------------------------------------------------

Dpn post_activation(DpnStem stem, int64_t classes) { return Dpn(DpnOptions{}.stem(stem).num_classes(classes)); }

TEST(DpnTest, ParameterCounts) {
  // The classifier: 2560 * 10 + 10 = 25,610. The 7x7 stem: 3 * 64 * (49 - 9) = 7,680 more than the 3x3.
  EXPECT_EQ(count_parameters(*post_activation(DpnStem::conv3x3, 10)), 34'236'634);
  EXPECT_EQ(count_parameters(*post_activation(DpnStem::conv3x3, 0)), 34'211'024);
  EXPECT_EQ(count_parameters(*post_activation(DpnStem::conv7x7, 0)), 34'218'704);
}

TEST(DpnTest, EveryNameAndShape) {
  const std::vector<Row> rows = {
      {96, 256, 16, 3, 64}, {192, 512, 32, 4, 320}, {384, 1024, 24, 20, 672}, {768, 2048, 128, 3, 1528}};
  Shapes expected;
  expected["conv1.weight"] = {64, 3, 3, 3};
  add_batch_norm(expected, "bn1", 64);
  for (std::size_t s = 0; s < rows.size(); ++s) {
    const auto& row = rows[s];
    for (int64_t j = 0; j < row.n; ++j) {
      const std::string prefix = "layer" + std::to_string(s + 1) + '.' + std::to_string(j) + '.';
      const int64_t in = j == 0 ? row.first_in : row.bw + (j + 1) * row.inc, out = row.bw + row.inc;
      expected[prefix + "conv1.weight"] = {row.r, in, 1, 1};
      add_batch_norm(expected, prefix + "bn1", row.r);
      expected[prefix + "conv2.weight"] = {row.r, row.r / 32, 3, 3};
      add_batch_norm(expected, prefix + "bn2", row.r);
      expected[prefix + "conv3.weight"] = {out, row.r, 1, 1};
      add_batch_norm(expected, prefix + "bn3", out);
      if (j > 0) continue;
      expected[prefix + "shortcut.0.weight"] = {out, in, 1, 1};
      add_batch_norm(expected, prefix + "shortcut.1", out);
    }
  }
  expected["linear.weight"] = {10, 2560};
  expected["linear.bias"] = {10};
  // Stem 1 + 5; 30 blocks of 3 + 3 * 5; 4 shortcuts of 1 + 5; classifier 2.
  ASSERT_EQ(expected.size(), 6U + 30 * 18 + 4 * 6 + 2);
  EXPECT_EQ(reference::shapes(*Dpn()), expected);
}

TEST(DpnTest, StageShapes) {
  auto large = post_activation(DpnStem::conv7x7, 0);  // strides 4, 8, 16, 32
  EXPECT_EQ(tap_shapes(*large, 64, 96), (std::array<Shape, 4>{Shape{2, 320, 16, 24}, Shape{2, 672, 8, 12},
                                                              Shape{2, 1528, 4, 6}, Shape{2, 2560, 2, 3}}));
  auto small = post_activation(DpnStem::conv3x3, 10);  // strides 1, 2, 4, 8
  EXPECT_EQ(tap_shapes(*small, 16, 24), (std::array<Shape, 4>{Shape{2, 320, 16, 24}, Shape{2, 672, 8, 12},
                                                              Shape{2, 1528, 4, 6}, Shape{2, 2560, 2, 3}}));
  EXPECT_EQ(small->channels(), (std::array<int64_t, 4>{320, 672, 1528, 2560}));
  const torch::NoGradGuard no_grad;
  EXPECT_EQ(small->forward(torch::zeros({2, 3, 16, 16})).sizes().vec(), (Shape{2, 10}));
}

TEST(DpnTest, ABlockAddsAndAppends) {
  // Weights zero but for BatchNorm shifts, so that y is known: y = bias of bn3 = 10, 20, ... per channel.
  // Residual width 32, increment 1: x has 32 + 2 channels. Channel 0: 1 + 10 = 11; the old tail stays; y's last is new.
  DpnBlock block(/*in_channels=*/34, /*bottleneck=*/32, /*residual=*/32, /*increment=*/1, /*stride=*/1,
                 /*first=*/false);
  block->eval();
  const torch::NoGradGuard no_grad;
  for (auto& item : block->named_parameters()) item.value().zero_();
  block->named_parameters()["bn3.bias"].copy_(10 * torch::arange(1, 34, torch::kFloat));
  auto x = torch::ones({1, 34, 1, 1});
  x[0][1] = -100;  // -100 + 20 < 0: cut by the last ReLU
  x[0][32] = 7;
  x[0][33] = -7;  // in the dense tail: the ReLU is over everything
  const auto out = block->forward(x).flatten();
  ASSERT_EQ(out.numel(), 35);  // in + increment
  EXPECT_EQ(out[0].item<float>(), 11);
  EXPECT_EQ(out[1].item<float>(), 0);
  EXPECT_EQ(out[31].item<float>(), 321);
  EXPECT_EQ(out[32].item<float>(), 7);
  EXPECT_EQ(out[33].item<float>(), 0);
  EXPECT_EQ(out[34].item<float>(), 330);  // y's 33rd channel
}

TEST(DpnTest, ParityWithPyTorch3x3Stem) {
  const auto expected = reference::run("post-activation-3x3");
  if (!expected) GTEST_SKIP() << DUALSIGHT_PYTHON << " has no PyTorch";
  auto net = post_activation(DpnStem::conv3x3, 10);
  reference::expect_parity(net, *expected);
}

TEST(DpnTest, ParityWithPyTorch7x7Stem) {
  const auto expected = reference::run("post-activation-7x7");
  if (!expected) GTEST_SKIP() << DUALSIGHT_PYTHON << " has no PyTorch";
  auto net = post_activation(DpnStem::conv7x7, 10);
  reference::expect_parity(net, *expected);
}

// ---- original ---------------------------------------------------------------------------------------------------

TEST(OriginalDpnTest, ParameterCounts) {
  const OriginalDpn net;
  EXPECT_EQ(count_parameters(*net), 37'668'392);
  EXPECT_EQ(count_parameters(*OriginalDpn(OriginalDpnOptions{}.num_classes(0))), 34'979'392);
  // By part: stem 64 * 3 * 49 + 2 * 64 = 9,536; last BN 2 * 2688; classifier 2688 * 1000 + 1000.
  EXPECT_EQ(count_parameters(*net, "features.conv1_1."), 9'536);
  EXPECT_EQ(count_parameters(*net, "features.conv2_"), 173'248);
  EXPECT_EQ(count_parameters(*net, "features.conv3_"), 1'094'208);
  EXPECT_EQ(count_parameters(*net, "features.conv4_"), 19'558'848);
  EXPECT_EQ(count_parameters(*net, "features.conv5_bn_ac."), 5'376);
  EXPECT_EQ(count_parameters(*net, "features.conv5_") - 5'376, 14'138'176);
  EXPECT_EQ(count_parameters(*net, "classifier."), 2'689'000);
}

TEST(OriginalDpnTest, EveryNameAndShapeOfTimm) {
  const std::vector<Row> rows = {
      {96, 256, 16, 3, 64}, {192, 512, 32, 4, 336}, {384, 1024, 24, 20, 704}, {768, 2048, 128, 3, 1552}};
  const std::vector<int64_t> projections = {288, 576, 1072, 2304}, outs = {272, 544, 1048, 2176};
  Shapes expected;
  expected["features.conv1_1.conv.weight"] = {64, 3, 7, 7};
  add_batch_norm(expected, "features.conv1_1.bn", 64);
  for (std::size_t s = 0; s < rows.size(); ++s) {
    const auto& row = rows[s];
    for (int64_t i = 1; i <= row.n; ++i) {
      const std::string prefix = "features.conv" + std::to_string(s + 2) + '_' + std::to_string(i) + '.';
      const int64_t in = i == 1 ? row.first_in : row.bw + (i + 1) * row.inc;
      if (i == 1) {
        const std::string projection = prefix + (s == 0 ? "c1x1_w_s1" : "c1x1_w_s2");
        add_batch_norm(expected, projection + ".bn", in);
        expected[projection + ".conv.weight"] = {projections[s], in, 1, 1};
      }
      add_batch_norm(expected, prefix + "c1x1_a.bn", in);
      expected[prefix + "c1x1_a.conv.weight"] = {row.r, in, 1, 1};
      add_batch_norm(expected, prefix + "c3x3_b.bn", row.r);
      expected[prefix + "c3x3_b.conv.weight"] = {row.r, row.r / 32, 3, 3};
      add_batch_norm(expected, prefix + "c1x1_c.bn", row.r);
      expected[prefix + "c1x1_c.conv.weight"] = {outs[s], row.r, 1, 1};
    }
  }
  add_batch_norm(expected, "features.conv5_bn_ac.bn", 2688);
  expected["classifier.weight"] = {1000, 2688, 1, 1};
  expected["classifier.bias"] = {1000};
  ASSERT_EQ(expected.size(), 577U);

  const OriginalDpn net;
  const auto actual = reference::shapes(*net);
  EXPECT_EQ(actual, expected);
  EXPECT_EQ(net->named_parameters().size(), 289U);
  EXPECT_EQ(net->named_buffers().size(), 288U);
  // Check values of the description.
  EXPECT_EQ(actual.at("features.conv2_2.c1x1_a.conv.weight")[1], 304);
  EXPECT_EQ(actual.at("features.conv4_20.c1x1_a.conv.weight")[1], 1528);
  EXPECT_EQ(actual.at("features.conv5_3.c1x1_a.conv.weight")[1], 2560);
}

TEST(OriginalDpnTest, StageShapes) {
  OriginalDpn net;
  const std::array<Shape, 4> expected = {Shape{2, 336, 16, 24}, Shape{2, 704, 8, 12}, Shape{2, 1552, 4, 6},
                                         Shape{2, 2688, 2, 3}};
  EXPECT_EQ(tap_shapes(*net, 64, 96), expected);
  OriginalDpn normalised(OriginalDpnOptions{}.num_classes(0).normalised_taps(true));
  EXPECT_EQ(tap_shapes(*normalised, 64, 96), expected);
  EXPECT_EQ(net->channels(), (std::array<int64_t, 4>{336, 704, 1552, 2688}));
  const torch::NoGradGuard no_grad;
  EXPECT_EQ(net->forward(torch::zeros({2, 3, 64, 96})).sizes().vec(), (Shape{2, 1000}));
}

TEST(OriginalDpnTest, EveryBatchNormHasTheEpsOfTheOriginal) {
  const OriginalDpn net(OriginalDpnOptions{}.normalised_taps(true));
  int count = 0;
  for (const auto& module : net->modules()) {
    const auto* batch_norm = module->as<torch::nn::BatchNorm2dImpl>();
    if (batch_norm == nullptr) continue;
    ++count;
    EXPECT_EQ(batch_norm->options.eps(), 1e-3);
  }
  EXPECT_EQ(count, 1 + 30 * 3 + 4 + 1 + 3);  // stem, blocks, projections, last, taps
}

TEST(OriginalDpnTest, ParityWithPyTorchUnderTimmsNames) {
  const auto expected = reference::run("original");
  if (!expected) GTEST_SKIP() << DUALSIGHT_PYTHON << " has no PyTorch";
  EXPECT_EQ(expected->weights.size(), 577U);
  OriginalDpn net;
  reference::expect_parity(net, *expected);

  // Normalised taps: BN + ReLU with the weights of the BN that reads the same tensor in the pretrained network.
  OriginalDpn normalised(OriginalDpnOptions{}.normalised_taps(true));
  std::map<std::string, torch::Tensor> weights(expected->weights.begin(), expected->weights.end());
  const torch::NoGradGuard no_grad;
  for (auto& [name, tensor] : state_dict(*normalised)) {
    if (weights.count(name) != 0) tensor.copy_(weights[name]);
  }
  normalised->initialise_taps();
  normalised->eval();
  const auto taps = normalised->features(expected->input);
  const std::array<std::string, 4> readers = {"features.conv3_1.c1x1_w_s2.bn.", "features.conv4_1.c1x1_w_s2.bn.",
                                              "features.conv5_1.c1x1_w_s2.bn.", "features.conv5_bn_ac.bn."};
  for (std::size_t i = 0; i < 4; ++i) {
    const auto part = [&](const char* name) { return weights.at(readers[i] + name).view({1, -1, 1, 1}); };
    const auto tap = torch::relu((expected->features[i] - part("running_mean")) /
                                     torch::sqrt(part("running_var") + 1e-3) * part("weight") +
                                 part("bias"));
    EXPECT_LT(reference::relative_error(taps[i], tap), 1e-4) << "C" << i + 2;
  }
  EXPECT_LT(reference::relative_error(normalised->forward(expected->input), expected->logits), 1e-4);
}

}  // namespace
}  // namespace dualsight
