#include "app/commands/detect_plan.h"

#include <algorithm>
#include <filesystem>
#include <set>
#include <utility>

namespace dualsight {
namespace fs = std::filesystem;
namespace {

using Sinks = std::vector<std::unique_ptr<Sink>>;

bool records_into_folder(const SourceOptionsSet& settings) {
  return !settings.record.target.empty() && is_recording_folder(settings.record.target);
}

// `sharers`: how many sources record into the same folder.
Result<void> add_recorder(const SourceOptionsSet& settings, std::size_t sharers, Sinks& sinks) {
  if (settings.record.target.empty()) return {};
  RecorderOptions options = settings.record;
  options.quota_sharers = static_cast<int>(sharers);
  auto recorder = make_recorder(options);
  if (!recorder) return recorder.error();
  sinks.push_back(*std::move(recorder));
  return {};
}

// Live sources run side by side; some outputs hold one source after another.
Result<void> check_side_by_side(const SourceOptionsSet& settings) {
  std::vector<std::string> videos;
  for (const SinkRow& row : sink_rows()) {
    const auto request = settings.outputs.find(row.option);
    if (row.one_source_at_a_time && request != settings.outputs.end()) videos.push_back(request->second.target);
  }
  if (!records_into_folder(settings)) videos.push_back(settings.record.target);
  for (const std::string& file : videos) {
    if (file.empty()) continue;
    return Error{ErrorKind::usage, file +
                                       ": sources side by side do not fit into one video (--record DIR, or a file "
                                       "for each with --config)"};
  }
  return {};
}

Result<void> check_classes(const std::string& option, const std::vector<std::string>& names,
                           const std::vector<std::string>& class_names) {
  for (const std::string& name : names) {
    if (std::find(class_names.begin(), class_names.end(), name) == class_names.end()) {
      return Error{ErrorKind::usage, option + ": class \"" + name + "\" is not one of this model's"};
    }
  }
  return {};
}

}  // namespace

Result<DetectPlan> make_plan(const DetectOptions& options) {
  DetectPlan plan;
  const bool shared = options.shared_outputs;
  const SourceOptionsSet& first = options.per_source.front();
  const std::size_t count = options.per_source.size();
  if (shared) {
    auto sinks = make_sinks(sink_rows(), first.outputs, false);
    if (!sinks) return sinks.error();
    plan.shared = *std::move(sinks);
    if (!records_into_folder(first)) {
      if (auto added = add_recorder(first, 1, plan.shared); !added) return added.error();
    }
  }
  std::size_t live = 0;
  for (const SourceOptionsSet& settings : options.per_source) {
    Sinks own;
    if (!shared) {
      auto sinks = make_sinks(sink_rows(), settings.outputs, false);
      if (!sinks) return sinks.error();
      own = *std::move(sinks);
    }
    if (!shared || records_into_folder(settings)) {
      if (auto added = add_recorder(settings, count, own); !added) return added.error();
    }
    const std::size_t lane = !shared ? plan.sources.size() : is_live(settings.source.spec) ? ++live : 0;
    plan.sources.push_back({settings.source, lane, std::move(own), {!settings.no_tracking, settings.regions}, {}, {}});
  }
  if (live > 0 && count > 1) {
    if (auto fits = check_side_by_side(first); !fits) return fits.error();
  }
  auto whole_run = make_sinks(sink_rows(), options.outputs, true);
  if (!whole_run) return whole_run.error();
  for (auto& sink : *whole_run) plan.shared.push_back(std::move(sink));
  return plan;
}

Result<void> check_outputs(const DetectPlan& plan) {
  std::vector<std::string> files;
  const auto add = [&](const Sinks& sinks) {
    for (const auto& sink : sinks) {
      for (const std::string& file : sink->files()) files.push_back(file);
    }
  };
  add(plan.shared);
  for (const SourcePlan& source : plan.sources) add(source.sinks);
  std::erase(files, "-");

  std::set<fs::path> seen;
  for (const std::string& file : files) {
    std::error_code ignored;
    for (const SourcePlan& source : plan.sources) {
      if (fs::is_regular_file(file, ignored) && fs::equivalent(file, source.source.spec, ignored)) {
        return Error{ErrorKind::usage, file + ": is a source and would be overwritten"};
      }
    }
    if (!seen.insert(fs::weakly_canonical(fs::absolute(file), ignored)).second) {
      return Error{ErrorKind::usage, file + ": two outputs cannot be written into one file"};
    }
  }
  return {};
}

Result<void> check_classes(const SourceOptionsSet& settings, const std::vector<std::string>& class_names) {
  for (const Region& region : settings.regions) {
    const std::string option = (region.line ? "--line " : "--zone ") + region.name;
    if (auto known = check_classes(option, region.classes, class_names); !known) return known;
  }
  if (auto known = check_classes("--record-on", settings.record.on_classes, class_names); !known) return known;
  return check_classes("--blur", settings.blur, class_names);
}

std::vector<bool> classes_to_blur(const std::vector<std::string>& names, const std::vector<std::string>& class_names) {
  std::vector<bool> blurred;
  for (const std::string& name : class_names) {
    blurred.push_back(std::find(names.begin(), names.end(), name) != names.end());
  }
  return names.empty() ? std::vector<bool>() : blurred;
}

}  // namespace dualsight
