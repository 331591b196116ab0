#include "detector/evaluation/evaluate.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <numeric>
#include <stdexcept>
#include <utility>

namespace dualsight {
namespace {

constexpr std::size_t kIouThresholds = 10;
constexpr std::size_t kMaxDetections = 100;
constexpr int kRecalls = 101;

// Rounded as numpy's linspace(0.5, 0.95, 10) rounds, so that an IoU on the threshold falls as it does in pycocotools.
double iou_threshold(std::size_t index) { return 0.5 + static_cast<double>(index) * ((0.95 - 0.5) / 9); }

// Square pixels. Both ends belong to the range, as in pycocotools.
struct AreaRange {
  double min = 0;
  double max = 1e10;
  bool contains(double area) const { return area >= min && area <= max; }
};
constexpr AreaRange kAll;
constexpr AreaRange kSmall{0, 32.0 * 32.0};
constexpr AreaRange kMedium{32.0 * 32.0, 96.0 * 96.0};
constexpr AreaRange kLarge{96.0 * 96.0, 1e10};

enum class Outcome : uint8_t { right, wrong, ignored };

struct Scored {
  float confidence = 0;
  std::array<Outcome, kIouThresholds> outcome{};
};

// One class in one picture: labels, detections (the most confident first), and their overlaps.
struct View {
  std::vector<const LabelledObject*> labels;
  std::vector<Detection> detections;
  std::vector<double> overlaps;  // [detections, labels]
  bool exhaustive = true;
};

double area(const Box& box) { return std::max(0.0, double{box.x2} - box.x1) * std::max(0.0, double{box.y2} - box.y1); }

// IoU in double. On a crowd region, which may hold many objects, it is the share of the detection that lies inside.
double overlap(const Box& detection, const LabelledObject& label) {
  const double w = double{std::min(detection.x2, label.box.x2)} - std::max(detection.x1, label.box.x1);
  const double h = double{std::min(detection.y2, label.box.y2)} - std::max(detection.y1, label.box.y1);
  if (!(w > 0 && h > 0)) return 0;  // also for NaN
  const double inter = w * h;
  return inter / (label.crowd ? area(detection) : area(detection) + area(label.box) - inter);
}

// For sorting: NaN comes last (compared as it is, it would break the order).
float rank(float confidence) { return std::isnan(confidence) ? -std::numeric_limits<float>::infinity() : confidence; }

template <typename T>
void sort_by_confidence(std::vector<T>& items) {
  std::stable_sort(items.begin(), items.end(),
                   [](const T& a, const T& b) { return rank(a.confidence) > rank(b.confidence); });
}

// For each class the pictures that have a label or a detection of it, in order.
std::vector<std::vector<View>> by_class(const Dataset& dataset, const std::vector<std::vector<Detection>>& detections) {
  const std::size_t classes = dataset.class_names.size();
  const auto checked = [&](int class_id) {
    if (class_id < 0 || static_cast<std::size_t>(class_id) >= classes) {
      throw std::invalid_argument("evaluate: class " + std::to_string(class_id) + " of " + std::to_string(classes));
    }
    return static_cast<std::size_t>(class_id);
  };
  std::vector<std::vector<View>> views(classes);
  std::vector<View> picture_views(classes);
  for (std::size_t i = 0; i < dataset.pictures.size(); ++i) {
    const LabelledPicture& picture = dataset.pictures[i];
    for (const LabelledObject& object : picture.objects)
      picture_views[checked(object.class_id)].labels.push_back(&object);
    for (const Detection& found : detections[i]) picture_views[checked(found.class_id)].detections.push_back(found);
    for (int class_id : picture.not_exhaustive) picture_views[checked(class_id)].exhaustive = false;
    for (std::size_t c = 0; c < classes; ++c) {
      View view = std::exchange(picture_views[c], {});
      if (view.labels.empty() && view.detections.empty()) continue;
      sort_by_confidence(view.detections);
      if (view.detections.size() > kMaxDetections) view.detections.resize(kMaxDetections);
      view.overlaps.reserve(view.detections.size() * view.labels.size());
      for (const Detection& found : view.detections) {
        for (const LabelledObject* label : view.labels) view.overlaps.push_back(overlap(found.box, *label));
      }
      views[c].push_back(std::move(view));
    }
  }
  return views;
}

bool counts(const LabelledObject& label, const AreaRange& range) { return !label.crowd && range.contains(label.area); }

// Greedy, best detection first: each takes the free label that it overlaps most. Labels that do not count (crowd, or
// outside the range) are taken only if no label that counts overlaps enough; a crowd can be taken any number of times.
void match(const View& view, const AreaRange& range, std::vector<Scored>& out) {
  std::vector<std::size_t> order(view.labels.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto counted_end =
      std::stable_partition(order.begin(), order.end(), [&](std::size_t g) { return counts(*view.labels[g], range); });
  const std::size_t first = out.size();
  for (const Detection& found : view.detections) out.push_back({found.confidence, {}});

  std::vector<bool> taken;
  for (std::size_t t = 0; t < kIouThresholds; ++t) {
    taken.assign(view.labels.size(), false);
    for (std::size_t d = 0; d < view.detections.size(); ++d) {
      const auto best_of = [&](auto begin, auto end) {
        auto best = end;
        double least = iou_threshold(t);
        for (auto it = begin; it != end; ++it) {
          const double value = view.overlaps[d * view.labels.size() + *it];
          if ((taken[*it] && !view.labels[*it]->crowd) || value < least) continue;
          least = value;  // the last of equals is taken, as in pycocotools
          best = it;
        }
        return best;
      };
      Outcome& outcome = out[first + d].outcome[t];
      if (const auto hit = best_of(order.begin(), counted_end); hit != counted_end) {
        taken[*hit] = true;
        outcome = Outcome::right;
      } else if (const auto aside = best_of(counted_end, order.end()); aside != order.end()) {
        taken[*aside] = true;
        outcome = Outcome::ignored;
      } else {
        const bool excused = !view.exhaustive || !range.contains(area(view.detections[d].box));
        outcome = excused ? Outcome::ignored : Outcome::wrong;
      }
    }
  }
}

// All detections of a class, best first, and the number of labels to find.
struct Matched {
  std::vector<Scored> scored;
  int labels = 0;
};

Matched match_all(const std::vector<View>& views, const AreaRange& range) {
  Matched result;
  for (const View& view : views) {
    match(view, range, result.scored);
    result.labels += static_cast<int>(std::count_if(
        view.labels.begin(), view.labels.end(), [&](const LabelledObject* label) { return counts(*label, range); }));
  }
  sort_by_confidence(result.scored);
  return result;
}

double average_precision(const Matched& matched, std::size_t threshold) {
  if (matched.labels == 0) return std::numeric_limits<double>::quiet_NaN();
  std::vector<double> precision, recall;
  int right = 0, wrong = 0;
  for (const Scored& scored : matched.scored) {
    if (scored.outcome[threshold] == Outcome::ignored) continue;
    ++(scored.outcome[threshold] == Outcome::right ? right : wrong);
    precision.push_back(static_cast<double>(right) / (right + wrong));
    recall.push_back(static_cast<double>(right) / matched.labels);
  }
  // The envelope: the best precision at this recall or beyond.
  for (std::size_t i = precision.size(); i-- > 1;) precision[i - 1] = std::max(precision[i - 1], precision[i]);
  double sum = 0;
  std::size_t at = 0;
  for (int i = 0; i < kRecalls; ++i) {
    const double wanted = i * 0.01;  // rounded as numpy's linspace(0, 1, 101) rounds
    while (at < recall.size() && recall[at] < wanted) ++at;
    if (at == recall.size()) break;
    sum += precision[at];
  }
  return sum / kRecalls;
}

double average_precision(const Matched& matched) {
  double sum = 0;
  for (std::size_t t = 0; t < kIouThresholds; ++t) sum += average_precision(matched, t);
  return sum / kIouThresholds;
}

void set_best_f1(const Matched& matched, ClassScore& score) {
  if (matched.labels == 0) return;
  score.best_f1 = 0;
  int right = 0, wrong = 0;
  for (std::size_t i = 0; i < matched.scored.size(); ++i) {
    const Scored& scored = matched.scored[i];
    if (scored.outcome[0] == Outcome::right) ++right;
    if (scored.outcome[0] == Outcome::wrong) ++wrong;
    // No threshold lies between equal confidences.
    if (i + 1 < matched.scored.size() && matched.scored[i + 1].confidence == scored.confidence) continue;
    const double f1 = 2.0 * right / (right + wrong + matched.labels);
    if (f1 > score.best_f1) {
      score.best_f1 = f1;
      score.best_f1_threshold = scored.confidence;
    }
  }
}

ClassScore score_class(const std::string& name, const std::vector<View>& views) {
  const Matched all = match_all(views, kAll);
  ClassScore result;
  result.name = name;
  for (const View& view : views) {
    for (const LabelledObject* label : view.labels) result.labels += label->crowd ? 0 : 1;
  }
  result.score = {average_precision(all),
                  average_precision(all, 0),  // IoU 0.50
                  average_precision(all, 5),  // IoU 0.75
                  average_precision(match_all(views, kSmall)),
                  average_precision(match_all(views, kMedium)),
                  average_precision(match_all(views, kLarge))};
  set_best_f1(all, result);
  return result;
}

double mean_over_classes(const std::vector<ClassScore>& classes, double AveragePrecision::*part) {
  double sum = 0;
  int count = 0;
  for (const ClassScore& one : classes) {
    if (std::isnan(one.score.*part)) continue;
    sum += one.score.*part;
    ++count;
  }
  return count > 0 ? sum / count : std::numeric_limits<double>::quiet_NaN();
}

// A percentage in 7 columns; "-" for NaN.
std::string percent(double value) {
  if (std::isnan(value)) return "      -";
  char text[32];
  std::snprintf(text, sizeof text, "%7.1f", 100 * value);
  return text;
}

std::string row(const AveragePrecision& score, double f1, const std::string& threshold, int labels,
                const std::string& name) {
  std::string line;
  for (double value : {score.ap, score.ap50, score.ap75, score.small, score.medium, score.large, f1}) {
    line += percent(value);
  }
  char text[64];
  std::snprintf(text, sizeof text, "%7s %7d  ", threshold.c_str(), labels);
  return line + text + name + '\n';
}

}  // namespace

Evaluation evaluate(const Dataset& dataset, const std::vector<std::vector<Detection>>& detections) {
  if (detections.size() != dataset.pictures.size()) {
    throw std::invalid_argument("evaluate: detections of " + std::to_string(detections.size()) + " pictures for " +
                                std::to_string(dataset.pictures.size()));
  }
  Evaluation result;
  const std::vector<std::vector<View>> views = by_class(dataset, detections);
  for (std::size_t c = 0; c < views.size(); ++c) {
    result.classes.push_back(score_class(dataset.class_names[c], views[c]));
    result.labels += result.classes.back().labels;
  }
  for (auto part : {&AveragePrecision::ap, &AveragePrecision::ap50, &AveragePrecision::ap75, &AveragePrecision::small,
                    &AveragePrecision::medium, &AveragePrecision::large}) {
    result.mean.*part = mean_over_classes(result.classes, part);
  }
  result.pictures = static_cast<int>(dataset.pictures.size());
  for (const auto& one : detections) result.detections += static_cast<int>(one.size());
  return result;
}

// Names come last: they may be long, or wide (Chinese), and would push columns after them out of line.
std::string to_table(const Evaluation& evaluation) {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  std::string table = "     AP   AP50   AP75  small medium  large     F1   conf  labels  class\n";
  table += row(evaluation.mean, nan, "-", evaluation.labels,
               "all (" + std::to_string(evaluation.pictures) + " pictures, " + std::to_string(evaluation.detections) +
                   " detections)");
  for (const ClassScore& one : evaluation.classes) {
    char threshold[32] = "-";
    if (one.best_f1 > 0) std::snprintf(threshold, sizeof threshold, "%.3f", one.best_f1_threshold);
    table += row(one.score, one.best_f1, threshold, one.labels, one.name);
  }
  return table;
}

}  // namespace dualsight
