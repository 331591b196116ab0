#include "app/recording/playback.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <utility>

#include "app/recording/last_up_to.h"

namespace dualsight {
namespace fs = std::filesystem;
namespace {

constexpr double bridged_ms = 500;  // shorter gaps in presence() are closed

fs::path beside(const fs::path& video, const std::string& ending) {
  return video.parent_path() / (video.stem().string() + ending);
}

bool is_file(const fs::path& path) {
  std::error_code ignored;
  return fs::is_regular_file(path, ignored);
}

// Named as in app/recording/segment_names.h; raw and annotated video share one sidecar.
std::string sidecar_of(const fs::path& video) {
  const fs::path own = beside(video, ".ndjson");
  if (is_file(own)) return own.string();
  const fs::path stem = video.stem();
  const fs::path shared = beside(video.parent_path() / stem, ".ndjson");
  return stem.extension() == ".raw" && is_file(shared) ? shared.string() : "";
}

double middle(double a, double b) { return a + (b - a) / 2; }

}  // namespace

Result<Recording> Recording::open(const std::string& video, const std::string& sidecar, const std::stop_token& stop,
                                  std::optional<RecordingReader>* kept) {
  Recording recording;
  recording.video_ = video;
  Result<RecordingReader> reader = Error{};
  if (const fs::path raw = beside(video, ".raw" + fs::path(video).extension().string()); is_file(raw)) {
    reader = RecordingReader::open(raw.string(), stop);
    if (reader) recording.video_ = raw.string();
  }
  if (!reader) reader = RecordingReader::open(video, stop);
  if (!reader) return reader.error();
  recording.times_ = reader->times();
  recording.size_ = reader->size();
  recording.fps_ = reader->fps();
  recording.read_records(sidecar.empty() ? sidecar_of(recording.video_) : sidecar, stop);
  if (stop.stop_requested()) return Error{ErrorKind::interrupted, video + ": reading was cancelled"};
  if (kept != nullptr) kept->emplace(*std::move(reader));
  return recording;
}

void Recording::read_records(const std::string& sidecar, const std::stop_token& stop) {
  if (sidecar.empty()) return;
  const std::string name = fs::path(video_).filename().string();
  auto run = read_sidecar(sidecar, name, stop);
  if (!run) {
    problem_ = run.error().message;
    return;
  }
  const auto& frames = run->frames;
  const auto unlike = [](int a, int b) { return std::abs(a - b) > 1; };  // videos have even sizes
  if (!frames.empty() && frames[0].width > 0 &&
      (unlike(frames[0].width, size_.width) || unlike(frames[0].height, size_.height))) {
    problem_ = fmt::format("{}: does not belong to {}: it speaks of {}x{} pixels, the video has {}x{}", sidecar, name,
                           frames[0].width, frames[0].height, size_.width, size_.height);
  } else if (!frames.empty() && frames[frames.size() / 2].pts_ms > duration_ms()) {
    problem_ = fmt::format("{}: does not belong to {}: most of it is later than the video's end", sidecar, name);
  } else {
    sidecar_ = sidecar;
    run_ = *std::move(run);
  }
}

double Recording::duration_ms() const {
  const double claimed = fps_ > 0 ? 1000 / fps_ : 40;
  const double last = times_.size() > 1 ? times_.back() - times_[times_.size() - 2] : claimed;
  return times_.back() + std::min(last, 1000.0);
}

std::size_t Recording::index_at(double ms) const {
  return last_up_to(times_, ms + 0.5);  // some containers store whole milliseconds
}

std::vector<bool> Recording::classes_seen() const {
  std::vector<bool> seen(run_.class_names.size(), false);
  for (const RecordedFrame& frame : run_.frames) {
    for (const auto* list : {&frame.detections, &frame.candidates}) {
      for (const Detection& d : *list) seen[static_cast<std::size_t>(d.class_id)] = true;
    }
  }
  return seen;
}

std::vector<Detection> Recording::detections_at(double ms, const DetectionFilter& filter) const {
  return dualsight::detections_at(frames_around(run_.frames, ms), ms, filter);
}

std::vector<std::vector<TimeSpan>> Recording::presence(const DetectionFilter& filter) const {
  std::vector<std::vector<TimeSpan>> spans(run_.class_names.size());
  const auto& frames = run_.frames;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    // A detection lasts half of the time to the processed frames before and after: see interpolate().
    const double now = frames[i].pts_ms;
    const TimeSpan span{i > 0 ? middle(frames[i - 1].pts_ms, now) : now,
                        i + 1 < frames.size() ? middle(now, frames[i + 1].pts_ms) : now};
    for (const Detection& d : filter_detections(frames[i], filter)) {
      auto& of_class = spans[static_cast<std::size_t>(d.class_id)];
      if (of_class.empty() || span.from_ms - of_class.back().to_ms >= bridged_ms) {
        of_class.push_back(span);
      } else {
        of_class.back().to_ms = span.to_ms;
      }
    }
  }
  return spans;
}

}  // namespace dualsight
