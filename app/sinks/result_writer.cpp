#include "app/sinks/result_writer.h"

#include <spdlog/fmt/fmt.h>

#include <filesystem>
#include <optional>

#include "app/records/json_records.h"
#include "app/system/output_file.h"

namespace dualsight {
namespace {

// Base of the formats that are one file.
class FileWriter : public Sink {
 public:
  explicit FileWriter(std::string path) : path_(std::move(path)) {}
  std::string target() const override { return path_; }

  Result<void> begin(const HeaderRecord& header) override {
    auto file = OutputFile::create(path_);
    if (!file) return file.error();
    file_.emplace(*std::move(file));
    class_names_ = header.class_names;
    return start(header);
  }

  Result<void> end(const SummaryRecord& summary) override {
    if (!file_) return {};
    auto finished = finish(summary);
    auto closed = file_->close();
    if (broken_pipe_) return *broken_pipe_;
    return finished ? closed : finished;
  }
  bool reader_is_gone() const override { return broken_pipe_.has_value(); }

 protected:
  virtual Result<void> start(const HeaderRecord&) { return {}; }
  virtual Result<void> finish(const SummaryRecord&) { return {}; }
  OutputFile& file() { return *file_; }
  // A reader that closes the pipe ends this output alone, not the others.
  Result<void> write(std::string_view bytes) {
    if (broken_pipe_) return {};
    auto written = file_->write(bytes);
    if (!written && file_->pipe_is_broken()) {
      broken_pipe_ = written.error();
      return {};
    }
    return written;
  }
  Result<void> write_line(const Json& json) { return write(one_line(json) + "\n"); }
  const std::string& class_name(const Detection& detection) const {
    return class_names_.at(static_cast<std::size_t>(detection.class_id));
  }

  std::vector<std::string> class_names_;

 private:
  std::string path_;
  std::optional<OutputFile> file_;
  std::optional<Error> broken_pipe_;
};

class NdjsonWriter : public FileWriter {
 public:
  using FileWriter::FileWriter;
  Result<void> on_result(const FrameRecord& record, const cv::Mat&) override {
    return write_line(to_json(record, class_names_));
  }
  Result<void> on_event(const EventRecord& record) override { return write_line(to_json(record, class_names_)); }
  Result<void> on_status(const StatusRecord& record) override { return write_line(to_json(record)); }
  Result<void> on_stats(const StatsRecord& record) override { return write_line(to_json(record)); }

 protected:
  Result<void> start(const HeaderRecord& header) override { return write_line(to_json(header)); }
  Result<void> finish(const SummaryRecord& summary) override { return write_line(to_json(summary, class_names_)); }
};

class CocoWriter : public FileWriter {
 public:
  using FileWriter::FileWriter;

  Result<void> on_result(const FrameRecord& record, const cv::Mat&) override {
    std::string text;
    for (const Detection& detection : record.detections) {
      const Box& box = detection.box;
      Json entry = {{"image_id", image_id_},
                    {"category_id", detection.class_id},
                    {"bbox", {number(box.x1, 2), number(box.y1, 2), number(box.width(), 2), number(box.height(), 2)}},
                    {"score", number(detection.confidence, 4)}};
      // The id is a place in the order of this run. Names tell which picture and class it is in a data set.
      if (!record.file.empty()) entry["file_name"] = std::filesystem::path(record.file).filename().string();
      entry["name"] = class_name(detection);
      text += (first_ ? "\n" : ",\n") + one_line(entry);
      first_ = false;
    }
    ++image_id_;
    if (text.empty()) return {};
    // Where the file is seekable, the array is closed after every frame and reopened for the next.
    if (!file().seekable()) return write(text);
    file().step_back(closing.size());
    return write(text.append(closing));
  }

 protected:
  Result<void> start(const HeaderRecord&) override {
    return write(file().seekable() ? "[" + std::string(closing) : "[");
  }
  Result<void> finish(const SummaryRecord&) override { return file().seekable() ? Result<void>{} : write(closing); }

 private:
  static constexpr std::string_view closing = "\n]\n";
  int64_t image_id_ = 0;
  bool first_ = true;
};

class UltralyticsWriter : public FileWriter {
 public:
  using FileWriter::FileWriter;
  Result<void> on_result(const FrameRecord& record, const cv::Mat&) override {
    Json line = Json::array();
    for (const Detection& detection : record.detections) {
      line.push_back({{"name", class_name(detection)},
                      {"class", detection.class_id},
                      {"confidence", number(detection.confidence, 4)},
                      {"box", corners(detection.box)}});
    }
    return write_line(line);
  }
};

class CsvWriter : public FileWriter {
 public:
  using FileWriter::FileWriter;
  Result<void> on_result(const FrameRecord& record, const cv::Mat&) override {
    const std::string pts = record.pts_ms ? fmt::format("{:.2f}", *record.pts_ms) : "";
    const std::string left = fmt::format("{},{},{},{},{},{},{}", quoted(record.source), quoted(record.file),
                                         record.frame, pts, utc_text(record.timestamp), record.width, record.height);
    if (record.detections.empty()) return write(left + ",,,,,,,,,,,\n");
    std::string text;
    for (const Detection& d : record.detections) {
      const Box& box = d.box;
      text += left + fmt::format(",{},{},{:.4f},{:.2f},{:.2f},{:.2f},{:.2f},{:.2f},{:.2f},{:.2f},{:.2f}\n",
                                 quoted(class_name(d)), d.class_id, d.confidence, box.x1, box.y1, box.x2, box.y2,
                                 box.center_x(), box.center_y(), box.width(), box.height());
    }
    return write(text);
  }

 protected:
  Result<void> start(const HeaderRecord&) override {
    return write(
        "source,file,frame,pts_ms,timestamp,image_width,image_height,name,class,confidence,"
        "x1,y1,x2,y2,center_x,center_y,width,height\n");
  }

 private:
  static std::string quoted(const std::string& text) {
    if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
    std::string out = "\"";
    for (const char c : text) out += c == '"' ? "\"\"" : std::string(1, c);
    return out + '"';
  }
};

class YoloTextWriter : public Sink {
 public:
  explicit YoloTextWriter(std::string folder) : folder_(std::move(folder)) {}
  std::string target() const override { return folder_; }
  std::vector<std::string> files() const override { return {}; }
  Result<void> begin(const HeaderRecord&) override { return make_folder(folder_); }

  Result<void> on_result(const FrameRecord& record, const cv::Mat&) override {
    std::string text;
    for (const Detection& d : record.detections) {
      text += fmt::format("{} {:.6f} {:.6f} {:.6f} {:.6f} {:.4f}\n", d.class_id, d.box.center_x() / record.width,
                          d.box.center_y() / record.height, d.box.width() / record.width,
                          d.box.height() / record.height, d.confidence);
    }
    const std::string name = names_.next(record.source, record.file, record.frame) + ".txt";
    return write_file((std::filesystem::path(folder_) / name).string(), text);
  }

  Result<void> end(const SummaryRecord&) override { return {}; }

 private:
  std::string folder_;
  FrameNames names_;
};

}  // namespace

const std::vector<std::string>& result_formats() {
  static const std::vector<std::string> names = {"ndjson", "coco", "ultralytics", "yolo-txt", "csv"};
  return names;
}

Result<std::unique_ptr<Sink>> make_result_writer(const std::string& format, const std::string& path) {
  if (format == "ndjson") return std::unique_ptr<Sink>(new NdjsonWriter(path));
  if (format == "coco") return std::unique_ptr<Sink>(new CocoWriter(path));
  if (format == "ultralytics") return std::unique_ptr<Sink>(new UltralyticsWriter(path));
  if (format == "csv") return std::unique_ptr<Sink>(new CsvWriter(path));
  if (format != "yolo-txt") return Error{ErrorKind::usage, "--format " + format + ": no such format"};
  if (path == "-") return Error{ErrorKind::usage, "--format yolo-txt writes many files: --json must name a folder"};
  return std::unique_ptr<Sink>(new YoloTextWriter(path));
}

SinkRow result_writer_row() {
  return {.option = "--json",
          .value_name = "FILE",
          .help = "Write results to FILE (or folder, for yolo-txt); - for standard output",
          .make =
              [](const SinkRequest& request) {
                const std::string& format = request.variant.empty() ? result_formats().front() : request.variant;
                return make_result_writer(format, request.target);
              },
          .variant_option = "--format",
          .variant_help = "Of --json (default: " + result_formats().front() + ")",
          .variants = result_formats()};
}

}  // namespace dualsight
