// What the lowering of a network is written with: reads convolutions out of a DetectionNet by their names, and appends
// buffers and layers to a Plan. Needs torch.
#pragma once

#include <torch/nn/module.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "detector/engine/plan.h"

namespace dualsight {

class DetectionNet;

// Weights and bias of a convolution, float32, as PlanLayer takes them.
struct ConvolutionWeights {
  int out = 0, in = 0, kernel = 1;  // channels; `in`: of one group
  std::vector<float> weights;       // [out, in, kernel, kernel]
  std::vector<float> bias;          // [out]
};

// 0, 1, ..., channels - 1.
std::vector<int> consecutive(int channels);

// The same convolution among more channels: reads `in` channels and writes `out`, with zero weights for the new ones.
// Output channel c goes to channel places[c]. No groups.
ConvolutionWeights widen(const ConvolutionWeights& narrow, int in, int out, const std::vector<int>& places);

// A grouped convolution with wider groups: `width` input channels each, a multiple of the old groups' width, with zero
// weights between the old groups.
ConvolutionWeights block_diagonal(const ConvolutionWeights& grouped, int width);

// Two convolutions of the same input as one: the top one's output channels come first.
ConvolutionWeights stack(ConvolutionWeights top, const ConvolutionWeights& bottom);

// One builder a plan. Names of modules and parameters are those of DetectionNet: "backbone.conv1", "head.scale". A name
// that is not there is a programming error (std::out_of_range).
class PlanBuilder {
 public:
  explicit PlanBuilder(const DetectionNet& network);

  // The Conv2d `conv` with the BatchNorm2d `bn` behind it folded in, with that layer's own eps.
  ConvolutionWeights fold(const std::string& conv, const std::string& bn) const;
  // The Conv2d `conv`, which has a bias, all of it times `scale`.
  ConvolutionWeights plain(const std::string& conv, double scale = 1) const;
  // One element of a parameter of one dimension.
  double number(const std::string& parameter, int64_t index) const;

  // Appends a buffer and returns its index. `stride`: network pixels a cell.
  int buffer(std::string name, int channels, int stride);
  PlanBuffer& at(int buffer) { return plan_.buffers[static_cast<std::size_t>(buffer)]; }

  // What comes after the multiplications, in this order.
  struct Then {
    bool sum = false;   // add to what the target holds
    bool relu = false;  // max(x, 0)
  };
  // Appends a convolution with padding kernel / 2. Without groups it may read and write fewer channels than the buffers
  // have: the first ones.
  void convolution(const std::string& name, int source, int target, ConvolutionWeights weights, int stride, int groups,
                   Then then);
  // Appends a max_pool or an upsample.
  void simple(LayerKind kind, const std::string& name, int source, int target);

  Plan& plan() { return plan_; }

 private:
  std::map<std::string, std::shared_ptr<torch::nn::Module>> modules_;
  std::map<std::string, torch::Tensor> parameters_;
  Plan plan_;
};

}  // namespace dualsight
