#include "app/recording/video_recorder.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <exception>
#include <filesystem>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <variant>

#include "app/recording/clip_buffer.h"
#include "app/recording/disk_quota.h"
#include "app/recording/segment_writer.h"
#include "app/recording/timeline.h"
#include "app/system/frame_queue.h"
#include "app/system/output_file.h"

namespace dualsight {
namespace fs = std::filesystem;
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kFlushAfter{500};  // since the last frame
constexpr milliseconds kQuotaEvery{2000};
constexpr std::chrono::seconds kDrainLive{1};
constexpr std::array<const char*, 3> kContainers{".mkv", ".mp4", ".avi"};

bool is_container(const std::string& extension) {
  return std::find(kContainers.begin(), kContainers.end(), extension) != kContainers.end();
}

struct QueuedRecord {  // a record, and whether it starts or extends a clip
  MomentRecord record;
  bool trigger = false;
};
using Item = std::variant<ShownFrame, QueuedRecord>;

class Recorder : public Sink {
 public:
  explicit Recorder(RecorderOptions options)
      : options_(std::move(options)),
        folder_(is_recording_folder(options_.target)),
        clips_(options_.on_classes.empty() && options_.on_zones.empty()
                   ? ClipBuffer::keep_all()
                   : ClipBuffer(options_.pre_roll_s * 1000, options_.post_roll_s * 1000, options_.pre_roll_bytes)),
        segment_bytes_(options_.segment_bytes),
        quota_(options_.target, options_.quota_bytes),
        queue_(options_.queue_frames, options_.queue_bytes) {
    if (options_.quota_bytes > 0) {
      const int64_t quarter = options_.quota_bytes / 4 / std::max(1, options_.quota_sharers);
      segment_bytes_ = segment_bytes_ > 0 ? std::min(segment_bytes_, quarter) : quarter;
    }
  }

  ~Recorder() override {
    if (thread_.joinable()) finish_thread();
  }

  std::string target() const override { return options_.target; }
  std::vector<std::string> files() const override {
    if (folder_) return {};
    return paths_beside(options_.target, options_.what, options_.sidecar).all();
  }

  Result<void> begin(const HeaderRecord& header) override {
    header_ = header;
    header_.video = options_.what;
    triggers_.assign(header.class_names.size(), false);
    for (const std::string& name : options_.on_classes) {
      const auto found = std::find(header.class_names.begin(), header.class_names.end(), name);
      if (found == header.class_names.end()) {
        return Error{ErrorKind::usage, options_.target + ": the model has no class \"" + name + "\""};
      }
      triggers_[static_cast<std::size_t>(found - header.class_names.begin())] = true;
    }
    if (folder_) {
      if (auto made = make_folder(options_.target); !made) return made;
    } else {
      file_paths_ = paths_beside(options_.target, options_.what, options_.sidecar);
      for (const std::string& path : file_paths_.all()) {
        if (auto created = write_file(path, ""); !created) {
          remove_empty_files();
          return created;
        }
      }
    }
    thread_ = std::thread([this] { run(); });
    return {};
  }

  Result<void> on_frame(const ShownFrame& frame) override {
    if (!thread_.joinable() || frame.bgr.empty()) return {};
    live_ = frame.live;
    const std::size_t bytes = frame.bgr.total() * frame.bgr.elemSize();
    taken_ = true;
    if (frame.live) {
      taken_ = queue_.push_or_drop(frame, bytes);
      if (!taken_) ++dropped_;
    } else {
      queue_.push_or_wait(frame, bytes);
    }
    return {};
  }

  // A trigger counts even if its own frame was dropped: the frames after it are recorded.
  Result<void> on_result(const FrameRecord& record, const cv::Mat&) override {
    const bool trigger = triggers(record);
    if (thread_.joinable() && (taken_ || trigger)) queue_.push_record(QueuedRecord{record, trigger});
    return {};
  }

  Result<void> on_event(const EventRecord& record) override {
    if (thread_.joinable() && taken_) queue_.push_record(QueuedRecord{record, false});
    return {};
  }

  void prepare_end() override {
    if (live_) deadline_ = steady_clock::now() + kDrainLive;
    queue_.close();
  }

  Result<void> end(const SummaryRecord&) override {
    if (!thread_.joinable()) return {};
    finish_thread();
    if (!folder_) remove_empty_files();
    return failure_ ? Result<void>(*failure_) : Result<void>{};
  }

  std::vector<StatusRecord> take_status_records() override {
    const std::lock_guard lock(status_mutex_);
    return std::exchange(status_records_, {});
  }

  SinkLoad load() const override { return {queue_.frames(), dropped_}; }

 private:
  // --- the pipeline's thread

  bool triggers(const FrameRecord& record) const {
    for (const Detection& d : record.detections) {
      if (triggers_.at(static_cast<std::size_t>(d.class_id))) return true;
    }
    return std::any_of(record.zones.begin(), record.zones.end(), [this](const std::string& zone) {
      return std::find(options_.on_zones.begin(), options_.on_zones.end(), zone) != options_.on_zones.end();
    });
  }

  void finish_thread() {
    if (deadline_.load() == SteadyTime::max()) prepare_end();
    thread_.join();
  }

  void remove_empty_files() const {
    for (const std::string& path : file_paths_.all()) remove_if_empty(path);
  }

  // --- the recorder's thread

  void run() {
    try {
      while (!queue_.finished()) {
        if (auto item = queue_.pop_within(kFlushAfter)) std::visit([this](auto& it) { take(it); }, *item);
        flush_and_enforce_quota();
      }
      close_segment();
    } catch (const std::exception& e) {
      fail({ErrorKind::internal, options_.target + ": recording stopped: " + e.what()});
      while (!queue_.finished()) queue_.pop_within(kFlushAfter);
    }
  }

  bool late() const { return steady_clock::now() > deadline_.load(); }

  void take(const ShownFrame& frame) {
    if (failure_) return;
    if (late()) {
      ++dropped_;
      return;
    }
    if (folder_ && frame.source != timeline_.source()) {
      close_segment();
      clips_.clear();
    }
    clips_.add({frame, timeline_.advance(frame), false, {}});
    write_wanted();
    if (clips_.over()) close_segment();
    if (clips_.gave_up() && !std::exchange(short_pre_roll_reported_, true)) {
      report_status(
          State::recording, frame.source, options_.target,
          fmt::format("recording {}: clips begin later than {:g} s before the event, for these frames do not fit into "
                      "{:.0f} MiB",
                      options_.target, options_.pre_roll_s, static_cast<double>(options_.pre_roll_bytes) / (1 << 20)));
    }
  }

  void take(const QueuedRecord& queued) {
    if (failure_) return;
    std::visit(
        [&](const auto& record) {
          keep_record(record);
          const auto time = queued.trigger ? timeline_.at(record.source, record.pts_ms) : std::nullopt;
          if (!time) return;
          if (clips_.trigger(*time)) close_segment();
          write_wanted();
        },
        queued.record);
  }

  // Keeps the record if its frame is kept.
  template <typename Record>
  void keep_record(const Record& record) {
    Moment* newest = clips_.newest();
    if (newest != nullptr && newest->is(record.source, record.frame)) {
      newest->records.emplace_back(record);
    } else if (segment_ && segment_->ends_with(record.source, record.frame)) {
      keep(segment_->write(MomentRecord(record)));
      locate(record);
    }
  }

  // Reports where an event of the frame written last is in the video.
  void locate(const MomentRecord& record) const {
    const auto* event = std::get_if<EventRecord>(&record);
    if (event == nullptr || !segment_ || !options_.on_event) return;
    options_.on_event(*event, segment_->paths().all().front(), segment_->last_ms() / 1000);
  }

  void write_wanted() {
    while (!failure_) {
      const auto moment = clips_.take();
      if (!moment) return;
      if (late()) {
        ++dropped_;
        continue;
      }
      // A file has one size: in a folder, pictures of another one begin a new segment.
      if (segment_ && (is_long_enough(moment->time_ms) || (folder_ && !segment_->fits(*moment)))) close_segment();
      if (!segment_ && !failure_) open_segment(*moment);
      if (!failure_) keep(segment_->write(*moment));
      for (const MomentRecord& record : moment->records) locate(record);
      last_written_ = steady_clock::now();
    }
  }

  bool is_long_enough(double now_ms) const {
    const double limit = options_.segment_seconds * 1000;
    return (limit > 0 && now_ms - segment_->start_ms() >= limit - 1e-3) ||
           (segment_bytes_ > 0 && segment_->bytes() >= segment_bytes_);
  }

  void open_segment(const Moment& first) {
    if (options_.quota_bytes > 0) quota_.enforce();
    next_quota_ = steady_clock::now() + kQuotaEvery;
    const SegmentPaths paths = folder_ ? new_paths(options_.target, first.frame.source, first.frame.timestamp,
                                                   options_.container, options_.what, options_.sidecar)
                                       : file_paths_;
    auto created = SegmentWriter::create(paths, header_, options_.style, first);
    if (!created) return fail(created.error());
    segment_ = *std::move(created);
    for (const std::string& video : {paths.annotated, paths.raw}) {
      if (video.empty()) continue;
      report_status(State::recording, first.frame.source, video,
                    fmt::format("recording {}: {}", video, segment_->encoder(video)));
    }
  }

  void close_segment() {
    if (!segment_) return;
    const auto segment = std::move(segment_);
    keep(segment->close());
    if (failure_) return;
    for (const std::string& video : {segment->paths().annotated, segment->paths().raw}) {
      if (video.empty()) continue;
      report_status(State::recorded, segment->source(), video,
                    fmt::format("recorded {}: {} frames, {:.1f} s", video, segment->frames(), segment->seconds()));
    }
  }

  void flush_and_enforce_quota() {
    if (!segment_) return;
    const auto now = steady_clock::now();
    if (now - last_written_ >= kFlushAfter) keep(segment_->flush());
    if (options_.quota_bytes > 0 && now >= next_quota_ && segment_) {
      next_quota_ = now + kQuotaEvery;
      quota_.enforce(segment_->paths().all().front());
    }
  }

  void keep(const Result<void>& result) {
    if (!result) fail(result.error());
  }

  // Finishes and keeps what was recorded so far; nothing more is recorded.
  void fail(const Error& error) {
    if (failure_) return;
    failure_ = error;
    const std::string file = segment_ ? segment_->paths().all().front() : options_.target;
    if (segment_) (void)std::exchange(segment_, nullptr)->close();
    clips_.clear();
    report_status(State::recording_failed, timeline_.source(), file, error.message);
  }

  void report_status(State state, const std::string& source, const std::string& file, const std::string& message) {
    StatusRecord record;
    record.source = source;
    record.timestamp = std::chrono::system_clock::now();
    record.state = state;
    record.message = message;
    record.file = file;
    const std::lock_guard lock(status_mutex_);
    status_records_.push_back(std::move(record));
  }

  const RecorderOptions options_;
  const bool folder_;
  // Set before the thread starts
  HeaderRecord header_;
  std::vector<bool> triggers_;  // per class
  SegmentPaths file_paths_;     // of a file target
  // Used by the pipeline's thread
  bool live_ = false, taken_ = false;  // of the frame passed to on_frame() last
  std::thread thread_;
  // Used by the recorder's thread
  Timeline timeline_;
  ClipBuffer clips_;
  int64_t segment_bytes_;
  const DiskQuota quota_;
  std::unique_ptr<SegmentWriter> segment_;  // being written
  std::optional<Error> failure_;            // read by the pipeline's thread after the join
  SteadyTime last_written_, next_quota_;
  bool short_pre_roll_reported_ = false;
  // Used by both
  FrameQueue<Item> queue_;
  std::atomic<int64_t> dropped_{0};
  std::atomic<SteadyTime> deadline_{SteadyTime::max()};
  std::mutex status_mutex_;
  std::vector<StatusRecord> status_records_;
};

}  // namespace

bool is_recording_folder(const std::string& target) {
  std::error_code ignored;
  return fs::is_directory(target, ignored) || fs::path(target).extension().empty();
}

Result<std::unique_ptr<Sink>> make_recorder(RecorderOptions options) {
  const auto wrong = [&](const std::string& why) { return Error{ErrorKind::usage, options.target + ": " + why}; };
  if (options.target.empty()) return Error{ErrorKind::usage, "a recording needs the name of a file or folder"};
  if (!std::isfinite(options.segment_seconds) || options.segment_seconds < 0 || options.segment_bytes < 0) {
    return wrong("the length of a segment must not be negative");
  }
  if (options.quota_bytes != 0 && options.quota_bytes < (1 << 20)) {
    return wrong("the quota must be at least a mebibyte");
  }
  if (!std::isfinite(options.pre_roll_s) || options.pre_roll_s < 0 || !std::isfinite(options.post_roll_s) ||
      options.post_roll_s < 0) {
    return wrong("the time before and after an event must not be negative");
  }
  if (is_recording_folder(options.target)) {
    if (!is_container(options.container)) return wrong("recordings end in .mp4, .mkv or .avi");
  } else {
    if (!is_container(lower_extension(options.target))) {
      return wrong("the name must end in .mp4, .mkv or .avi");
    }
    if (options.segment_seconds > 0 || options.segment_bytes > 0) return wrong("segments need a folder, not a file");
    if (options.quota_bytes > 0) return wrong("a quota needs a folder, not a file");
    if (!options.on_classes.empty() || !options.on_zones.empty()) {
      return wrong("recording around events needs a folder, not a file");
    }
  }
  return std::unique_ptr<Sink>(std::make_unique<Recorder>(std::move(options)));
}

SinkRow video_row() {
  return {.option = "--video",
          .value_name = "FILE",
          .help = "Write the annotated video to FILE (.mp4, .mkv, .avi)",
          .make =
              [](const SinkRequest& request) {
                RecorderOptions options;
                options.target = request.target;
                options.sidecar = false;
                return make_recorder(std::move(options));
              },
          .one_source_at_a_time = true};
}

}  // namespace dualsight
