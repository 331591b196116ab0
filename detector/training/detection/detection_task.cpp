#include "detector/training/detection/detection_task.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <utility>

#include "backbone/registry.h"
#include "backbone/torch_compat.h"
#include "detector/core/decode.h"
#include "detector/core/preprocess.h"
#include "detector/data/file_list.h"
#include "detector/data/jpeg.h"
#include "detector/evaluation/evaluate.h"
#include "detector/network/model_file.h"
#include "detector/network/network.h"
#include "detector/training/detection/loss.h"
#include "detector/training/detection/targets.h"

namespace dualsight {
namespace {

constexpr float kEvaluationThreshold = 0.01F;

// Where forward() puts what. The last two are three levels each, in training with a teacher only.
constexpr std::size_t kLogits = 0, kDistances = 1, kFeatures = 2, kTeacherFeatures = 5;

Pyramid pyramid_from(const Tensors& outputs, std::size_t first) {
  return {outputs[first], outputs[first + 1], outputs[first + 2]};
}

// The pictures [first, first + count) of a data set as the network takes them.
struct Squares {
  torch::Tensor pictures;           // uint8 [count, size, size, 3], BGR, CPU
  std::vector<Letterbox> geometry;  // of each
};

Squares letterbox_pictures(const Dataset& data, std::size_t first, std::size_t count, int size) {
  Squares squares{torch::empty({static_cast<int64_t>(count), size, size, 3}, torch::kByte),
                  std::vector<Letterbox>(count)};
  auto* out = squares.pictures.data_ptr<uint8_t>();
  const auto bytes = static_cast<std::size_t>(size) * static_cast<std::size_t>(size) * 3;
  at::parallel_for(0, static_cast<int64_t>(count), 1, [&](int64_t begin, int64_t end) {
    for (auto i = static_cast<std::size_t>(begin); i < static_cast<std::size_t>(end); ++i) {
      const auto picture = decode_jpeg(data.pictures[first + i].encoded);
      const Image blank(1, 1);  // in place of a picture that cannot be decoded: all its objects count as missed
      const Image& pixels = picture ? *picture : blank;
      Image square;
      squares.geometry[i] = fit_letterbox(pixels.width, pixels.height, size);
      letterbox(pixels.view(), squares.geometry[i], square);
      std::ranges::copy(square.pixels, out + i * bytes);
    }
  });
  return squares;
}

class DetectionTask : public TrainingTask {
 public:
  DetectionTask(const TaskContext& context, Storage storage, std::shared_ptr<DetectionNet> teacher)
      : options_(context.options),
        device_(context.device),
        bf16_(context.bf16),
        storage_(storage),
        teacher_(std::move(teacher)),
        cells_(cell_grid(context.options.size, context.device)) {
    info_.architecture = options_.model;
    info_.class_names = context.data.class_names;
    info_.input_size = options_.size;
    info_.thresholds.assign(info_.class_names.size(), 0.4F);
    info_.name = options_.model + " trained on " + title_of(options_.data);
  }

  std::vector<std::string> loss_names() const override { return {"box", "classes", "teacher", "positives"}; }
  std::vector<std::string> score_names() const override { return {"mAP", "mAP50"}; }
  std::string best_score() const override { return "mAP"; }

  std::shared_ptr<torch::nn::Module> make_network() override {
    network_ = std::make_shared<DetectionNet>(options_.model, num_classes());
    network_->backbone().freeze(options_.freeze);
    to_channels_last(*network_);
    return network_;
  }

  Tensors collate(const std::vector<TrainingSample>& samples) const override {
    return to_tensors(dualsight::collate(samples, num_classes()));
  }

  Tensors forward(const torch::Tensor& pictures) override {
    const auto input = to_network_input(pictures, info_);
    const Autocast autocast(device_, bf16_);
    const auto pyramid = network_->pyramid(input);
    const auto output = network_->detect(pyramid);
    Tensors outputs = {output.logits, output.distances};
    if (teacher_ && network_->is_training()) {
      torch::NoGradGuard no_grad;
      const auto taught = teacher_->pyramid(input);
      outputs.insert(outputs.end(), pyramid.begin(), pyramid.end());
      outputs.insert(outputs.end(), taught.begin(), taught.end());
    }
    return outputs;
  }

  TaskLoss loss(const Tensors& outputs, const Tensors& targets, double fade) const override {
    const auto labels = detection_loss({outputs[kLogits], outputs[kDistances]}, cells_, to_targets(targets));
    TaskLoss loss{
        labels.total,
        {{"box", labels.box}, {"classes", labels.classes}, {"positives", static_cast<double>(labels.positives)}}};
    if (teacher_) {
      const auto distance = feature_distance(pyramid_from(outputs, kFeatures), pyramid_from(outputs, kTeacherFeatures));
      loss.total = loss.total + options_.teacher_weight * fade * distance;
      loss.parts.push_back({"teacher", distance.item<double>()});
    }
    return loss;
  }

  NamedValues evaluate(const Dataset& val) override {
    torch::InferenceMode inference;
    DecodeOptions decode_options;
    decode_options.thresholds.assign(info_.class_names.size(), kEvaluationThreshold);
    decode_options.multi_label = true;
    std::vector<std::vector<Detection>> detections;
    const auto batch = static_cast<std::size_t>(device_.is_cuda() ? 64 : 8);
    for (std::size_t first = 0; first < val.pictures.size(); first += batch) {
      const auto count = std::min(batch, val.pictures.size() - first);
      const auto squares = letterbox_pictures(val, first, count, options_.size);
      const auto outputs = forward(squares.pictures.to(device_));
      const auto logits = outputs[kLogits].to(torch::kCPU).contiguous();
      const auto distances = outputs[kDistances].to(torch::kCPU).contiguous();
      for (std::size_t i = 0; i < count; ++i) {
        const auto b = static_cast<int64_t>(i);
        detections.push_back(decode(logits[b].data_ptr<float>(), distances[b].data_ptr<float>(), logits.size(2),
                                    squares.geometry[i], decode_options));
      }
    }
    const auto mean = dualsight::evaluate(val, detections).mean;
    const auto or_zero = [](double value) { return std::isfinite(value) ? value : 0; };
    return {{"mAP", or_zero(mean.ap)}, {"mAP50", or_zero(mean.ap50)}};
  }

  // What people compare comes first.
  std::string describe(const NamedValues& scores) const override {
    return TrainingTask::describe({{"mAP50", value_of(scores, "mAP50")}, {"mAP", value_of(scores, "mAP")}});
  }

  Result<void> save(const std::filesystem::path& path, const std::string& provenance,
                    const NamedValues& scores) const override {
    auto info = info_;
    info.provenance = provenance;
    for (const auto& [name, value] : scores) {
      if (std::isnan(value)) continue;
      char percent[32];
      std::snprintf(percent, sizeof percent, "%.1f", 100 * value);
      info.scores["val " + name] = percent;
    }
    return save_model(path, *network_, info, storage_);
  }

 private:
  int64_t num_classes() const { return static_cast<int64_t>(info_.class_names.size()); }

  const TrainOptions& options_;
  torch::Device device_;
  bool bf16_;
  Storage storage_;
  ModelInfo info_;
  std::shared_ptr<DetectionNet> network_, teacher_;
  torch::Tensor cells_;
};

}  // namespace

Result<std::unique_ptr<TrainingTask>> make_detection_task(const TaskContext& context) {
  const auto& options = context.options;
  if (context.data.class_names.empty()) return Error{ErrorKind::source, options.data + ": no classes"};
  const auto storage = parse_storage(options.storage);
  if (!storage) return storage.error();
  if (options.size % 32 != 0) return Error{ErrorKind::usage, "--size must be a multiple of 32"};
  if (!find_backbone(options.model)) {
    std::string names;
    for (const auto& name : backbone_names()) names += (names.empty() ? "" : ", ") + name;
    return Error{ErrorKind::usage, "--model: \"" + options.model + "\" is not one of " + names};
  }
  std::shared_ptr<DetectionNet> teacher;
  if (!options.teacher.empty()) {
    const auto model = load_model(options.teacher);
    if (!model) return model.error();
    teacher = model->network;
    teacher->to(context.device);
    teacher->eval();
    to_channels_last(*teacher);
  }
  return std::unique_ptr<TrainingTask>(std::make_unique<DetectionTask>(context, *storage, std::move(teacher)));
}

}  // namespace dualsight
