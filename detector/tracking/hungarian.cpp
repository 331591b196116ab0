#include "detector/tracking/hungarian.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>
#include <utility>

namespace dualsight {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// Rows are added one at a time. Each looks for the cheapest alternating path to a free column, or to a row on the path
// that is cheaper to leave unassigned (as if every row had a column of its own, of cost `limit`), and takes it.
class ShortestPaths {
 public:
  ShortestPaths(const std::vector<double>& costs, std::size_t rows, std::size_t columns, double limit)
      : costs_(costs),
        columns_(columns),
        limit_(limit),
        row_price_(rows, 0),
        column_price_(columns, 0),
        column_of_(rows, -1),
        row_of_(columns, -1),
        distance_(columns),
        from_(columns),
        done_(columns) {}

  void add(int new_row) {
    std::fill(distance_.begin(), distance_.end(), kInfinity);
    std::fill(done_.begin(), done_.end(), false);
    visited_.clear();

    // Dijkstra on reduced costs. `row` is the row reached at distance `least`.
    int row = new_row;
    double least = 0;
    double end_distance = kInfinity;
    int end_row = -1;     // the row to leave alone, or
    int end_column = -1;  // the free column to take
    while (true) {
      const double* cost = costs_.data() + index(row) * columns_;  // of no columns, too
      const double base = least - row_price_[index(row)];
      if (base + limit_ < end_distance) {
        end_distance = base + limit_;
        end_row = row;
        end_column = -1;
      }
      int next = -1;
      for (std::size_t c = 0; c < columns_; ++c) {
        if (done_[c]) continue;
        if (cost[c] <= limit_ && base + cost[c] - column_price_[c] < distance_[c]) {
          distance_[c] = base + cost[c] - column_price_[c];
          from_[c] = row;
        }
        if (distance_[c] < (next < 0 ? kInfinity : distance_[index(next)])) next = static_cast<int>(c);
      }
      if (next < 0 || distance_[index(next)] > end_distance) break;  // on a tie the row is paired
      least = distance_[index(next)];
      if (row_of_[index(next)] < 0) {
        end_distance = least;
        end_column = next;
        break;
      }
      done_[index(next)] = true;
      visited_.push_back(next);
      row = row_of_[index(next)];
    }

    // New prices keep every reduced cost >= 0, and 0 on the pairs.
    row_price_[index(new_row)] += end_distance;
    for (int c : visited_) {
      row_price_[index(row_of_[index(c)])] += end_distance - distance_[index(c)];
      column_price_[index(c)] -= end_distance - distance_[index(c)];
    }

    // Flip the path, from its end to the new row.
    int column = end_column;
    if (column < 0) {
      column = std::exchange(column_of_[index(end_row)], -1);
      if (end_row == new_row) return;
    }
    while (true) {
      const int taker = from_[index(column)];
      row_of_[index(column)] = taker;
      std::swap(column_of_[index(taker)], column);
      if (taker == new_row) return;
    }
  }

  std::vector<int> take() { return std::move(column_of_); }

 private:
  static std::size_t index(int i) { return static_cast<std::size_t>(i); }

  const std::vector<double>& costs_;
  std::size_t columns_;
  double limit_;
  std::vector<double> row_price_, column_price_;
  std::vector<int> column_of_, row_of_;
  std::vector<double> distance_;
  std::vector<int> from_;
  std::vector<char> done_;
  std::vector<int> visited_;
};

}  // namespace

std::vector<int> assign(const std::vector<double>& costs, std::size_t rows, std::size_t columns, double limit) {
  if (costs.size() != rows * columns || !std::isfinite(limit)) {
    throw std::invalid_argument("assign: " + std::to_string(costs.size()) + " costs for " + std::to_string(rows) +
                                " x " + std::to_string(columns) + ", limit " + std::to_string(limit));
  }
  ShortestPaths paths(costs, rows, columns, limit);
  for (std::size_t row = 0; row < rows; ++row) paths.add(static_cast<int>(row));
  return paths.take();
}

}  // namespace dualsight
