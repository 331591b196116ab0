#include "app/recording/playback.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cmath>
#include <deque>
#include <filesystem>
#include <utility>

#include "app/recording/video_encoder.h"
#include "app/records/json_records.h"
#include "app/sinks/picture_sinks.h"
#include "app/sinks/result_writer.h"
#include "app/sources/rotation.h"
#include "app/system/output_file.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/display.h>
#include <libswscale/swscale.h>
}

namespace dualsight {
namespace fs = std::filesystem;
namespace {

struct AvDeleter {
  void operator()(AVFormatContext* context) const { avformat_close_input(&context); }
  void operator()(AVCodecContext* context) const { avcodec_free_context(&context); }
  void operator()(AVPacket* packet) const { av_packet_free(&packet); }
  void operator()(AVFrame* frame) const { av_frame_free(&frame); }
  void operator()(SwsContext* context) const { sws_freeContext(context); }
};
template <typename T>
using Av = std::unique_ptr<T, AvDeleter>;

// The last entry that is not above `value`; the first if all are.
template <typename T>
std::size_t last_up_to(const std::vector<T>& rising, T value) {
  const auto above = std::upper_bound(rising.begin(), rising.end(), value);
  return above == rising.begin() ? 0 : static_cast<std::size_t>(above - rising.begin()) - 1;
}

}  // namespace

// --- RecordingReader

struct RecordingReader::Impl {
  std::string path;
  Av<AVFormatContext> input;
  Av<AVCodecContext> codec;
  Av<SwsContext> scaler;
  Av<AVPacket> packet{av_packet_alloc()};
  Av<AVFrame> incoming{av_frame_alloc()};
  // Decoded last, so that stepping back does not decode a whole group of pictures for each.
  std::deque<std::pair<std::size_t, Av<AVFrame>>> recent;
  AVStream* stream = nullptr;
  int clockwise = 0;              // degrees by which the picture has to be turned
  std::vector<int64_t> stamps;    // of all frames, the stream's
  std::vector<std::size_t> keys;  // those of them where decoding can begin; the first is 0
  std::vector<double> times;
  std::optional<std::size_t> at;  // which frame was decoded last
  bool ended = false;

  Error failed(const std::string& why) const { return {ErrorKind::source, path + ": " + why}; }
  Error interrupted() const { return {ErrorKind::interrupted, path + ": reading was cancelled"}; }

  Result<void> open_input() {
    const auto unusable = [this] { return failed("cannot be opened as a video (truncated, or not a video)"); };
    codec.reset();
    input.reset();
    AVFormatContext* opened = nullptr;
    // An absolute path: "a:b.mp4" would be taken for a protocol named "a".
    const int error = avformat_open_input(&opened, fs::absolute(path).c_str(), nullptr, nullptr);
    if (error == AVERROR(ENOENT)) return failed("no such file");
    if (error < 0) return unusable();
    input.reset(opened);
    if (avformat_find_stream_info(opened, nullptr) < 0) return unusable();
    const AVCodec* decoder = nullptr;
    const int best = av_find_best_stream(opened, AVMEDIA_TYPE_VIDEO, -1, -1, &decoder, 0);
    if (best < 0 || decoder == nullptr) return unusable();
    for (unsigned i = 0; i < opened->nb_streams; ++i) {
      if (static_cast<int>(i) != best) opened->streams[i]->discard = AVDISCARD_ALL;
    }
    stream = opened->streams[best];
    codec.reset(avcodec_alloc_context3(decoder));
    avcodec_parameters_to_context(codec.get(), stream->codecpar);
    codec->pkt_timebase = stream->time_base;
    codec->thread_count = 2;
    if (avcodec_open2(codec.get(), decoder, nullptr) < 0) return unusable();
    if (const uint8_t* matrix = av_stream_get_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX, nullptr)) {
      const double turned = av_display_rotation_get(reinterpret_cast<const int32_t*>(matrix));
      clockwise = std::isfinite(turned) ? (static_cast<int>(std::lround(-turned)) + 360) % 360 : 0;
    }
    at.reset();
    ended = false;
    return {};
  }

  // It also makes the demuxers of files without an index build one.
  Result<void> find_frames(const std::stop_token& stop) {
    std::vector<std::pair<int64_t, bool>> found;
    for (; av_read_frame(input.get(), packet.get()) >= 0; av_packet_unref(packet.get())) {
      if (stop.stop_requested()) {
        av_packet_unref(packet.get());
        return interrupted();
      }
      const int64_t stamp = packet->pts != AV_NOPTS_VALUE ? packet->pts : packet->dts;
      // AVI fills gaps with empty packets.
      if (packet->stream_index != stream->index || packet->size == 0 || stamp == AV_NOPTS_VALUE) continue;
      if ((packet->flags & AV_PKT_FLAG_DISCARD) == 0) found.emplace_back(stamp, (packet->flags & AV_PKT_FLAG_KEY) != 0);
    }
    std::sort(found.begin(), found.end());
    const int64_t start = stream->start_time == AV_NOPTS_VALUE ? 0 : stream->start_time;
    for (const auto& [stamp, key] : found) {
      if (!stamps.empty() && stamp == stamps.back()) continue;
      if (key || stamps.empty()) keys.push_back(stamps.size());
      stamps.push_back(stamp);
      times.push_back(static_cast<double>(stamp - start) * 1000 * stream->time_base.num / stream->time_base.den);
    }
    return stamps.empty() ? Result<void>(failed("holds no frames (truncated, or not a video)")) : Result<void>{};
  }

  // To the key frame, or before it.
  Result<void> seek(std::size_t key) {
    at.reset();
    ended = false;
    if (key > 0 && av_seek_frame(input.get(), stream->index, stamps[key], AVSEEK_FLAG_BACKWARD) >= 0) {
      avcodec_flush_buffers(codec.get());
      return {};
    }
    return open_input();
  }

  // Decodes one more frame; false: there is none.
  bool next() {
    while (!ended) {
      const int got = avcodec_receive_frame(codec.get(), incoming.get());
      if (got == AVERROR_EOF) {
        ended = true;
      } else if (got < 0) {  // it wants more, or the frame is damaged
        feed();
      } else {
        const int64_t stamp = incoming->best_effort_timestamp;
        at = stamp != AV_NOPTS_VALUE ? last_up_to(stamps, stamp) : at ? std::min(*at + 1, stamps.size() - 1) : 0;
        keep_incoming();
        return true;
      }
    }
    return false;
  }

  void keep_incoming() {
    constexpr int64_t most_bytes = 128 << 20, most_frames = 64;
    const int64_t bytes = std::max<int64_t>(1, int64_t{2} * incoming->width * incoming->height);
    const auto room = static_cast<std::size_t>(std::clamp<int64_t>(most_bytes / bytes, 1, most_frames));
    while (recent.size() >= room) recent.pop_front();
    recent.emplace_back(*at, std::exchange(incoming, Av<AVFrame>(av_frame_alloc())));
  }

  void feed() {
    if (av_read_frame(input.get(), packet.get()) < 0) {
      if (avcodec_send_packet(codec.get(), nullptr) == AVERROR_EOF) ended = true;
      return;
    }
    if (packet->stream_index == stream->index) (void)avcodec_send_packet(codec.get(), packet.get());
    av_packet_unref(packet.get());
  }

  Result<cv::Mat> read(std::size_t wanted, const std::stop_token& stop) {
    wanted = std::min(wanted, stamps.size() - 1);
    for (const auto& [index, frame] : recent) {
      if (index == wanted) return picture(*frame);
    }
    std::size_t key = last_up_to(keys, wanted);
    bool from_key = false;
    constexpr std::size_t worth_seeking = 8;  // frames that a seek has to spare
    if (!at || ended || *at > wanted || *at + worth_seeking < keys[key]) {
      if (auto sought = seek(keys[key]); !sought) return sought.error();
      from_key = true;
    }
    while (!at || *at < wanted) {
      if (stop.stop_requested()) return interrupted();
      const bool first = !at;
      const bool there = next();
      if (!there && at) break;
      // Some demuxers seek by decoding order, and decoders leave out what they cannot decode from a key frame on.
      if (first && from_key && (!there || *at > wanted) && key > 0) {
        key -= std::min<std::size_t>(key, 2);
        if (auto sought = seek(keys[key]); !sought) return sought.error();
      } else if (!there) {
        return failed("no frame of this video can be decoded");
      }
    }
    return picture(*recent.back().second);
  }

  // As OpenCV converts it, so that live pictures and recorded ones have the same colours.
  Result<cv::Mat> picture(const AVFrame& frame) {
    const auto format = static_cast<AVPixelFormat>(frame.format);
    scaler.reset(sws_getCachedContext(scaler.release(), frame.width, frame.height, format, frame.width, frame.height,
                                      AV_PIX_FMT_BGR24, SWS_BICUBIC, nullptr, nullptr, nullptr));
    if (!scaler) return failed("its pixel format is not supported");
    cv::Mat bgr(frame.height, frame.width, CV_8UC3);
    uint8_t* const planes[4] = {bgr.data, nullptr, nullptr, nullptr};
    const int strides[4] = {static_cast<int>(bgr.step), 0, 0, 0};
    sws_scale(scaler.get(), frame.data, frame.linesize, 0, frame.height, planes, strides);
    return rotate_clockwise(bgr, clockwise);
  }
};

Result<RecordingReader> RecordingReader::open(const std::string& video, const std::stop_token& stop) {
  auto impl = std::make_unique<Impl>();
  impl->path = video;
  if (auto opened = impl->open_input(); !opened) return opened.error();
  if (auto found = impl->find_frames(stop); !found) return found.error();
  impl->ended = true;  // read to its end
  return RecordingReader(std::move(impl));
}

RecordingReader::RecordingReader(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
RecordingReader::RecordingReader(RecordingReader&&) noexcept = default;
RecordingReader& RecordingReader::operator=(RecordingReader&&) noexcept = default;
RecordingReader::~RecordingReader() = default;

const std::vector<double>& RecordingReader::times() const { return impl_->times; }

cv::Size RecordingReader::size() const {
  const cv::Size size(impl_->codec->width, impl_->codec->height);
  return impl_->clockwise % 180 == 90 ? cv::Size(size.height, size.width) : size;
}

double RecordingReader::fps() const {
  const double fps = av_q2d(av_guess_frame_rate(impl_->input.get(), impl_->stream, nullptr));
  return std::isfinite(fps) && fps > 0 && fps < 1000 ? fps : 0;
}

Result<cv::Mat> RecordingReader::read(std::size_t index, const std::stop_token& stop) {
  return impl_->read(index, stop);
}

// --- Recording

namespace {

constexpr double bridged_ms = 500;  // shorter gaps are none on a time line

fs::path beside(const fs::path& video, const std::string& ending) {
  return video.parent_path() / (video.stem().string() + ending);
}

bool is_file(const fs::path& path) {
  std::error_code ignored;
  return fs::is_regular_file(path, ignored);
}

// As app/recording/segment_names.h names them; raw and annotated video share one.
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
  return last_up_to(times_, ms + 0.5);  // times are written in whole milliseconds here and there
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
  return dualsight::detections_at(looks_around(run_.frames, ms), ms, filter);
}

std::vector<std::vector<TimeSpan>> Recording::presence(const DetectionFilter& filter) const {
  std::vector<std::vector<TimeSpan>> spans(run_.class_names.size());
  const auto& frames = run_.frames;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    // What a look saw is there for half of the time to its neighbours: see interpolate().
    const double now = frames[i].pts_ms;
    const TimeSpan span{i > 0 ? middle(frames[i - 1].pts_ms, now) : now,
                        i + 1 < frames.size() ? middle(now, frames[i + 1].pts_ms) : now};
    for (const Detection& d : chosen_of(frames[i], filter)) {
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

// --- exports

namespace {

// A file or folder under another name until it is whole.
class AtomicOutput {
 public:
  explicit AtomicOutput(const std::string& path) : path_(path) {
    if (!path_.has_filename()) path_ = path_.parent_path();  // "folder/"
    const fs::path extension = path_.extension();
    const std::string stem = (path_.parent_path() / path_.stem()).string() + ".part";
    std::error_code ignored;
    part_ = stem + extension.string();
    for (int i = 2; fs::exists(part_, ignored); ++i) part_ = stem + std::to_string(i) + extension.string();
  }
  ~AtomicOutput() {
    std::error_code ignored;
    if (!part_.empty()) fs::remove_all(part_, ignored);
  }
  AtomicOutput(const AtomicOutput&) = delete;
  AtomicOutput& operator=(const AtomicOutput&) = delete;

  std::string part() const { return part_.string(); }

  Result<void> finish() {
    std::error_code failure;
    fs::rename(part_, path_, failure);  // takes the place of a file or an empty folder
    if (failure) return Error{ErrorKind::output, path_.string() + ": cannot be written: " + failure.message()};
    part_.clear();
    return {};
  }

 private:
  fs::path path_, part_;
};

Error stopped(const std::string& target) { return {ErrorKind::interrupted, target + ": cancelled"}; }

Result<void> check_target(const Recording& recording, const std::string& file) {
  const fs::path video(recording.video());
  // The other video of the recording is its, too.
  const std::string stem = video.stem().string(), extension = video.extension().string();
  const std::string other = stem.ends_with(".raw") ? stem.substr(0, stem.size() - 4) : stem + ".raw";
  std::error_code ignored;
  for (const fs::path& own : {video, fs::path(recording.sidecar()), video.parent_path() / (other + extension)}) {
    if (!own.empty() && fs::equivalent(own, file, ignored)) {
      return Error{ErrorKind::usage, file + ": belongs to the recording itself: choose another name"};
    }
  }
  return {};
}

Result<void> check_folder(const std::string& folder) {
  std::error_code ignored;
  if (!fs::exists(folder, ignored) || (fs::is_directory(folder, ignored) && fs::is_empty(folder, ignored))) return {};
  return Error{ErrorKind::usage, folder + ": is there already: choose a new folder"};
}

void tell(const RecordingExport& options, std::size_t done, std::size_t all) {
  if (options.progress) options.progress(all > 0 ? static_cast<double>(done) / static_cast<double>(all) : 1);
}

bool within(const TimeSpan& range, double ms) { return ms >= range.from_ms && ms <= range.to_ms; }

std::vector<Detection> best_first(std::vector<Detection> detections) {
  std::stable_sort(detections.begin(), detections.end(),
                   [](const Detection& a, const Detection& b) { return a.confidence > b.confidence; });
  return detections;
}

// When pictures are taken.
std::vector<double> moments(const Recording& recording, const RecordingExport& options) {
  std::vector<double> all;
  for (const RecordedFrame& look : recording.run().frames) all.push_back(look.pts_ms);
  if (all.empty()) all = recording.times();
  std::vector<double> chosen;
  for (const double ms : all) {
    if (!within(options.range, ms)) continue;
    if (chosen.empty() || ms - chosen.back() >= options.every_s * 1000 - 0.5) chosen.push_back(ms);
  }
  return chosen;
}

std::string name_at(const Recording& recording, double ms, const std::string& extension) {
  const auto t = static_cast<int64_t>(std::llround(ms));
  return fmt::format("{}_{}h{:02}m{:02}.{:03}s{}", fs::path(recording.video()).stem().string(), t / 3600000,
                     t / 60000 % 60, t / 1000 % 60, t % 1000, extension);
}

// Calls `take(picture, its name, the time)` for each and moves on.
template <typename Take>
Result<void> for_each_picture(const Recording& recording, const std::string& target, const std::string& extension,
                              const RecordingExport& options, const Take& take) {
  const std::vector<double> times = moments(recording, options);
  if (times.empty()) return Error{ErrorKind::usage, target + ": there is no picture in this range of time"};
  auto reader = RecordingReader::open(recording.video(), options.stop);
  if (!reader) return reader.error();
  for (std::size_t i = 0; i < times.size(); ++i) {
    if (options.stop.stop_requested()) return stopped(target);
    auto bgr = reader->read(recording.index_at(times[i]), options.stop);
    if (!bgr) return bgr.error();
    if (auto taken = take(*bgr, name_at(recording, times[i], extension), times[i]); !taken) return taken;
    tell(options, i + 1, times.size());
  }
  return {};
}

}  // namespace

Result<void> export_clip(const Recording& recording, const std::string& file, const RecordingExport& options) {
  if (auto usable = check_target(recording, file); !usable) return usable;
  std::vector<std::size_t> frames;
  for (std::size_t i = 0; i < recording.times().size(); ++i) {
    if (within(options.range, recording.times()[i])) frames.push_back(i);
  }
  if (frames.empty()) return Error{ErrorKind::usage, file + ": there is no frame in this range of time"};
  auto reader = RecordingReader::open(recording.video(), options.stop);
  if (!reader) return reader.error();
  AtomicOutput unfinished(file);
  EncoderOptions encoding;
  encoding.fps = recording.fps();
  auto encoder = VideoEncoder::create(unfinished.part(), recording.size().width, recording.size().height, encoding);
  if (!encoder) return encoder.error();
  for (std::size_t i = 0; i < frames.size(); ++i) {
    if (options.stop.stop_requested()) return stopped(file);
    auto bgr = reader->read(frames[i], options.stop);
    if (!bgr) return bgr.error();
    const double ms = recording.times()[frames[i]];
    if (options.boxes) {
      draw_detections(*bgr, recording.detections_at(ms, options.filter), recording.run().class_names, options.style);
    }
    auto written = encoder->write(*bgr, std::llround(ms - recording.times()[frames[0]]));
    if (!written) return written.error();
    tell(options, i + 1, frames.size());
  }
  if (auto closed = encoder->close(); !closed) return closed;
  return unfinished.finish();
}

Result<void> export_pictures(const Recording& recording, const std::string& folder, const std::string& extension,
                             const RecordingExport& options) {
  if (auto usable = check_folder(folder); !usable) return usable;
  AtomicOutput unfinished(folder);
  if (auto made = make_folder(unfinished.part()); !made) return made;
  auto done =
      for_each_picture(recording, folder, extension, options, [&](cv::Mat& bgr, const std::string& name, double ms) {
        if (options.boxes) {
          draw_detections(bgr, recording.detections_at(ms, options.filter), recording.run().class_names, options.style);
        }
        return write_picture((fs::path(unfinished.part()) / name).string(), extension, bgr);
      });
  return done ? unfinished.finish() : done;
}

Result<void> export_csv(const Recording& recording, const std::string& file, const RecordingExport& options) {
  if (auto usable = check_target(recording, file); !usable) return usable;
  AtomicOutput unfinished(file);
  auto writer = make_result_writer("csv", unfinished.part());
  if (!writer) return writer.error();
  HeaderRecord header;
  header.class_names = recording.run().class_names;
  if (auto begun = (*writer)->begin(header); !begun) return begun;
  const auto& frames = recording.run().frames;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    if (options.stop.stop_requested()) return stopped(file);
    if (!within(options.range, frames[i].pts_ms)) continue;
    FrameRecord record;
    record.source = frames[i].source;
    record.frame = frames[i].frame;
    record.pts_ms = frames[i].pts_ms;
    record.timestamp = frames[i].timestamp;
    record.width = frames[i].width;
    record.height = frames[i].height;
    record.detections = best_first(chosen_of(frames[i], options.filter));
    if (auto written = (*writer)->on_result(record, {}); !written) return written;
    tell(options, i + 1, frames.size());
  }
  if (auto ended = (*writer)->end({}); !ended) return ended;
  return unfinished.finish();
}

Result<void> export_coco(const Recording& recording, const std::string& folder, const RecordingExport& options) {
  if (auto usable = check_folder(folder); !usable) return usable;
  const RecordedRun& run = recording.run();
  if (run.frames.empty()) {
    return Error{ErrorKind::usage, recording.video() + ": has no records beside it, so there is nothing to label"};
  }
  if (recording.annotated()) {
    return Error{ErrorKind::usage, recording.video() +
                                       ": has boxes drawn into its pictures: only a raw recording can "
                                       "be learned from"};
  }
  AtomicOutput unfinished(folder);
  const fs::path images = fs::path(unfinished.part()) / "images";
  if (auto made = make_folder(images.string()); !made) return made;

  Json coco = {{"images", Json::array()}, {"annotations", Json::array()}, {"categories", Json::array()}};
  Json unlabelled = Json::array();
  for (std::size_t c = 0; c < run.class_names.size(); ++c) {
    coco["categories"].push_back({{"id", c}, {"name", run.class_names[c]}});
    const bool looked_for = run.thresholds.empty() || run.thresholds[c] <= 1;
    if (!options.filter.shown.at(c) || !looked_for) unlabelled.push_back(c);
  }
  auto done = for_each_picture(
      recording, folder, ".jpg", options, [&](cv::Mat& bgr, const std::string& name, double ms) -> Result<void> {
        const std::size_t image_id = coco["images"].size() + 1;
        Json image = {{"id", image_id}, {"file_name", name}, {"width", bgr.cols}, {"height", bgr.rows}};
        if (!unlabelled.empty()) image["not_exhaustive_category_ids"] = unlabelled;
        coco["images"].push_back(image);
        for (const Detection& d : best_first(recording.detections_at(ms, options.filter))) {
          const auto x1 = std::clamp(d.box.x1, 0.0F, static_cast<float>(bgr.cols));
          const auto y1 = std::clamp(d.box.y1, 0.0F, static_cast<float>(bgr.rows));
          const Box box{x1, y1, std::clamp(d.box.x2, x1, static_cast<float>(bgr.cols)),
                        std::clamp(d.box.y2, y1, static_cast<float>(bgr.rows))};
          if (!(box.area() > 0)) continue;
          coco["annotations"].push_back(
              {{"id", coco["annotations"].size() + 1},
               {"image_id", image_id},
               {"category_id", d.class_id},
               {"bbox", {number(box.x1, 2), number(box.y1, 2), number(box.width(), 2), number(box.height(), 2)}},
               {"area", number(box.area(), 2)},
               {"iscrowd", 0},
               {"score", number(d.confidence, 4)}});
        }
        return write_picture((images / name).string(), ".jpg", bgr);
      });
  if (!done) return done;
  if (auto written = write_file((fs::path(unfinished.part()) / "annotations.json").string(), one_line(coco) + "\n");
      !written) {
    return written;
  }
  return unfinished.finish();
}

}  // namespace dualsight
