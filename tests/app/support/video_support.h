// Looking into videos with the programs ffprobe and ffmpeg, which know nothing of this project.
#pragma once

#include <gtest/gtest.h>
#include <sys/mount.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "tests/app/support/test_support.h"

namespace dualsight {

inline std::string output_of(const std::string& command) {
  std::string output;
  FILE* pipe = popen(command.c_str(), "r");
  std::array<char, 1 << 16> buffer{};
  for (std::size_t got = 0; (got = fread(buffer.data(), 1, buffer.size(), pipe)) > 0;)
    output.append(buffer.data(), got);
  EXPECT_EQ(pclose(pipe), 0) << command;
  return output;
}

// Presentation times, ms, of all frames that can be decoded; of key frames alone with "-skip_frame nokey".
inline std::vector<int64_t> times_of(const std::string& video, const std::string& options = "") {
  std::vector<int64_t> times;
  for (const std::string& line :
       lines_of(output_of("ffprobe -v error -select_streams v " + options +
                          " -show_entries frame=best_effort_timestamp_time -of csv=p=0 '" + video + "'"))) {
    if (!line.empty()) times.push_back(std::llround(std::stod(line) * 1000));
  }
  return times;
}

inline std::string probed(const std::string& video, const std::string& entries) {
  const std::string text =
      output_of("ffprobe -v error -select_streams v -show_entries " + entries + " -of csv=p=0 '" + video + "'");
  return text.substr(0, text.find_last_not_of(",\n") + 1);
}

// All frames as BGR. Not one may make ffmpeg complain.
inline std::vector<cv::Mat> frames_of(const std::string& video, cv::Size size) {
  const std::string complaints = fs::temp_directory_path() / ("dualsight_test_" + std::to_string(getpid()));
  const std::string bytes = output_of("ffmpeg -v error -i '" + video + "' -vsync passthrough -enc_time_base 1:16000" +
                                      " -vf scale=" + std::to_string(size.width) + ":" + std::to_string(size.height) +
                                      ":flags=area+accurate_rnd -f rawvideo -pix_fmt bgr24 - 2>" + complaints);
  EXPECT_EQ(contents(complaints), "") << video;
  fs::remove(complaints);
  std::vector<cv::Mat> frames;
  const auto one = static_cast<std::size_t>(size.area()) * 3;
  for (std::size_t start = 0; start + one <= bytes.size(); start += one) {
    cv::Mat frame(size, CV_8UC3);
    std::copy_n(bytes.data() + start, one, reinterpret_cast<char*>(frame.data));
    frames.push_back(frame);
  }
  return frames;
}

// A frame that says its number, modulo 30, by its grey level: 10, 18, 26, ... 242.
inline cv::Mat numbered(int64_t number, cv::Size size = {64, 48}) {
  return {size, CV_8UC3, cv::Scalar::all(static_cast<double>(10 + 8 * (number % 30)))};
}

inline std::vector<int> numbers_in(const std::string& video) {
  std::vector<int> numbers;
  for (const cv::Mat& frame : frames_of(video, {1, 1})) {
    numbers.push_back(static_cast<int>(std::lround((frame.at<cv::Vec3b>(0)[1] - 10) / 8.0)));
  }
  return numbers;
}

// Noise, which no encoder makes small.
inline cv::Mat noise(int seed, cv::Size size) {
  cv::Mat frame(size, CV_8UC3);
  cv::RNG random(static_cast<uint64_t>(seed) + 1);
  random.fill(frame, cv::RNG::UNIFORM, 0, 256);
  return frame;
}

// A file system of its own, two megabytes small; not mounted where that is not permitted.
class SmallDisk {
 public:
  explicit SmallDisk(std::string path) : path_(std::move(path)) {
    fs::create_directories(path_);
    mounted_ = mount("none", path_.c_str(), "tmpfs", 0, "size=2m") == 0;
  }
  ~SmallDisk() {
    if (mounted_) umount(path_.c_str());
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  bool mounted() const { return mounted_; }
  std::string at(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
  bool mounted_ = false;
};

}  // namespace dualsight
