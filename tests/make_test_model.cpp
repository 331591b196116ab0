// Writes a fresh ResNet-18 detector of three classes: the command line's tests need a model, not a good one.
#include <torch/utils.h>

#include <cstdio>

#include "detector/network/model_file.h"
#include "detector/network/network.h"

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  torch::manual_seed(7);
  dualsight::ModelInfo info;
  info.architecture = "resnet18";
  info.class_names = {"disc", "square", "cross"};
  info.input_size = 64;
  info.thresholds = {0.4F, 0.4F, 0.4F};
  info.name = "untrained test model";
  info.provenance = "random weights, seed 7";
  const dualsight::DetectionNet network(info.architecture, 3);
  const auto saved = dualsight::save_model(argv[1], network, info, dualsight::Storage::bfloat16);
  if (!saved) std::fprintf(stderr, "%s\n", saved.error().message.c_str());
  return saved ? 0 : 1;
}
