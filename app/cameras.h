// Cameras that V4L2 knows, by name, with what each can deliver.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace dualsight {

struct CameraMode {
  std::string format;  // FOURCC, "MJPG"
  int width = 0, height = 0;
  std::vector<double> rates;  // frames/s, highest first
};

struct CameraInfo {
  std::string device;   // "/dev/video0"
  std::string name;     // "HD Webcam C525"
  std::string by_id;    // a path that stays the same across replugging, or empty
  std::string problem;  // why its modes are not known, or empty
  std::vector<CameraMode> modes;
};

// Nodes that are no capture devices (metadata, outputs) are left out. Sorted by device number. The folders are
// parameters for the tests.
std::vector<CameraInfo> list_cameras(const std::filesystem::path& class_folder = "/sys/class/video4linux",
                                     const std::filesystem::path& device_folder = "/dev");

}  // namespace dualsight
