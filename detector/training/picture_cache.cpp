#include "detector/training/picture_cache.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>

#include "detector/data/jpeg.h"

namespace dualsight {
namespace {

constexpr double kMaxBadShare = 0.1;
constexpr std::size_t kMaxNotes = 10;

}  // namespace

PictureCache::PictureCache(const Dataset& dataset, uint64_t max_bytes)
    : dataset_(dataset), pictures_(dataset.pictures.size()), bytes_left_(max_bytes) {}

std::shared_ptr<const Image> PictureCache::get(std::size_t index) {
  {
    const std::lock_guard lock(mutex_);
    if (pictures_[index]) return pictures_[index];
  }
  auto decoded = decode_jpeg(dataset_.pictures[index].encoded);
  if (!decoded) return nullptr;
  auto picture = std::make_shared<const Image>(*std::move(decoded));
  const std::lock_guard lock(mutex_);
  if (!pictures_[index] && picture->pixels.size() <= bytes_left_) {
    bytes_left_ -= picture->pixels.size();
    pictures_[index] = picture;
  }
  return picture;
}

uint64_t affordable_cache_bytes() {
  const auto free = static_cast<uint64_t>(std::max(0L, sysconf(_SC_AVPHYS_PAGES))) *
                    static_cast<uint64_t>(std::max(0L, sysconf(_SC_PAGESIZE)));
  return std::min<uint64_t>(8ULL << 30, free / 2);
}

Result<std::vector<std::size_t>> decodable_pictures(const Dataset& dataset, PictureCache& cache, int threads,
                                                    const std::function<void(const std::string&)>& note,
                                                    const std::function<bool()>& stop) {
  const auto count = dataset.pictures.size();
  std::vector<char> decodable(count, 0);
  std::atomic<std::size_t> next = 0;
  std::atomic<bool> quit = false;
  std::vector<std::thread> workers;
  for (int t = 0; t < threads; ++t) {
    workers.emplace_back([&] {
      for (std::size_t i = next++; i < count && !quit; i = next++) decodable[i] = cache.get(i) != nullptr;
    });
  }
  while (next < count && !quit) {
    quit = stop();
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  for (auto& worker : workers) worker.join();
  if (quit) return Error{ErrorKind::interrupted, "stopped before the first step"};

  std::vector<std::size_t> good;
  std::size_t bad = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (decodable[i]) {
      good.push_back(i);
    } else if (++bad <= kMaxNotes) {
      note(dataset.pictures[i].file_name + ": cannot be decoded; skipped");
    }
  }
  const auto bad_of_all = std::to_string(bad) + " of " + std::to_string(count);
  if (bad > 0) note(bad_of_all + " pictures skipped");
  if (good.empty() || static_cast<double>(bad) > kMaxBadShare * static_cast<double>(count)) {
    return Error{ErrorKind::training, bad_of_all + " training pictures cannot be decoded"};
  }
  return good;
}

}  // namespace dualsight
