#include "detector/training/detection/targets.h"

#include <algorithm>
#include <cstring>

#include "detector/network/network.h"

namespace dualsight {
namespace {

// [A, C] of one sample: which classes may be there unlabelled, cell by cell.
void mark_unknown(const std::vector<ImagePlacement>& placements, int64_t size, int64_t classes, bool* unknown) {
  for (const int64_t stride : kStrides) {
    const int64_t cells = size / stride;
    for (int64_t row = 0; row < cells; ++row) {
      for (int64_t column = 0; column < cells; ++column, unknown += classes) {
        const auto x = (static_cast<float>(column) + 0.5F) * static_cast<float>(stride);
        const auto y = (static_cast<float>(row) + 0.5F) * static_cast<float>(stride);
        for (auto placed = placements.rbegin(); placed != placements.rend(); ++placed) {
          const Box& box = placed->box;
          if (x < box.x1 || x >= box.x2 || y < box.y1 || y >= box.y2) continue;
          for (const int c : placed->not_exhaustive) unknown[c] = true;
          break;  // the last one drawn lies on top
        }
      }
    }
  }
}

// A crowd is a region of many objects: what is found of its class inside counts neither as right nor as wrong.
void mark_crowds(const std::vector<LabelledObject>& objects, int64_t size, int64_t classes, bool* unknown) {
  std::vector<ImagePlacement> crowds;
  for (const auto& object : objects) {
    if (object.crowd) crowds.push_back({object.box, {object.class_id}});
  }
  for (const auto& crowd : crowds) mark_unknown({crowd}, size, classes, unknown);
}

}  // namespace

Targets collate(const std::vector<TrainingSample>& samples, int64_t num_classes) {
  const auto count = static_cast<int64_t>(samples.size());
  const int64_t size = samples.front().picture.width;
  std::size_t most = 0;
  for (const auto& sample : samples) {
    most = std::max(most, static_cast<std::size_t>(std::count_if(sample.objects.begin(), sample.objects.end(),
                                                                 [](const auto& o) { return !o.crowd; })));
  }
  const auto objects = static_cast<int64_t>(most);
  Targets targets = {torch::zeros({count, objects, 4}), torch::zeros({count, objects}, torch::kLong),
                     torch::zeros({count, objects}, torch::kBool),
                     torch::empty({count, cell_count(size), num_classes}, torch::kBool),
                     torch::zeros({count, objects})};
  // memset, not zeros: on a worker thread LibTorch would start a team of threads for it.
  std::memset(targets.unknown.data_ptr(), 0, targets.unknown.nbytes());
  for (int64_t b = 0; b < count; ++b) {
    const auto& sample = samples[static_cast<std::size_t>(b)];
    bool* unknown = targets.unknown[b].data_ptr<bool>();
    mark_unknown(sample.placements, size, num_classes, unknown);
    mark_crowds(sample.objects, size, num_classes, unknown);
    int64_t n = 0;
    for (const auto& object : sample.objects) {
      if (object.crowd) continue;
      float* box = targets.boxes[b][n].data_ptr<float>();
      box[0] = object.box.x1;
      box[1] = object.box.y1;
      box[2] = object.box.x2;
      box[3] = object.box.y2;
      targets.classes[b][n] = object.class_id;
      targets.valid[b][n] = true;
      targets.scores[b][n] = object.score;
      ++n;
    }
  }
  return targets;
}

}  // namespace dualsight
