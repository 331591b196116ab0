// What is how fast on this machine: our engine, LibTorch and OpenCV side by side, in one run, in turns. No torch here.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "backbone/result.h"

namespace dualsight {

struct BenchmarkOptions {
  std::filesystem::path model;
  std::vector<int> sizes = {320};  // network pixels, multiples of 32
  std::vector<int> threads = {0};  // 0: all cores
  int rounds = 9;                  // in each, every variant has its turn: one run that does not count, and two that do
  bool busy_neighbour = false;     // once more, beside a thread that keeps one core busy
  bool baselines = true;           // LibTorch and OpenCV, too
};

struct Measurement {
  std::string part;     // "backbone", "network" (with neck and head), "frame" (from 1280x720 pixels to boxes)
  std::string variant;  // "engine bf16", "LibTorch eager f32", ...
  int size = 0, threads = 0;
  bool busy_neighbour = false;
  double median_ms = 0, min_ms = 0;
  double times_eager = 0;   // how often as fast as LibTorch, eager, float32, in the same run; 0: not measured
  double resident_mib = 0;  // what the process grew by when the variant was made and ran first
};

// `progress` gets one line for people now and then. Errors: the model; a size; what LibTorch throws.
Result<std::vector<Measurement>> run_benchmark(const BenchmarkOptions& options, const std::atomic<bool>& stop,
                                               const std::function<void(const std::string&)>& progress);

}  // namespace dualsight
