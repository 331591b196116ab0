// What the app's tests share: a temporary folder, self-made pictures and videos, running the program.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/videoio.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "app/system/log.h"

namespace dualsight {

namespace fs = std::filesystem;

class TemporaryFolder : public ::testing::Test {
 protected:
  TemporaryFolder() {
    std::string path = (fs::temp_directory_path() / "dualsight_test_XXXXXX").string();
    folder_ = mkdtemp(path.data());
    silence_libraries();  // these tests feed OpenCV broken files on purpose
  }
  ~TemporaryFolder() override { fs::remove_all(folder_); }

  std::string at(const std::string& name) const { return (folder_ / name).string(); }

  // A lossless picture of one colour (BGR).
  std::string picture(const std::string& name, int width = 64, int height = 48, cv::Scalar color = {10, 20, 30}) const {
    EXPECT_TRUE(cv::imwrite(at(name), cv::Mat(height, width, CV_8UC3, color)));
    return at(name);
  }

  // 10 frames/s, 64x48, frame i filled with grey 8 * i (modulo 256): lossy coding does not make neighbours alike.
  std::string video(const std::string& name, int frames) const {
    const int fourcc = name.ends_with(".mp4") ? cv::VideoWriter::fourcc('m', 'p', '4', 'v')
                                              : cv::VideoWriter::fourcc('M', 'J', 'P', 'G');
    cv::VideoWriter writer(at(name), cv::CAP_FFMPEG, fourcc, 10, {64, 48});
    EXPECT_TRUE(writer.isOpened());
    for (int i = 0; i < frames; ++i) writer.write(cv::Mat(48, 64, CV_8UC3, cv::Scalar::all(8 * i % 256)));
    return at(name);
  }

  std::string text(const std::string& name, const std::string& content) const {
    std::ofstream(at(name), std::ios::binary) << content;
    return at(name);
  }

  std::string cut_in_half(const std::string& path) const {
    fs::resize_file(path, fs::file_size(path) / 2);
    return path;
  }

  fs::path folder_;
};

inline std::string contents(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

inline std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

inline std::vector<nlohmann::json> records_of(const std::string& text) {
  std::vector<nlohmann::json> records;
  for (const std::string& line : lines_of(text)) records.push_back(nlohmann::json::parse(line));
  return records;
}

// Without the comings and goings of tracks, which an untrained model has in plenty.
inline std::vector<nlohmann::json> without_events(std::vector<nlohmann::json> records) {
  std::erase_if(records, [](const nlohmann::json& record) { return record["type"] == "event"; });
  return records;
}

}  // namespace dualsight
