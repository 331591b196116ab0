#include "detector/training/detection/loss.h"

namespace dualsight {
namespace {

constexpr double kBoxWeight = 2;
constexpr double kTiny = 1e-9;

torch::Tensor area(const torch::Tensor& boxes) {
  return (boxes.select(-1, 2) - boxes.select(-1, 0)).clamp_min(0) *
         (boxes.select(-1, 3) - boxes.select(-1, 1)).clamp_min(0);
}

// [B, N, A]: the cell's centre lies inside the object.
torch::Tensor centre_inside(const torch::Tensor& cells, const torch::Tensor& boxes) {
  const auto finest = static_cast<double>(kStrides.front());
  const auto x = cells.select(1, 0), y = cells.select(1, 1);  // [A]
  // Objects narrower than the finest stride may lie between centres: widen them, on that level only.
  const auto fine = (cells.select(1, 2) == finest).to(torch::kFloat);              // [A]
  const auto edge = [&](int64_t i) { return boxes.select(-1, i).unsqueeze(-1); };  // [B, N, 1]
  // (By slightly more than one stride, so that a centre exactly on the edge counts.)
  const double widened = finest * 1.001;
  const auto grow_x = ((widened - (edge(2) - edge(0))).clamp_min(0) / 2) * fine;
  const auto grow_y = ((widened - (edge(3) - edge(1))).clamp_min(0) / 2) * fine;
  return (x > edge(0) - grow_x) & (x < edge(2) + grow_x) & (y > edge(1) - grow_y) & (y < edge(3) + grow_y);
}

}  // namespace

torch::Tensor pairwise_iou(const torch::Tensor& a, const torch::Tensor& b) {
  const auto p = a.unsqueeze(2), q = b.unsqueeze(1);  // [B, N, 1, 4], [B, 1, A, 4]
  const auto w = (torch::minimum(p.select(-1, 2), q.select(-1, 2)) - torch::maximum(p.select(-1, 0), q.select(-1, 0)))
                     .clamp_min(0);
  const auto h = (torch::minimum(p.select(-1, 3), q.select(-1, 3)) - torch::maximum(p.select(-1, 1), q.select(-1, 1)))
                     .clamp_min(0);
  const auto inter = w * h;
  return inter / (area(p) + area(q) - inter + kTiny);
}

torch::Tensor generalised_iou(const torch::Tensor& a, const torch::Tensor& b) {
  const auto low = [](const torch::Tensor& p, const torch::Tensor& q, int64_t i) {
    return torch::minimum(p.select(-1, i), q.select(-1, i));
  };
  const auto high = [](const torch::Tensor& p, const torch::Tensor& q, int64_t i) {
    return torch::maximum(p.select(-1, i), q.select(-1, i));
  };
  const auto inter = (low(a, b, 2) - high(a, b, 0)).clamp_min(0) * (low(a, b, 3) - high(a, b, 1)).clamp_min(0);
  const auto uni = area(a) + area(b) - inter + kTiny;
  const auto hull = (high(a, b, 2) - low(a, b, 0)) * (high(a, b, 3) - low(a, b, 1)) + kTiny;
  return inter / uni - (hull - uni) / hull;
}

LabelAssignment assign_labels(const torch::Tensor& scores, const torch::Tensor& boxes, const torch::Tensor& cells,
                              const Targets& targets, int64_t top_k, double alpha, double beta) {
  torch::NoGradGuard no_grad;
  const int64_t batch = scores.size(0), count = scores.size(1), classes = scores.size(2);
  const int64_t objects = targets.boxes.size(1);
  if (objects == 0) {
    return {torch::zeros_like(scores), torch::zeros_like(boxes), torch::zeros({batch, count}, scores.options()),
            torch::zeros({batch, count}, scores.options().dtype(torch::kBool))};
  }
  const auto candidate = centre_inside(cells, targets.boxes) & targets.valid.unsqueeze(-1);  // [B, N, A]

  // alignment = score of the object's class ^ alpha * IoU ^ beta, [B, N, A]
  const auto overlap = pairwise_iou(targets.boxes, boxes) * candidate;
  const auto wanted = targets.classes.unsqueeze(-1).expand({batch, objects, count});
  const auto said = scores.transpose(1, 2).gather(1, wanted);
  const auto alignment = said.pow(alpha) * overlap.pow(beta) * candidate;

  // The top k of each object. Ties at zero (a fresh network) fall on whichever cells come first: candidates only.
  const auto best = std::get<1>((alignment + candidate * 1e-12).topk(std::min(top_k, count), -1));
  auto chosen = torch::zeros_like(candidate).scatter_(-1, best, true) & candidate;

  // A cell chosen by several objects keeps the one it overlaps most.
  const auto owner = (overlap + 1e-6).masked_fill(chosen.logical_not(), -1).argmax(1);  // [B, A]
  chosen = chosen & torch::zeros_like(candidate).scatter_(1, owner.unsqueeze(1), true);
  const auto positive = chosen.any(1);  // [B, A]

  // Scale each object's alignments so that its best cell's target is its best IoU times the label's score.
  const auto kept = alignment * chosen;
  const auto highest = (overlap * chosen).amax(-1, true) * targets.scores.unsqueeze(-1);  // [B, N, 1]
  const auto quality = kept / kept.amax(-1, true).clamp_min(1e-30) * highest;             // [B, N, A]
  const auto weight = quality.amax(1) * positive;                                         // [B, A]

  const auto cell_boxes = targets.boxes.gather(1, owner.unsqueeze(-1).expand({batch, count, 4}));
  const auto cell_classes = targets.classes.gather(1, owner);
  auto target = torch::zeros({batch, count, classes}, scores.options());
  target.scatter_(-1, cell_classes.unsqueeze(-1), weight.unsqueeze(-1));
  return {target, cell_boxes, weight, positive};
}

Loss detection_loss(const NetworkOutput& output, const torch::Tensor& cells, const Targets& targets) {
  const auto boxes = to_boxes(output.distances, cells);
  const auto scores = output.logits.sigmoid();
  const auto assigned = assign_labels(scores.detach(), boxes.detach(), cells, targets);
  const auto normaliser = assigned.weight.sum().clamp_min(1);

  // BCE in its stable form: max(x, 0) - x t + log(1 + e^-|x|).
  const auto& x = output.logits;
  const auto bce = x.clamp_min(0) - x * assigned.scores + torch::log1p((-x.abs()).exp());
  const auto focus = (assigned.scores - scores).square();
  // The cells of a labelled object are of its class and of no other, even where others may be unlabelled.
  const auto ignored = targets.unknown & assigned.positive.logical_not().unsqueeze(-1);
  const auto classes = (bce * focus).masked_fill(ignored, 0).sum() / normaliser;

  const auto index = assigned.positive.nonzero();  // [P, 2]
  torch::Tensor box = output.distances.sum() * 0;  // zero, but part of the graph, where nothing is positive
  if (index.size(0) > 0) {
    const auto b = index.select(1, 0), a = index.select(1, 1);
    const auto giou = generalised_iou(boxes.index({b, a}), assigned.boxes.index({b, a}));
    box = ((1 - giou) * assigned.weight.index({b, a})).sum() / normaliser;
  }
  Loss loss;
  loss.total = classes + kBoxWeight * box;
  const auto parts = torch::stack({box.detach(), classes.detach()}).to(torch::kCPU, torch::kDouble);  // one transfer
  loss.box = parts[0].item<double>();
  loss.classes = parts[1].item<double>();
  loss.positives = index.size(0);
  return loss;
}

torch::Tensor feature_distance(const Pyramid& student, const Pyramid& teacher) {
  const auto normalised = [](const torch::Tensor& x) {                 // each channel to mean 0, variance 1
    const auto flat = x.to(torch::kFloat).transpose(0, 1).flatten(1);  // [K, B * H * W]
    const auto centred = flat - flat.mean(1, true);
    return centred / (centred.square().mean(1, true) + 1e-6).sqrt();
  };
  torch::Tensor distance = torch::zeros({}, student[0].options().dtype(torch::kFloat));
  for (std::size_t level = 0; level < student.size(); ++level) {
    // Of two normalised channels, half the mean squared difference is 1 - r.
    distance = distance + (normalised(student[level]) - normalised(teacher[level])).square().mean() / 2;
  }
  return distance;
}

}  // namespace dualsight
