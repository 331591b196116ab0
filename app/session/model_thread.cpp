#include "app/session/model_thread.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstring>
#include <iterator>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "app/system/detached_threads.h"
#include "detector/core/nms.h"
#include "detector/core/threshold_split.h"
#include "detector/network/model_file.h"

namespace dualsight {
namespace {

constexpr std::chrono::seconds patience{1};

struct Order {  // of a model
  std::filesystem::path file;
  DetectorOptions options;
};

}  // namespace

void part_by_thresholds(DetectionResult& result, const std::vector<float>& thresholds) {
  if (thresholds.empty()) return;
  auto all = std::move(result.detections);
  all.insert(all.end(), result.candidates.begin(), result.candidates.end());
  std::stable_sort(all.begin(), all.end(),
                   [](const Detection& a, const Detection& b) { return a.confidence > b.confidence; });
  split_by_threshold(all, thresholds, kCrossClassIou, result);
}

struct ModelThread::Shared {
  const SessionOptions::ModelOpener open;
  const std::shared_ptr<const Controls> controls;
  const Callback told;

  mutable std::mutex mutex;  // guards all below
  mutable std::condition_variable changed;
  std::optional<Order> order;
  ModelStatus status;
  int64_t given = 0, known = 0;  // the how-maniest order: given, its card read
  bool quit = false, ended = false;
  // The picture at hand: a copy, for who gave it may have gone.
  std::vector<uint8_t> pixels;
  std::optional<ImageView> picture;  // waits to be looked at
  std::optional<Result<DetectionResult>> found;
  int64_t finds = 0;  // which find() waits for `found`
  bool cancelled = false;

  // The thread's alone
  std::unique_ptr<ObjectFinder> finder;
  float iou = -1;

  Shared(SessionOptions::ModelOpener o, std::shared_ptr<const Controls> c, Callback t)
      : open(std::move(o)), controls(std::move(c)), told(std::move(t)) {}

  void set(ModelStatus now) {
    {
      const std::lock_guard lock(mutex);
      if (order || quit) return;  // another one is wanted already
      status = now;
      known = given;
      changed.notify_all();
    }
    told(now);
  }

  void load(const Order& wanted) {
    finder.reset();
    iou = -1;
    ModelStatus now;
    now.file = wanted.file;
    if (wanted.file.empty()) return set(now);
    now.state = ModelStatus::State::failed;
    try {
      auto info = read_model_info(wanted.file);
      if (!info) {
        now.problem = info.error().message;
        return set(now);
      }
      now.info = *std::move(info);
      now.sha256 = file_sha256(wanted.file);
      now.state = ModelStatus::State::loading;
      set(now);
      auto opened = open(wanted.file, wanted.options, now);
      now.state = opened ? ModelStatus::State::ready : ModelStatus::State::failed;
      if (opened) {
        finder = *std::move(opened);
      } else {
        now.problem = opened.error().message;
      }
    } catch (const std::exception& error) {  // exceptions stop at the thread's top
      now.state = ModelStatus::State::failed;
      now.problem = wanted.file.string() + ": " + error.what();
    }
    set(now);
  }

  Result<DetectionResult> look(ImageView bgr) {
    if (!finder) return DetectionResult();
    const auto now = controls->get();
    if (iou != now->iou) finder->set_iou(iou = now->iou);
    try {
      auto result = finder->find(bgr);
      if (result) part_by_thresholds(*result, now->thresholds);
      return result;
    } catch (const std::exception& error) {
      return Error{ErrorKind::internal, std::string("detector: ") + error.what()};
    }
  }

  void run() {
    std::unique_lock lock(mutex);
    while (true) {
      changed.wait(lock, [&] { return quit || order || picture; });
      if (quit) break;
      if (order) {
        const Order wanted = *std::exchange(order, std::nullopt);
        lock.unlock();
        load(wanted);
        lock.lock();
      } else {
        const ImageView bgr = *std::exchange(picture, std::nullopt);
        std::vector<uint8_t> owned = std::move(pixels);
        const int64_t asked = finds;
        lock.unlock();
        auto result = look(bgr);
        lock.lock();
        if (finds == asked) found = std::move(result);
        if (pixels.empty()) pixels = std::move(owned);  // to be used again
      }
      changed.notify_all();
    }
    lock.unlock();
    finder.reset();  // LibTorch's memory goes on the thread that made it
    lock.lock();
    ended = true;
    changed.notify_all();
  }
};

ModelThread::ModelThread(SessionOptions::ModelOpener open, std::shared_ptr<const Controls> controls, Callback told)
    : shared_(std::make_shared<Shared>(std::move(open), std::move(controls), std::move(told))),
      thread_([shared = shared_] { shared->run(); }) {}

ModelThread::~ModelThread() {
  std::unique_lock lock(shared_->mutex);
  shared_->quit = true;
  shared_->changed.notify_all();
  const bool ended = shared_->changed.wait_for(lock, patience, [&] { return shared_->ended; });
  lock.unlock();
  join_or_detach(thread_, ended);
}

void ModelThread::load(const std::filesystem::path& file, const DetectorOptions& options) {
  const std::lock_guard lock(shared_->mutex);
  shared_->order = Order{file, options};
  ++shared_->given;
  shared_->changed.notify_all();
}

ModelStatus ModelThread::status() const {
  const std::lock_guard lock(shared_->mutex);
  return shared_->status;
}

ModelStatus ModelThread::wait_for_card() const {
  std::unique_lock lock(shared_->mutex);
  shared_->changed.wait(lock, [&] { return shared_->quit || shared_->known == shared_->given; });
  return shared_->status;
}

Result<DetectionResult> ModelThread::find(ImageView bgr) {
  std::unique_lock lock(shared_->mutex);
  if (shared_->cancelled) return DetectionResult();
  const std::size_t row = static_cast<std::size_t>(bgr.width) * 3;
  shared_->pixels.resize(row * static_cast<std::size_t>(bgr.height));
  for (int y = 0; y < bgr.height; ++y) {
    std::memcpy(shared_->pixels.data() + row * static_cast<std::size_t>(y), bgr.data + y * bgr.stride, row);
  }
  shared_->picture = ImageView{shared_->pixels.data(), bgr.width, bgr.height, static_cast<std::ptrdiff_t>(row)};
  shared_->found.reset();
  ++shared_->finds;
  shared_->changed.notify_all();
  shared_->changed.wait(lock, [&] { return shared_->quit || shared_->found || shared_->cancelled; });
  if (!shared_->found) {
    shared_->picture.reset();
    ++shared_->finds;  // what is still found is nobody's
    return DetectionResult();
  }
  return *std::exchange(shared_->found, std::nullopt);
}

void ModelThread::cancel(bool on) {
  const std::lock_guard lock(shared_->mutex);
  shared_->cancelled = on;
  shared_->changed.notify_all();
}

}  // namespace dualsight
