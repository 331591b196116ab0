#include "detector/training/loader.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <stdexcept>

namespace dualsight {
std::vector<std::size_t> repeat_rare(const Dataset& dataset, const std::vector<std::size_t>& usable, double share) {
  if (share <= 0) return usable;
  const auto classes_of = [&](std::size_t picture) {
    std::set<int> classes;
    for (const auto& object : dataset.pictures[picture].objects) {
      if (!object.crowd) classes.insert(object.class_id);
    }
    return classes;
  };
  std::vector<double> pictures(dataset.class_names.size(), 0);  // how many show each class
  for (const auto picture : usable) {
    for (const int c : classes_of(picture)) ++pictures[static_cast<std::size_t>(c)];
  }
  const double wanted = share * static_cast<double>(usable.size());
  std::vector<std::size_t> repeated;
  double owed = 0;  // how often the pictures so far are wanted, less how often they were named
  for (const auto picture : usable) {
    double times = 1;
    for (const int c : classes_of(picture)) {
      times = std::max(times, std::sqrt(wanted / pictures[static_cast<std::size_t>(c)]));
    }
    for (owed += times; owed >= 1; --owed) repeated.push_back(picture);
  }
  return repeated;
}

torch::Tensor stack_pictures(const std::vector<TrainingSample>& samples) {
  const int64_t size = samples.front().picture.width;
  auto pictures = torch::empty({static_cast<int64_t>(samples.size()), size, size, 3}, torch::kByte);
  auto* out = pictures.data_ptr<uint8_t>();
  for (const auto& sample : samples) out = std::ranges::copy(sample.picture.pixels, out).out;
  return pictures;
}

BatchLoader::BatchLoader(const Dataset& dataset, PictureCache& cache, std::vector<std::size_t> usable,
                         const Options& options, int64_t first_batch)
    : dataset_(dataset),
      cache_(cache),
      usable_(std::move(usable)),
      options_(options),
      next_to_make_(first_batch),
      next_to_give_(first_batch) {
  for (int i = 0; i < std::max(1, options.workers); ++i) workers_.emplace_back([this] { work(); });
}

BatchLoader::~BatchLoader() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  room_.notify_all();
  for (auto& worker : workers_) worker.join();
}

int64_t BatchLoader::batches_per_epoch() const {
  const auto batch = static_cast<std::size_t>(options_.batch);
  return static_cast<int64_t>(std::max<std::size_t>(1, usable_.size() / batch));
}

std::vector<std::size_t> BatchLoader::shuffled(int64_t epoch) const {
  auto order = usable_;
  Random random(options_.seed, 0, static_cast<uint64_t>(epoch));
  for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[random.below(i)]);
  return order;
}

Batch BatchLoader::make_batch(int64_t k) {
  const int64_t epoch = k / batches_per_epoch();
  const auto order = shuffled(epoch);
  const auto first = static_cast<std::size_t>(k % batches_per_epoch()) * static_cast<std::size_t>(options_.batch);

  auto augment = options_.augment;
  augment.plain = augment.plain || epoch >= options_.plain_from_epoch;
  std::string shown;  // the names of the pictures that decode() gave for this sample
  const auto decode = [&](std::size_t i) {
    DecodedPicture picture;
    picture.labels = &dataset_.pictures[order[i]];
    picture.owner = cache_.get(order[i]);
    if (!picture.owner) throw std::runtime_error(picture.labels->file_name + ": cannot be decoded any more");
    shown += (shown.empty() ? "" : " + ") + picture.labels->file_name;
    picture.pixels = picture.owner->view();
    return picture;
  };
  std::vector<TrainingSample> samples;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < static_cast<std::size_t>(options_.batch); ++i) {
    const auto index = (first + i) % order.size();  // a set smaller than a batch is repeated, each time augmented anew
    Random random(options_.seed, static_cast<uint64_t>(k) + 1, i);
    shown.clear();
    samples.push_back(make_sample(index, order.size(), decode, augment, random));
    names.push_back(shown);
  }
  return {stack_pictures(samples), options_.collate(samples), std::move(names)};
}

void BatchLoader::work() {
  const int64_t batches_ahead = std::max<int64_t>(4, 2 * options_.workers);
  while (true) {
    int64_t k = 0;
    {
      std::unique_lock lock(mutex_);
      room_.wait(lock, [&] { return stopping_ || next_to_make_ < next_to_give_ + batches_ahead; });
      if (stopping_) return;
      k = next_to_make_++;
    }
    try {
      auto batch = make_batch(k);
      const std::lock_guard lock(mutex_);
      done_.emplace(k, std::move(batch));
    } catch (...) {  // out of memory, for example: next() rethrows it
      const std::lock_guard lock(mutex_);
      failure_ = std::current_exception();
      stopping_ = true;
    }
    ready_.notify_one();
  }
}

Batch BatchLoader::next() {
  std::unique_lock lock(mutex_);
  ready_.wait(lock, [&] { return done_.count(next_to_give_) != 0 || failure_; });
  if (failure_) std::rethrow_exception(failure_);
  auto node = done_.extract(next_to_give_++);
  lock.unlock();
  room_.notify_all();
  return std::move(node.mapped());
}

}  // namespace dualsight
