#include <spdlog/fmt/fmt.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <memory>

#include "app/commands/commands.h"
#include "app/commands/detector_flags.h"
#include "app/commands/load_data.h"
#include "app/records/json_records.h"
#include "app/session/model_lookup.h"
#include "app/system/output_file.h"
#include "app/system/progress_bar.h"
#include "app/system/signals.h"
#include "detector/annotations/coco.h"
#include "detector/data/jpeg.h"
#include "detector/detector.h"
#include "detector/evaluation/evaluate.h"

namespace dualsight {
namespace {

using Detections = std::vector<std::vector<Detection>>;

struct EvalSettings {
  std::string model, data, results_out, results_in, json;
  DetectorOptions detector;
  std::size_t max_images = 0;
};

// For each class of the model the index of the data set's class of the same name; -1: there is none.
Result<std::vector<int>> match_classes(const std::vector<std::string>& model, const std::vector<std::string>& data,
                                       const std::string& data_path) {
  std::vector<int> matches;
  for (const std::string& name : model) {
    const auto at = std::find(data.begin(), data.end(), name);
    matches.push_back(at == data.end() ? -1 : static_cast<int>(at - data.begin()));
  }
  const auto unknown = std::count(matches.begin(), matches.end(), -1);
  if (unknown == static_cast<std::ptrdiff_t>(model.size())) {
    return Error{ErrorKind::usage, data_path + ": has no class in common with the model"};
  }
  if (unknown > 0) spdlog::warn("{} of the model's {} classes are not in the data set", unknown, model.size());
  return matches;
}

Result<Detections> detect_all(const EvalSettings& settings, const Dataset& data) {
  const auto file = find_model(settings.model, model_folders());
  if (!file) return file.error();
  auto detector = Detector::open(*file, settings.detector);
  if (!detector) return detector.error();
  const DetectorDescription& model = (*detector)->description();
  const auto classes = match_classes(model.info.class_names, data.class_names, settings.data);
  if (!classes) return classes.error();
  spdlog::info("model: {} ({})", model.info.name, file->string());
  spdlog::info("runs on: {}, {}", model.device, model.backend);

  ProgressBar bar;
  Detections all;
  for (const LabelledPicture& picture : data.pictures) {
    if (stop_requested()) return Error{ErrorKind::interrupted, "interrupted: nothing was scored"};
    const auto image = decode_jpeg(picture.encoded);  // as in training
    if (!image) return Error{ErrorKind::source, picture.file_name + ": " + image.error().message};
    auto found = (*detector)->detect(image->view());
    if (!found) return found.error();
    std::vector<Detection>& kept = all.emplace_back();
    for (Detection detection : found->detections) {
      detection.class_id = classes->at(static_cast<std::size_t>(detection.class_id));
      if (detection.class_id >= 0) kept.push_back(detection);
    }
    bar.show(static_cast<double>(all.size()) / static_cast<double>(data.pictures.size()),
             fmt::format("{} of {} pictures", all.size(), data.pictures.size()));
  }
  return all;
}

Json to_json(const AveragePrecision& score) {
  return {{"ap", number(score.ap, 6)},       {"ap50", number(score.ap50, 6)},     {"ap75", number(score.ap75, 6)},
          {"small", number(score.small, 6)}, {"medium", number(score.medium, 6)}, {"large", number(score.large, 6)}};
}

Json to_json(const Evaluation& evaluation) {
  Json classes = Json::array();
  for (const ClassScore& c : evaluation.classes) {
    Json entry = {{"name", c.name}, {"labels", c.labels}};
    entry.update(to_json(c.score));
    entry["best_f1"] = number(c.best_f1, 6);
    entry["best_f1_threshold"] = number(c.best_f1_threshold, 4);
    classes.push_back(std::move(entry));
  }
  return {{"pictures", evaluation.pictures},
          {"labels", evaluation.labels},
          {"detections", evaluation.detections},
          {"mean", to_json(evaluation.mean)},
          {"classes", classes}};
}

int evaluate_model(const EvalSettings& settings) {
  auto data = load_data(settings.data);
  if (!data) return report(data.error());
  if (settings.max_images > 0 && settings.max_images < data->pictures.size()) {
    data->pictures.resize(settings.max_images);
  }
  if (!(settings.results_in.empty() && settings.results_out.empty()) && !ids_are_unique(*data)) {
    return report(Error{ErrorKind::source, settings.data + ": two pictures of one id, which results name them by"});
  }
  auto detections =
      settings.results_in.empty() ? detect_all(settings, *data) : read_coco_results(settings.results_in, *data);
  if (!detections) return report(detections.error());
  if (!settings.results_out.empty()) {
    if (auto written = write_coco_results(settings.results_out, *data, *detections); !written) {
      return report(written.error());
    }
  }
  const Evaluation evaluation = evaluate(*data, *detections);
  if (settings.json != "-") fmt::print("{}", to_table(evaluation));
  if (!settings.json.empty()) {
    auto file = OutputFile::create(settings.json);
    if (!file) return report(file.error());
    if (auto written = file->write(to_json(evaluation).dump(2) + "\n"); !written) return report(written.error());
    if (auto closed = file->close(); !closed) return report(closed.error());
  }
  return 0;
}

}  // namespace

Command add_eval_command(CLI::App& app) {
  CLI::App* command = app.add_subcommand("eval", "Score a model on a labelled data set (COCO AP)");
  auto s = std::make_shared<EvalSettings>();
  s->detector.confidence = 0.01F;
  s->detector.multi_label = true;
  command->add_option("--data", s->data, "COCO folder or .json file, or packed .safetensors")->required();
  add_detector_flags(*command, s->model, s->detector);
  command->add_option("--conf", s->detector.confidence, "Least confidence that counts")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  command->add_option("--max-images", s->max_images, "Only the first so many pictures (default: all)");
  auto* out = command->add_option("--results", s->results_out, "Write the detections as COCO results JSON");
  command->add_option("--results-in", s->results_in, "Score the detections of this COCO results file; no model runs")
      ->excludes(out);
  command->add_option("--json", s->json, "Write the scores as JSON to FILE; - for standard output")->type_name("FILE");
  return {command, [s] { return evaluate_model(*s); }};
}

}  // namespace dualsight
