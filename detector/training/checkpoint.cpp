#include "detector/training/checkpoint.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <iomanip>
#include <limits>
#include <sstream>

namespace dualsight {
namespace {

constexpr const char* kFormat = "dualsight-checkpoint/1";
constexpr double kNotEvaluated = -1;

// Epochs are not in it: with more of them a run is prolonged.
Metadata fingerprint(const TrainOptions& options, const Dataset& data) {
  std::string classes;
  for (const auto& name : data.class_names) classes += (classes.empty() ? "" : "\n") + name;
  return {{"format", kFormat},
          {"task", options.task},
          {"model", options.model},
          {"classes", classes},
          {"pictures", std::to_string(data.pictures.size())},
          {"size", std::to_string(options.size)},
          {"batch", std::to_string(options.batch)},
          {"seed", std::to_string(options.seed)},
          {"lr", std::to_string(options.lr)},
          {"warmup-steps", std::to_string(options.warmup_steps)},
          {"weight-decay", std::to_string(options.weight_decay)},
          {"mosaic", std::to_string(options.mosaic)},
          {"repeat-rare", std::to_string(options.repeat_rare)},
          {"ema", std::to_string(options.ema)},
          {"freeze", std::to_string(options.freeze)}};
}

// The metadata key of a score: "map50" for "mAP50".
std::string key_of(std::string name) {
  std::ranges::transform(name, name.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return name;
}

// Enough digits to read the same number back.
std::string exact(double value) {
  std::ostringstream out;
  out << std::setprecision(17) << (std::isnan(value) ? kNotEvaluated : value);
  return out.str();
}

double parse_score(const std::string& text) {
  const double value = std::stod(text);
  return value < 0 ? std::numeric_limits<double>::quiet_NaN() : value;
}

}  // namespace

Checkpoint::Checkpoint(std::filesystem::path path, const TrainOptions& options, const Dataset& data,
                       torch::nn::Module& network, AdamW& optimizer, WeightAverage& average)
    : path_(std::move(path)),
      fingerprint_(fingerprint(options, data)),
      network_(network),
      optimizer_(optimizer),
      average_(average) {}

Result<void> Checkpoint::write(const TrainState& state) const {
  NamedTensors tensors;
  for (const auto& [name, tensor] : state_dict(network_)) tensors.emplace_back("model." + name, tensor.detach());
  optimizer_.save(tensors);
  average_.save(tensors);
  auto metadata = fingerprint_;
  metadata["step"] = std::to_string(state.step);
  metadata["smooth_loss"] = exact(state.smooth_loss);
  for (const auto& [name, value] : state.scores) metadata[key_of(name)] = exact(value);
  metadata["best_" + key_of(state.best.name)] = exact(state.best.value);
  return write_safetensors(path_, tensors, metadata);
}

Result<void> Checkpoint::read(TrainState& state) const {
  const auto file = Safetensors::open(path_);
  if (!file) return file.error();
  auto metadata = file->metadata();
  metadata.emplace("task", "detect");  // there was no other when checkpoints did not name it
  for (const auto& [key, value] : fingerprint_) {
    const auto found = metadata.find(key);
    if (found == metadata.end() || found->second != value) {
      return Error{ErrorKind::model, path_.string() + ": was made with another " + key};
    }
  }
  try {
    state.step = std::stoll(metadata.at("step"));
    state.smooth_loss = std::stod(metadata.at("smooth_loss"));
    for (auto& [name, value] : state.scores) value = parse_score(metadata.at(key_of(name)));
    state.best.value = parse_score(metadata.at("best_" + key_of(state.best.name)));
  } catch (const std::exception&) {
    return Error{ErrorKind::model, path_.string() + ": no step in its metadata"};
  }
  torch::NoGradGuard no_grad;
  for (auto& [name, tensor] : state_dict(network_)) {
    const auto saved = file->view("model." + name);
    if (!saved) return saved.error();
    if (saved->sizes() != tensor.sizes()) {
      return Error{ErrorKind::model, path_.string() + ": \"" + name + "\" has another shape"};
    }
    tensor.copy_(*saved);
  }
  if (auto done = optimizer_.load(*file, state.step); !done) return done;
  return average_.load(*file, state.step);
}

}  // namespace dualsight
