// Writes one segment: the annotated video, the raw one or both, and their records.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/recording/clip_buffer.h"
#include "app/recording/segment_names.h"
#include "app/recording/video_encoder.h"
#include "app/records/records.h"
#include "app/system/output_file.h"
#include "backbone/result.h"
#include "detector/drawing/overlay.h"

namespace dualsight {

// A file of NDJSON lines. After a failed write it is cut back to complete lines.
class Sidecar {
 public:
  static Result<Sidecar> create(const std::string& path);
  Result<void> write(const std::string& line);
  Result<void> close() { return file_.close(); }

 private:
  Sidecar(std::string path, OutputFile file) : path_(std::move(path)), file_(std::move(file)) {}

  std::string path_;
  OutputFile file_;
  std::uintmax_t whole_ = 0;  // bytes
};

// For one thread. Errors are ErrorKind::output and name the file. After an error call close(), which completes the
// files as far as possible.
class SegmentWriter {
 public:
  // Takes size and rate from the first moment, but does not write it yet. After an error no empty file is left. The
  // header must outlive the writer.
  static Result<std::unique_ptr<SegmentWriter>> create(const SegmentPaths& paths, const HeaderRecord& header,
                                                       const OverlayStyle& style, const Moment& first);

  Result<void> write(const Moment& moment);        // with its records; the first frame gets time 0
  Result<void> write(const MomentRecord& record);  // about the frame written last; gets that frame's time
  Result<void> flush();  // call when no frame has come for a while; no effect if none came since the last flush
  Result<void> close();

  const SegmentPaths& paths() const { return paths_; }
  const std::string& source() const { return source_; }  // of the first frame
  // Whether the moment's picture has the size that the videos have (odd sizes lose a row or column).
  bool fits(const Moment& moment) const;
  bool ends_with(const std::string& source, int64_t frame) const;  // was that frame written last?
  double start_ms() const { return start_ms_; }                    // on the recording's clock
  int64_t frames() const { return frames_; }
  double last_ms() const { return static_cast<double>(last_pts_); }  // of the frame written last, in the file
  double seconds() const { return static_cast<double>(last_pts_ + last_duration_) / 1000; }
  int64_t bytes() const;                                // of the videos
  std::string encoder(const std::string& video) const;  // "H.264 (libx264), 1280x720"

 private:
  SegmentWriter(SegmentPaths paths, const HeaderRecord& header, const OverlayStyle& style, const Moment& first);
  Result<void> open(const Moment& first);
  Result<int64_t> write_videos(const Moment& moment, int64_t pts_ms);

  SegmentPaths paths_;
  const HeaderRecord& header_;
  OverlayStyle style_;
  std::string source_;
  double start_ms_ = 0;
  cv::Size size_;  // of the first frame; even numbers
  std::optional<VideoEncoder> annotated_, raw_;
  std::optional<Sidecar> sidecar_;
  std::string last_source_;
  int64_t last_frame_ = -1;
  int64_t frames_ = 0, last_pts_ = 0, last_duration_ = 0;  // ms in the file
  bool unflushed_ = false;
};

}  // namespace dualsight
