// Cameras known to V4L2, with their names and modes.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "backbone/result.h"

namespace dualsight {

struct CameraMode {
  std::string format;  // FOURCC, "MJPG"
  int width = 0, height = 0;
  std::vector<double> rates;  // frames/s that the driver claims, highest first
};

struct CameraInfo {
  std::string device;   // "/dev/video0"
  std::string name;     // "HD Webcam C525"
  std::string by_id;    // path that stays the same when it is plugged in again, or empty
  std::string problem;  // why its modes are unknown, or empty
  std::vector<CameraMode> modes;
};

// Of a continuous range of sizes, both ends and the common sizes within it are listed; of a range of rates, both ends.
// Nodes that are not capture devices (metadata, outputs) are skipped. Sorted by device number. The folders are
// parameters for tests.
std::vector<CameraInfo> list_cameras(const std::filesystem::path& class_folder = "/sys/class/video4linux",
                                     const std::filesystem::path& device_folder = "/dev");

// Converts "0" and "/dev/videoN" to the camera's path in /dev/v4l/by-id, if it has one; returns anything else
// unchanged. Numbers may change when a camera is plugged in again, this path does not.
std::string lasting_camera_path(const std::string& spec, const std::filesystem::path& device_folder = "/dev");

// Checks that the device exists, may be opened, is a camera and is not in use (by another program or this one).
Result<void> check_camera(const std::string& device);

bool camera_is_gone(const std::string& device);  // unplugged

}  // namespace dualsight
