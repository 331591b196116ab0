#include "detector/training/loader.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <set>
#include <stdexcept>

#include "detector/data/jpeg.h"

namespace dualsight {
namespace {

// [A, C] of one sample: which classes may be there unlabelled, cell by cell.
void mark_unknown(const std::vector<ImagePlacement>& regions, int64_t size, int64_t classes, bool* unknown) {
  for (const int64_t stride : kStrides) {
    const int64_t cells = size / stride;
    for (int64_t row = 0; row < cells; ++row) {
      for (int64_t column = 0; column < cells; ++column, unknown += classes) {
        const auto x = (static_cast<float>(column) + 0.5F) * static_cast<float>(stride);
        const auto y = (static_cast<float>(row) + 0.5F) * static_cast<float>(stride);
        for (auto region = regions.rbegin(); region != regions.rend(); ++region) {
          const Box& box = region->box;
          if (x < box.x1 || x >= box.x2 || y < box.y1 || y >= box.y2) continue;
          for (const int c : region->not_exhaustive) unknown[c] = true;
          break;  // the last drawn lies on top
        }
      }
    }
  }
}

// A crowd is a region of many: whatever is found inside is neither right nor wrong.
void mark_crowds(const std::vector<LabelledObject>& objects, int64_t size, int64_t classes, bool* unknown) {
  std::vector<ImagePlacement> crowds;
  for (const auto& object : objects) {
    if (object.crowd) crowds.push_back({object.box, {object.class_id}});
  }
  for (const auto& crowd : crowds) mark_unknown({crowd}, size, classes, unknown);
}

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

std::vector<std::size_t> repeat_rare(const Dataset& dataset, const std::vector<std::size_t>& usable, double share) {
  if (share <= 0) return usable;
  const auto classes_of = [&](std::size_t picture) {
    std::set<int> classes;
    for (const auto& object : dataset.pictures[picture].objects) {
      if (!object.crowd) classes.insert(object.class_id);
    }
    return classes;
  };
  std::vector<double> pictures(dataset.class_names.size(), 0);  // that show each class
  for (const auto picture : usable) {
    for (const int c : classes_of(picture)) ++pictures[static_cast<std::size_t>(c)];
  }
  const double wanted = share * static_cast<double>(usable.size());
  std::vector<std::size_t> repeated;
  double owed = 0;
  for (const auto picture : usable) {
    double times = 1;
    for (const int c : classes_of(picture)) {
      times = std::max(times, std::sqrt(wanted / pictures[static_cast<std::size_t>(c)]));
    }
    for (owed += times; owed >= 1; --owed) repeated.push_back(picture);
  }
  return repeated;
}

Batch collate(const std::vector<TrainingSample>& samples, int64_t num_classes) {
  const auto count = static_cast<int64_t>(samples.size());
  const int64_t size = samples.front().picture.width;
  std::size_t most = 0;
  for (const auto& sample : samples) {
    most = std::max(most, static_cast<std::size_t>(std::count_if(sample.objects.begin(), sample.objects.end(),
                                                                 [](const auto& o) { return !o.crowd; })));
  }
  const auto objects = static_cast<int64_t>(most);
  Batch batch;
  batch.pictures = torch::empty({count, size, size, 3}, torch::kByte);
  batch.targets = {torch::zeros({count, objects, 4}), torch::zeros({count, objects}, torch::kLong),
                   torch::zeros({count, objects}, torch::kBool),
                   torch::empty({count, cell_count(size), num_classes}, torch::kBool), torch::zeros({count, objects})};
  // memset, not zeros: on a worker thread LibTorch would start a team of threads for it.
  std::memset(batch.targets.unknown.data_ptr(), 0, batch.targets.unknown.nbytes());
  for (int64_t b = 0; b < count; ++b) {
    const auto& sample = samples[static_cast<std::size_t>(b)];
    std::memcpy(batch.pictures[b].data_ptr<uint8_t>(), sample.picture.pixels.data(), sample.picture.pixels.size());
    bool* unknown = batch.targets.unknown[b].data_ptr<bool>();
    mark_unknown(sample.regions, size, num_classes, unknown);
    mark_crowds(sample.objects, size, num_classes, unknown);
    int64_t n = 0;
    for (const auto& object : sample.objects) {
      if (object.crowd) continue;
      float* box = batch.targets.boxes[b][n].data_ptr<float>();
      box[0] = object.box.x1;
      box[1] = object.box.y1;
      box[2] = object.box.x2;
      box[3] = object.box.y2;
      batch.targets.classes[b][n] = object.class_id;
      batch.targets.valid[b][n] = true;
      batch.targets.scores[b][n] = object.score;
      ++n;
    }
  }
  return batch;
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
  std::string shown;  // what decode() was asked for since it was cleared
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
  auto batch = collate(samples, static_cast<int64_t>(dataset_.class_names.size()));
  batch.names = std::move(names);
  return batch;
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
    } catch (...) {  // out of memory, say: the trainer's thread tells it
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
