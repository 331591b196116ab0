#include "detector/annotations/coco_pictures.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <cstring>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <string_view>
#include <thread>

#include "detector/annotations/json_fields.h"
#include "detector/data/jpeg.h"

namespace dualsight {
namespace {

namespace fs = std::filesystem;
using Bytes = std::vector<uint8_t>;

constexpr int kJpegQuality = 95;

bool is_jpeg(const Bytes& bytes) { return bytes.size() >= 4 && bytes[0] == 0xFF && bytes[1] == 0xD8; }

// Whether a JPEG has no end marker behind its picture data. OpenCV would decode what is there and make up the rest.
// What follows the end (cameras append previews and maker's data) is not looked at. ITU-T T.81, B.1.1.
bool is_cut_short(const Bytes& bytes) {
  if (!is_jpeg(bytes)) return false;
  std::size_t at = 2;
  while (at + 4 <= bytes.size() && bytes[at] == 0xFF) {
    const uint8_t marker = bytes[at + 1];
    if (marker == 0xFF) {  // a fill byte
      ++at;
      continue;
    }
    if (marker == 0xD9) return false;
    at += 2 + static_cast<std::size_t>(bytes[at + 2] << 8 | bytes[at + 3]);
    if (marker != 0xDA) continue;
    // The scan's data, up to a marker that is neither a stuffed zero nor a restart.
    const auto is_data = [](uint8_t next) { return next == 0 || (next >= 0xD0 && next <= 0xD7); };
    while (at + 1 < bytes.size() && (bytes[at] != 0xFF || is_data(bytes[at + 1]))) ++at;
    if (at + 1 < bytes.size() && bytes[at + 1] == 0xD9) return false;
  }
  return true;
}

// Whether something in the file may turn the picture: of a JPEG an EXIF block, elsewhere it is not known beforehand.
bool may_be_turned(const Bytes& bytes) {
  constexpr std::string_view exif("Exif\0\0", 6);
  constexpr std::size_t head = 128 << 10;
  const auto end = bytes.begin() + static_cast<std::ptrdiff_t>(std::min(head, bytes.size()));
  return !is_jpeg(bytes) || std::search(bytes.begin(), end, exif.begin(), exif.end()) != end;
}

cv::Mat decode_with_opencv(const Bytes& bytes, int flags) {
  if (bytes.empty() || is_cut_short(bytes)) return {};
  try {
    return cv::imdecode(bytes, flags);
  } catch (const cv::Exception&) {
    return {};
  }
}

bool same_pixels(const cv::Mat& a, const cv::Mat& b) {
  return a.size() == b.size() && cv::norm(a, b, cv::NORM_INF) == 0;
}

// Of one shape: width to height alike, to 2 % (sizes of copies are rounded).
bool same_shape(cv::Size a, cv::Size b) {
  const double x = static_cast<double>(a.width) * b.height, y = static_cast<double>(b.width) * a.height;
  return std::abs(x - y) <= 0.02 * std::max(x, y);
}

cv::Size swapped(cv::Size size) { return {size.height, size.width}; }

// Whether the labels lie on the unturned picture (see the header).
bool labels_are_unturned(const Candidate& candidate, cv::Size unturned, cv::Size upright) {
  const cv::Size json(candidate.picture.width, candidate.picture.height);
  if (json.empty() || same_shape(unturned, upright) || !same_shape(json, unturned)) return false;
  return candidate.label_right <= json.width + 1 && candidate.label_bottom <= json.height + 1;
}

void set_scale(Candidate& candidate, cv::Size true_size) {
  LabelledPicture& picture = candidate.picture;
  cv::Size json(picture.width, picture.height);
  const auto text = [](cv::Size size) { return std::to_string(size.width) + "x" + std::to_string(size.height); };
  const bool beyond = candidate.label_right > json.width + 1 || candidate.label_bottom > json.height + 1;
  if (!json.empty() && beyond && !same_shape(json, true_size) && same_shape(swapped(json), true_size)) {
    candidate.doubt = picture.file_name + ": width and height are swapped in the JSON (" + text(json) +
                      "), for labels reach beyond; taken as " + text(swapped(json));
    json = swapped(json);
  } else if (!json.empty() && !same_shape(json, true_size)) {
    candidate.doubt = picture.file_name + ": the JSON says " + text(json) + ", the picture is " + text(true_size) +
                      "; its labels are stretched to fit";
  }
  if (!json.empty()) {  // some files say 0
    candidate.scale_x = static_cast<double>(true_size.width) / json.width;
    candidate.scale_y = static_cast<double>(true_size.height) / json.height;
  }
  picture.width = true_size.width;
  picture.height = true_size.height;
}

// Reads, checks and, where decode_jpeg cannot read it or EXIF turns it, re-encodes one picture.
void load_picture(const fs::path& folder, Candidate& candidate) {
  const std::string& name = candidate.picture.file_name;
  auto bytes = read_file(folder / name);
  if (!bytes) {
    candidate.problem = name + ": no such file";
    return;
  }
  const auto image = decode_jpeg(*bytes);
  cv::Size size = image ? cv::Size(image->width, image->height) : cv::Size();
  cv::Mat pixels;  // what to re-encode; empty: the file serves as it is
  if (!image || may_be_turned(*bytes)) {
    cv::Mat unturned = decode_with_opencv(*bytes, cv::IMREAD_COLOR | cv::IMREAD_IGNORE_ORIENTATION);
    if (unturned.empty() && !image) {
      candidate.problem = name + ": cannot be decoded";
      return;
    }
    cv::Mat upright = unturned.empty() ? cv::Mat() : decode_with_opencv(*bytes, cv::IMREAD_COLOR);
    if (!upright.empty() && !same_pixels(unturned, upright) &&
        !labels_are_unturned(candidate, unturned.size(), upright.size())) {
      pixels = std::move(upright);
    } else if (!image) {
      pixels = std::move(unturned);
    }
  }
  if (!pixels.empty()) {
    size = pixels.size();
    if (static_cast<int64_t>(size.width) * size.height > kMaxJpegPixels) {
      candidate.problem = name + ": has " + std::to_string(size.width) + "x" + std::to_string(size.height) +
                          " pixels; at most " + std::to_string(kMaxJpegPixels / 1'000'000) + " megapixels are read";
      return;
    }
    Bytes encoded;
    if (!cv::imencode(".jpg", pixels, encoded, {cv::IMWRITE_JPEG_QUALITY, kJpegQuality})) {
      candidate.problem = name + ": cannot be encoded as JPEG";
      return;
    }
    bytes = std::move(encoded);
  }
  set_scale(candidate, size);
  bytes->shrink_to_fit();
  candidate.encoded = std::make_shared<const Bytes>(std::move(*bytes));
}

}  // namespace

void load_pictures(const fs::path& folder, std::vector<Candidate>& candidates, int threads) {
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t i = next++; i < candidates.size(); i = next++) {
      try {
        load_picture(folder, candidates[i]);
      } catch (const std::exception& e) {  // a thread's top: out of memory, an OpenCV fault
        candidates[i].problem = candidates[i].picture.file_name + ": " + e.what();
      }
    }
  };
  std::vector<std::jthread> pool;
  for (int i = 1; i < threads; ++i) pool.emplace_back(work);
  work();
}

}  // namespace dualsight
