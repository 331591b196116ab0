#include "app/recording/segment_writer.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <opencv2/imgproc.hpp>
#include <utility>

#include "app/recording/timeline.h"
#include "app/records/json_records.h"

namespace dualsight {
namespace fs = std::filesystem;
namespace {

// A BGR copy with boxes drawn. The moment's own pixels are shared and must not be changed.
cv::Mat annotated(const Moment& moment, const std::vector<std::string>& class_names, const OverlayStyle& style) {
  cv::Mat bgr;
  if (moment.i420) {
    cv::cvtColor(moment.frame.bgr, bgr, cv::COLOR_YUV2BGR_I420);
  } else {
    bgr = moment.frame.bgr.clone();
  }
  draw_detections(bgr, moment.frame.detections, class_names, style);
  return bgr;
}

cv::Size video_size(const Moment& moment) {
  const cv::Size size = moment.i420 ? i420_size(moment.frame.bgr) : moment.frame.bgr.size();
  return {size.width & ~1, size.height & ~1};
}

Result<int64_t> write_unchanged(VideoEncoder& encoder, const Moment& moment, int64_t pts_ms) {
  return moment.i420 ? encoder.write_i420(moment.frame.bgr, pts_ms) : encoder.write(moment.frame.bgr, pts_ms);
}

}  // namespace

Result<Sidecar> Sidecar::create(const std::string& path) {
  auto file = OutputFile::create(path);
  if (!file) return file.error();
  return Sidecar(path, *std::move(file));
}

Result<void> Sidecar::write(const std::string& line) {
  auto written = file_.write(line + "\n");
  if (written) {
    whole_ += line.size() + 1;
  } else {
    std::error_code ignored;
    fs::resize_file(path_, whole_, ignored);
  }
  return written;
}

SegmentWriter::SegmentWriter(SegmentPaths paths, const HeaderRecord& header, const OverlayStyle& style,
                             const Moment& first)
    : paths_(std::move(paths)),
      header_(header),
      style_(style),
      source_(first.frame.source),
      start_ms_(first.time_ms),
      last_duration_(std::lround(interval_ms(first.frame))) {}

Result<std::unique_ptr<SegmentWriter>> SegmentWriter::create(const SegmentPaths& paths, const HeaderRecord& header,
                                                             const OverlayStyle& style, const Moment& first) {
  std::unique_ptr<SegmentWriter> writer(new SegmentWriter(paths, header, style, first));
  if (auto opened = writer->open(first); !opened) {
    const Error error = opened.error();
    writer.reset();
    std::error_code ignored;
    for (const std::string& path : paths.all()) fs::remove(path, ignored);  // they hold only headers
    return error;
  }
  return writer;
}

Result<void> SegmentWriter::open(const Moment& first) {
  const cv::Size size = first.i420 ? i420_size(first.frame.bgr) : first.frame.bgr.size();
  size_ = video_size(first);
  for (auto [path, encoder] : {std::pair(&paths_.annotated, &annotated_), std::pair(&paths_.raw, &raw_)}) {
    if (path->empty()) continue;
    EncoderOptions options;
    options.fps = first.frame.source_fps;
    // A picture may be followed by a video, which needs a finer clock in AVI.
    if (!first.frame.pts_ms) options.fps = path->ends_with(".avi") ? 25 : 1;
    auto created = VideoEncoder::create(*path, size.width, size.height, options);
    if (!created) return created.error();
    encoder->emplace(*std::move(created));
  }
  if (paths_.sidecar.empty()) return {};
  auto sidecar = Sidecar::create(paths_.sidecar);
  if (!sidecar) return sidecar.error();
  sidecar_.emplace(*std::move(sidecar));
  return sidecar_->write(one_line(to_json(header_)));
}

Result<void> SegmentWriter::write(const Moment& moment) {
  const auto pts = write_videos(moment, std::llround(moment.time_ms - start_ms_));
  if (!pts) return pts.error();
  // The same duration as VideoEncoder gives this frame.
  last_duration_ = frames_ > 0 ? std::clamp<int64_t>(*pts - last_pts_, 1, 1000) : last_duration_;
  last_pts_ = *pts;
  last_source_ = moment.frame.source;
  last_frame_ = moment.frame.frame;
  ++frames_;
  unflushed_ = true;
  for (const MomentRecord& record : moment.records) {
    if (auto written = write(record); !written) return written;
  }
  return {};
}

// Both videos get the same times.
Result<int64_t> SegmentWriter::write_videos(const Moment& moment, int64_t pts_ms) {
  Result<int64_t> written = pts_ms;
  if (annotated_) {
    written = moment.frame.detections.empty()
                  ? write_unchanged(*annotated_, moment, pts_ms)
                  : annotated_->write(annotated(moment, header_.class_names, style_), pts_ms);
  }
  if (raw_ && written) written = write_unchanged(*raw_, moment, pts_ms);
  return written;
}

Result<void> SegmentWriter::write(const MomentRecord& record) {
  if (!sidecar_) return {};
  return std::visit(
      [this](auto copy) {
        copy.pts_ms = static_cast<double>(last_pts_);
        return sidecar_->write(one_line(to_json(copy, header_.class_names)));
      },
      record);
}

Result<void> SegmentWriter::flush() {
  if (!std::exchange(unflushed_, false)) return {};
  for (auto* encoder : {&annotated_, &raw_}) {
    if (!*encoder) continue;
    if (auto flushed = (*encoder)->flush(); !flushed) return flushed;
  }
  return {};
}

Result<void> SegmentWriter::close() {
  Result<void> result;
  const auto keep = [&result](const Result<void>& closed) {
    if (result && !closed) result = closed;
  };
  if (annotated_) keep(annotated_->close());
  if (raw_) keep(raw_->close());
  if (sidecar_) keep(sidecar_->close());
  return result;
}

bool SegmentWriter::fits(const Moment& moment) const { return video_size(moment) == size_; }

bool SegmentWriter::ends_with(const std::string& source, int64_t frame) const {
  return frames_ > 0 && frame == last_frame_ && source == last_source_;
}

int64_t SegmentWriter::bytes() const { return (annotated_ ? annotated_->bytes() : 0) + (raw_ ? raw_->bytes() : 0); }

std::string SegmentWriter::encoder(const std::string& video) const {
  const VideoEncoder& encoder = video == paths_.annotated ? *annotated_ : *raw_;
  return encoder.encoder() + ", " + std::to_string(encoder.size().width) + "x" + std::to_string(encoder.size().height);
}

}  // namespace dualsight
