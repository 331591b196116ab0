#include "detector/tracking/hungarian.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <set>
#include <stdexcept>
#include <vector>

#include "detector/core/random.h"

namespace dualsight {
namespace {

constexpr double kFar = 1000;  // a limit that forbids nothing

// What assign minimises: the pairs' costs, and `limit` for each row left alone. Fails the test on a bad pair.
double price(const std::vector<int>& assignment, const std::vector<double>& costs, std::size_t rows,
             std::size_t columns, double limit) {
  EXPECT_EQ(assignment.size(), rows);
  std::set<int> taken;
  double sum = 0;
  for (std::size_t r = 0; r < rows; ++r) {
    if (assignment[r] < 0) {
      sum += limit;
      continue;
    }
    EXPECT_LT(assignment[r], static_cast<int>(columns));
    EXPECT_TRUE(taken.insert(assignment[r]).second) << "column " << assignment[r] << " twice";
    const double cost = costs[r * columns + static_cast<std::size_t>(assignment[r])];
    EXPECT_LE(cost, limit);
    sum += cost;
  }
  return sum;
}

// The least price over every way of pairing the rows from `row` on.
double brute_force(const std::vector<double>& costs, std::size_t row, std::size_t rows, std::size_t columns,
                   double limit, std::vector<bool>& taken) {
  if (row == rows) return 0;
  double best = limit + brute_force(costs, row + 1, rows, columns, limit, taken);
  for (std::size_t c = 0; c < columns; ++c) {
    const double cost = costs[row * columns + c];
    if (taken[c] || !(cost <= limit)) continue;
    taken[c] = true;
    best = std::min(best, cost + brute_force(costs, row + 1, rows, columns, limit, taken));
    taken[c] = false;
  }
  return best;
}

TEST(Assignment, NothingToAssign) {
  EXPECT_TRUE(assign({}, 0, 0, 1).empty());
  EXPECT_TRUE(assign({}, 0, 3, 1).empty());
  EXPECT_EQ(assign({}, 2, 0, 1), (std::vector{-1, -1}));
}

TEST(Assignment, BetterThanGreedy) {
  // Greedy takes 1 and is left with 100; 2 + 3 is less.
  EXPECT_EQ(assign({1, 2,  //
                    3, 100},
                   2, 2, kFar),
            (std::vector{1, 0}));
}

TEST(Assignment, ThreeByThree) {
  // The six permutations cost 4+0+2=6, 4+5+2=11, 1+2+2=5, 1+5+3=9, 3+2+2=7, 3+0+3=6: the third is (1, 0, 2).
  EXPECT_EQ(assign({4, 1, 3,  //
                    2, 0, 5,  //
                    3, 2, 2},
                   3, 3, kFar),
            (std::vector{1, 0, 2}));
}

TEST(Assignment, MoreRowsThanColumns) {
  EXPECT_EQ(assign({5, 3, 4}, 3, 1, kFar), (std::vector{-1, 0, -1}));
  EXPECT_EQ(assign({5, 3, 4}, 1, 3, kFar), (std::vector{1}));
}

TEST(Assignment, AboveTheLimitIsForbidden) {
  EXPECT_EQ(assign({0.5}, 1, 1, 0.5), (std::vector{0}));  // the limit itself is allowed
  EXPECT_EQ(assign({0.6}, 1, 1, 0.5), (std::vector{-1}));
  EXPECT_EQ(assign({std::numeric_limits<double>::quiet_NaN()}, 1, 1, 0.5), (std::vector{-1}));
  EXPECT_EQ(assign({std::numeric_limits<double>::infinity()}, 1, 1, 0.5), (std::vector{-1}));
}

TEST(Assignment, APairMustBeWorthIt) {
  // Both paired: 0.9 + 0.9 = 1.8. The first alone with its best: 0.1 + limit. At limit 1 that is 1.1, at 2 it is 2.1.
  const std::vector<double> costs = {0.1, 0.9,  //
                                     0.9, 5};
  EXPECT_EQ(assign(costs, 2, 2, 1), (std::vector{0, -1}));
  EXPECT_EQ(assign(costs, 2, 2, 2), (std::vector{1, 0}));
}

TEST(Assignment, NegativeCosts) {
  // maximising: gains of 3 + 3 beat 5 + 0
  EXPECT_EQ(assign({-5, -3,  //
                    -3, 0},
                   2, 2, 0),
            (std::vector{1, 0}));
}

TEST(Assignment, AsGoodAsBruteForce) {
  Random random(1);
  for (int round = 0; round < 3000; ++round) {
    const std::size_t rows = random.below(6), columns = random.below(6);
    std::vector<double> costs(rows * columns);
    // Every third round has whole numbers, for ties.
    for (double& cost : costs) cost = round % 3 == 0 ? static_cast<double>(random.below(4)) : random.uniform(-1, 2);
    for (double limit : {0.3, 1.0, kFar}) {
      std::vector<bool> taken(columns, false);
      const double best = brute_force(costs, 0, rows, columns, limit, taken);
      ASSERT_NEAR(price(assign(costs, rows, columns, limit), costs, rows, columns, limit), best, 1e-9)
          << rows << " x " << columns << ", limit " << limit << ", round " << round;
    }
  }
}

TEST(Assignment, FindsAHiddenPermutation) {
  // Only the pairs of one permutation cost nothing; all others cost something.
  constexpr std::size_t kSize = 300;
  Random random(2);
  std::vector<int> hidden(kSize);
  for (std::size_t i = 0; i < kSize; ++i) hidden[i] = static_cast<int>(i);
  for (std::size_t i = kSize; i-- > 1;) std::swap(hidden[i], hidden[random.below(i + 1)]);
  std::vector<double> costs(kSize * kSize);
  for (double& cost : costs) cost = random.uniform(0.001, 1);
  for (std::size_t i = 0; i < kSize; ++i) costs[i * kSize + static_cast<std::size_t>(hidden[i])] = 0;
  EXPECT_EQ(assign(costs, kSize, kSize, 1), hidden);
}

TEST(Assignment, WrongSizeThrows) {
  EXPECT_THROW(assign({1, 2, 3}, 2, 2, 1), std::invalid_argument);
  EXPECT_THROW(assign({1}, 1, 1, std::numeric_limits<double>::infinity()), std::invalid_argument);
}

}  // namespace
}  // namespace dualsight
