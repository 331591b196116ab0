#include "detector/evaluation/evaluate.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iomanip>
#include <random>
#include <sstream>
#include <stdexcept>
#include <string>
#include <tuple>

#ifndef DUALSIGHT_PYTHON
#define DUALSIGHT_PYTHON "/usr/bin/python3"
#endif

namespace dualsight {
namespace {

using Detections = std::vector<std::vector<Detection>>;

constexpr Box kA{0, 0, 10, 10};
constexpr Box kB{100, 0, 110, 10};
constexpr Box kC{200, 0, 210, 10};
constexpr Box kNowhere{500, 500, 510, 510};  // overlaps none of the others

LabelledObject label(const Box& box, int class_id = 0) { return {box, class_id, false, box.area()}; }
LabelledObject crowd(const Box& box, int class_id = 0) { return {box, class_id, true, box.area()}; }
Detection found(const Box& box, float confidence, int class_id = 0) { return {class_id, confidence, box}; }

Dataset dataset(const std::vector<std::vector<LabelledObject>>& pictures, int classes = 1) {
  Dataset result;
  for (int c = 0; c < classes; ++c) {
    result.class_names.push_back("class" + std::to_string(c));
    result.category_ids.push_back(c + 1);
  }
  for (const auto& objects : pictures) {
    LabelledPicture picture;
    picture.id = static_cast<int64_t>(result.pictures.size()) + 1;
    picture.width = picture.height = 1000;
    picture.objects = objects;
    result.pictures.push_back(picture);
  }
  return result;
}

void expect_all(const AveragePrecision& score, double ap, double ap50, double ap75) {
  EXPECT_NEAR(score.ap, ap, 1e-12);
  EXPECT_NEAR(score.ap50, ap50, 1e-12);
  EXPECT_NEAR(score.ap75, ap75, 1e-12);
}

TEST(Evaluate, PerfectIsOne) {
  const Evaluation result =
      evaluate(dataset({{label(kA), label(kB)}, {label(kC)}}), {{found(kB, 0.5F), found(kA, 0.9F)}, {found(kC, 0.1F)}});
  expect_all(result.mean, 1, 1, 1);
  EXPECT_EQ(result.pictures, 2);
  EXPECT_EQ(result.labels, 3);
  EXPECT_EQ(result.detections, 3);
  EXPECT_EQ(result.classes[0].name, "class0");
  EXPECT_EQ(result.classes[0].labels, 3);
}

TEST(Evaluate, AllWrongIsZero) {
  expect_all(evaluate(dataset({{label(kA)}}), {{found(kB, 0.9F), found(kNowhere, 0.8F)}}).mean, 0, 0, 0);
}

TEST(Evaluate, RightClassOnly) {
  // class 0's label is found as class 1: class 0 scores 0, class 1 has no labels and stays out of the mean
  const Evaluation result = evaluate(dataset({{label(kA, 0)}}, 2), {{found(kA, 0.9F, 1)}});
  expect_all(result.mean, 0, 0, 0);
  EXPECT_TRUE(std::isnan(result.classes[1].score.ap));
}

TEST(Evaluate, WrongAfterRightCostsNothing) {
  // right: precision 1 at recall 1; the wrong one comes after full recall
  expect_all(evaluate(dataset({{label(kA)}}), {{found(kA, 0.9F), found(kNowhere, 0.8F)}}).mean, 1, 1, 1);
}

TEST(Evaluate, WrongBeforeRightHalves) {
  // wrong (0/1), right (1/2): the envelope is 1/2 at all 101 recalls
  expect_all(evaluate(dataset({{label(kA)}}), {{found(kA, 0.8F), found(kNowhere, 0.9F)}}).mean, 0.5, 0.5, 0.5);
}

TEST(Evaluate, HalfFound) {
  // recall 1/2 at precision 1: recalls 0.00 .. 0.50 are 51 of 101 points
  expect_all(evaluate(dataset({{label(kA), label(kB)}}), {{found(kA, 0.9F), found(kNowhere, 0.8F)}}).mean, 51.0 / 101,
             51.0 / 101, 51.0 / 101);
}

TEST(Evaluate, TiesKeepTheOrderGiven) {
  const Dataset two = dataset({{label(kA)}, {}});
  // picture order: right, wrong -> 1; with the labels in the second picture: wrong, right -> 1/2
  expect_all(evaluate(two, {{found(kA, 0.5F)}, {found(kNowhere, 0.5F)}}).mean, 1, 1, 1);
  expect_all(evaluate(dataset({{}, {label(kA)}}), {{found(kNowhere, 0.5F)}, {found(kA, 0.5F)}}).mean, 0.5, 0.5, 0.5);
  // within a picture
  expect_all(evaluate(two, {{found(kA, 0.5F), found(kNowhere, 0.5F)}, {}}).mean, 1, 1, 1);
  expect_all(evaluate(two, {{found(kNowhere, 0.5F), found(kA, 0.5F)}, {}}).mean, 0.5, 0.5, 0.5);
}

TEST(Evaluate, SecondDetectionOfOneLabelIsWrong) {
  // right, wrong, right: precision 1, 1/2, 2/3 at recall 1/2, 1/2, 1; 51 points at 1, 50 at 2/3
  const double expected = (51 + 50 * 2.0 / 3) / 101;
  expect_all(evaluate(dataset({{label(kA), label(kB)}}), {{found(kA, 0.9F), found(kA, 0.8F), found(kB, 0.7F)}}).mean,
             expected, expected, expected);
}

TEST(Evaluate, BestDetectionChoosesFirst) {
  // Labels a = [0,10], b = [2,12] (both 10 high). [1.5,11.5] overlaps a by 8.5/11.5 = 0.739, b by 9.5/10.5 = 0.905: it
  // takes b, though only b is left for the second, exactly on b, which overlaps a by 8/12 = 0.667 and takes a up to
  // 0.65. So at 0.50 .. 0.65 both are right (1); at 0.70 .. 0.90 right, wrong (51/101); at 0.95 wrong, right: 1/2 at 51
  // points.
  const Box a{0, 0, 10, 10}, b{2, 0, 12, 10}, between{1.5F, 0, 11.5F, 10};
  for (const auto& labels : {std::vector{label(a), label(b)}, std::vector{label(b), label(a)}}) {
    expect_all(evaluate(dataset({labels}), {{found(between, 0.9F), found(b, 0.8F)}}).mean,
               (4 + 5 * 51.0 / 101 + 0.5 * 51 / 101) / 10, 1, 51.0 / 101);
  }
}

TEST(Evaluate, CrowdTakesAnyNumber) {
  // three detections inside the crowd's region are ignored; the crowd itself need not be found
  const Dataset data = dataset({{crowd({100, 0, 200, 100}), label(kA)}});
  const Evaluation result = evaluate(data, {{found({100, 0, 110, 10}, 0.9F), found({120, 0, 130, 10}, 0.8F),
                                             found({140, 0, 150, 10}, 0.7F), found(kA, 0.6F)}});
  expect_all(result.mean, 1, 1, 1);
  EXPECT_EQ(result.labels, 1);
}

TEST(Evaluate, CrowdOverlapIsOfTheDetection) {
  // [95,105] lies half in the crowd: 50/100 >= 0.50 is ignored, but wrong at the other nine thresholds (1/2 each)
  const Dataset data = dataset({{crowd({100, 0, 200, 100}), label(kA)}});
  expect_all(evaluate(data, {{found({95, 0, 105, 10}, 0.9F), found(kA, 0.6F)}}).mean, (1 + 9 * 0.5) / 10, 1, 0.5);
}

TEST(Evaluate, LabelIsPreferredToCrowd) {
  // Detection [0,8] on label [0,10]: 80/100. Wholly inside the crowd (overlap 1), yet right at 0.50 .. 0.80 (7
  // thresholds); above that the crowd takes it, it is ignored, and the label stays unfound.
  const Dataset data = dataset({{crowd({0, 0, 100, 100}), label(kA)}});
  expect_all(evaluate(data, {{found({0, 0, 8, 10}, 0.9F)}}).mean, 0.7, 1, 1);
}

TEST(Evaluate, EmptyPictures) {
  // nothing in, nothing said: no effect; something said: wrong, here before the right one
  expect_all(evaluate(dataset({{}, {label(kA)}, {}}), {{}, {found(kA, 0.5F)}, {}}).mean, 1, 1, 1);
  expect_all(evaluate(dataset({{}, {label(kA)}, {}}), {{found(kA, 0.9F)}, {found(kA, 0.5F)}, {}}).mean, 0.5, 0.5, 0.5);
}

TEST(Evaluate, NothingAtAllIsNan) {
  for (const Evaluation& result : {evaluate({}, {}), evaluate(dataset({}), {}), evaluate(dataset({{}}), {{}})}) {
    EXPECT_TRUE(std::isnan(result.mean.ap));
    EXPECT_TRUE(std::isnan(result.mean.small));
    EXPECT_EQ(result.labels, 0);
  }
}

TEST(Evaluate, MeanSkipsClassesWithoutLabels) {
  // class 0 found (1), class 1 labelled but not found (0), class 2 neither labelled nor right (NaN): mean (1 + 0) / 2
  const Evaluation result =
      evaluate(dataset({{label(kA, 0), label(kB, 1)}}, 3), {{found(kA, 0.9F, 0), found(kC, 0.9F, 2)}});
  expect_all(result.classes[0].score, 1, 1, 1);
  expect_all(result.classes[1].score, 0, 0, 0);
  EXPECT_TRUE(std::isnan(result.classes[2].score.ap));
  expect_all(result.mean, 0.5, 0.5, 0.5);
  EXPECT_EQ(result.classes[1].best_f1, 0);
  EXPECT_EQ(result.classes[1].best_f1_threshold, 0);
  EXPECT_TRUE(std::isnan(result.classes[2].best_f1));
  EXPECT_EQ(result.classes[2].best_f1_threshold, 0);
}

TEST(Evaluate, OverlapOnTheThresholdCounts) {
  const auto ap = [](const Box& truth, const Box& box) {
    return evaluate(dataset({{label(truth)}}), {{found(box, 0.9F)}}).mean;
  };
  expect_all(ap({0, 0, 10, 20}, {0, 0, 10, 10}), 0.1, 1, 0);     // 100/200: 0.50 only
  expect_all(ap({0, 0, 4, 4}, {0, 0, 4, 3}), 0.6, 1, 1);         // 12/16: 0.50 .. 0.75
  expect_all(ap({0, 0, 10, 20}, {0, 0, 10, 19}), 1, 1, 1);       // 190/200: all ten
  expect_all(ap({0, 0, 100, 200}, {0, 0, 100, 99}), 0, 0, 0);    // 99/200
  expect_all(ap({0, 0, 100, 100}, {0, 0, 74, 100}), 0.5, 1, 0);  // 0.74: 0.50 .. 0.70
}

TEST(Evaluate, SizeClasses) {
  const Box small{0, 0, 20, 20}, medium{100, 0, 150, 50}, large{300, 0, 400, 100}, wrong{600, 0, 700, 100};
  const Dataset data = dataset({{label(small), label(medium), label(large)}});
  // A large wrong detection comes first: wrong among the large (1/2), of no account among the small and the medium.
  const AveragePrecision score = evaluate(data, {{found(wrong, 0.9F), found(small, 0.8F), found(medium, 0.7F)}}).mean;
  EXPECT_NEAR(score.small, 1, 1e-12);
  EXPECT_NEAR(score.medium, 1, 1e-12);
  EXPECT_NEAR(score.large, 0, 1e-12);
  // in all: wrong, right, right of 3: precision 1/2, 2/3 -> 2/3 up to recall 2/3 = 67 points (0.00 .. 0.66)
  EXPECT_NEAR(score.ap, 67 * (2.0 / 3) / 101, 1e-12);
  EXPECT_NEAR(evaluate(data, {{found(wrong, 0.9F), found(large, 0.8F)}}).mean.large, 0.5, 1e-12);
}

TEST(Evaluate, SizeComesFromTheAreaField) {
  // a box of 100 x 100 whose object covers 900 pixels is small; nothing large is left to find
  Dataset data = dataset({{{{0, 0, 100, 100}, 0, false, 900}}});
  const AveragePrecision score = evaluate(data, {{found({0, 0, 100, 100}, 0.9F)}}).mean;
  EXPECT_EQ(score.small, 1);
  EXPECT_TRUE(std::isnan(score.medium));
  EXPECT_TRUE(std::isnan(score.large));
}

TEST(Evaluate, SizeLimitsBelongToBothSides) {
  for (const auto& [side, small, medium, large] : {std::tuple{31.0F, true, false, false},
                                                   {32.0F, true, true, false},
                                                   {33.0F, false, true, false},
                                                   {96.0F, false, true, true},
                                                   {97.0F, false, false, true}}) {
    const Box box{0, 0, side, side};
    const AveragePrecision score = evaluate(dataset({{label(box)}}), {{found(box, 0.9F)}}).mean;
    EXPECT_EQ(!std::isnan(score.small), small) << side;
    EXPECT_EQ(!std::isnan(score.medium), medium) << side;
    EXPECT_EQ(!std::isnan(score.large), large) << side;
  }
}

TEST(Evaluate, HundredDetectionsAPictureAndClass) {
  const auto wrong = [](int count) {
    return std::vector<Detection>(static_cast<std::size_t>(count), found(kNowhere, 0.9F));
  };
  std::vector<Detection> hundred = wrong(99), over = wrong(100);
  hundred.push_back(found(kA, 0.5F));
  over.push_back(found(kA, 0.5F));
  const Dataset one = dataset({{label(kA)}});
  EXPECT_NEAR(evaluate(one, {hundred}).mean.ap, 0.01, 1e-12);  // right at the 100th place: 1/100
  EXPECT_EQ(evaluate(one, {over}).mean.ap, 0);                 // the 101st is not looked at
  EXPECT_EQ(evaluate(one, {over}).detections, 101);

  // each picture has its own hundred: 100 wrong in picture 0, then one right in picture 1: 1/101
  EXPECT_NEAR(evaluate(dataset({{}, {label(kA)}}), {wrong(100), {found(kA, 0.5F)}}).mean.ap, 1.0 / 101, 1e-12);
  // and so has each class
  over.back().class_id = 1;
  EXPECT_EQ(evaluate(dataset({{label(kA, 1)}}, 2), {over}).mean.ap, 1);
}

TEST(Evaluate, NotExhaustiveExcusesTheUnmatched) {
  Dataset data = dataset({{label(kA)}, {label(kB)}}, 2);
  const Detections detections = {{found(kNowhere, 0.9F), found(kA, 0.8F)}, {found(kB, 0.7F)}};
  // wrong, right, right: 0, 1/2, 2/3 -> envelope 2/3 throughout
  expect_all(evaluate(data, detections).mean, 2.0 / 3, 2.0 / 3, 2.0 / 3);
  data.pictures[0].not_exhaustive = {1};  // another class
  expect_all(evaluate(data, detections).mean, 2.0 / 3, 2.0 / 3, 2.0 / 3);
  data.pictures[1].not_exhaustive = {0};  // another picture
  expect_all(evaluate(data, detections).mean, 2.0 / 3, 2.0 / 3, 2.0 / 3);
  data.pictures[0].not_exhaustive = {1, 0};  // the wrong one no longer counts, the right ones do
  expect_all(evaluate(data, detections).mean, 1, 1, 1);
  EXPECT_EQ(evaluate(data, detections).classes[0].best_f1, 1);
}

TEST(Evaluate, BestF1) {
  // 3 labels; right .9, wrong .8, right .7, wrong .6. F1 = 2 right / (said + labels):
  // 2/4 = 0.5, 2/5 = 0.4, 4/6 = 0.667, 4/7 = 0.571
  const ClassScore score = evaluate(dataset({{label(kA), label(kB), label(kC)}}),
                                    {{found(kA, 0.9F), found(kNowhere, 0.8F), found(kB, 0.7F), found(kNowhere, 0.6F)}})
                               .classes[0];
  EXPECT_NEAR(score.best_f1, 4.0 / 6, 1e-12);
  EXPECT_EQ(score.best_f1_threshold, 0.7F);
}

TEST(Evaluate, BestF1CannotPartTies) {
  // right and wrong both at 0.5: 2 / (2 + 1), not the 2 / (1 + 1) of the right one alone
  const ClassScore score = evaluate(dataset({{label(kA)}}), {{found(kA, 0.5F), found(kNowhere, 0.5F)}}).classes[0];
  EXPECT_NEAR(score.best_f1, 2.0 / 3, 1e-12);
  EXPECT_EQ(score.best_f1_threshold, 0.5F);
}

TEST(Evaluate, NotANumberDoesNoHarm) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  // a NaN confidence sorts last: right first; a NaN box matches nothing
  EXPECT_EQ(evaluate(dataset({{label(kA)}}), {{found(kNowhere, nan), found(kA, 0.1F)}}).mean.ap, 1);
  EXPECT_EQ(evaluate(dataset({{label(kA)}}), {{found({nan, nan, nan, nan}, 0.9F), found(kA, 0.1F)}}).mean.ap, 0.5);
}

TEST(Evaluate, MisuseThrows) {
  EXPECT_THROW(evaluate(dataset({{label(kA)}}), {}), std::invalid_argument);
  EXPECT_THROW(evaluate(dataset({{}}), {{found(kA, 0.5F, 1)}}), std::invalid_argument);
  EXPECT_THROW(evaluate(dataset({{label(kA, -1)}}), {{}}), std::invalid_argument);
}

TEST(Evaluate, Table) {
  const std::string table = to_table(evaluate(dataset({{label(kA, 0)}}, 2), {{found(kA, 0.9F, 0)}}));
  EXPECT_EQ(table,
            "     AP   AP50   AP75  small medium  large     F1   conf  labels  class\n"
            "  100.0  100.0  100.0  100.0      -      -      -      -       1  all (1 pictures, 1 detections)\n"
            "  100.0  100.0  100.0  100.0      -      -  100.0  0.900       1  class0\n"
            "      -      -      -      -      -      -      -      -       0  class1\n");
}

// Random data sets that meet every rule at once: boxes on a coarse grid and coarse scores, so overlaps on the threshold
// and ties are common; small to large, near misses, crowds, shrunken areas, crowded and empty pictures.
class RandomData {
 public:
  explicit RandomData(unsigned seed) : random_(seed) {}

  std::pair<Dataset, Detections> make() {
    constexpr int kClasses = 4;  // the last is never labelled
    const bool fine = chance(0.5);
    Dataset data = dataset(std::vector<std::vector<LabelledObject>>(static_cast<std::size_t>(pick(1, 12))), kClasses);
    Detections detections(data.pictures.size());
    for (std::size_t i = 0; i < data.pictures.size(); ++i) {
      LabelledPicture& picture = data.pictures[i];
      for (int n = pick(0, 12); n > 0; --n) {
        LabelledObject object = label(box(), pick(0, kClasses - 2));
        if (!picture.objects.empty() && chance(0.3)) {  // close beside the last, so that two labels vie for a detection
          object = label(near(picture.objects.back().box, true), picture.objects.back().class_id);
        }
        object.crowd = chance(0.1);
        if (chance(0.4)) object.area *= static_cast<float>(pick(2, 9)) / 10;
        if (chance(0.1)) object.area = chance(0.5) ? 1024 : 9216;
        picture.objects.push_back(object);
        for (int hits = pick(0, 2); hits > 0; --hits) {
          detections[i].push_back(found(near(object.box, fine), score(), chance(0.9) ? object.class_id : pick(0, 3)));
        }
      }
      for (int n = pick(0, 5); n > 0; --n) detections[i].push_back(found(box(), score(), pick(0, 3)));
      if (chance(0.1)) {
        for (int n = 0; n < 110; ++n) detections[i].push_back(found(box(), score(), 0));
      }
      std::shuffle(detections[i].begin(), detections[i].end(), random_);
      for (int c = 0; c < kClasses; ++c) {
        if (chance(0.15)) picture.not_exhaustive.push_back(c);
      }
    }
    return {data, detections};
  }

 private:
  int pick(int low, int high) { return std::uniform_int_distribution<int>(low, high)(random_); }
  bool chance(double p) { return std::bernoulli_distribution(p)(random_); }
  float score() { return static_cast<float>(pick(1, 20)) / 20; }
  Box box() {
    const int unit = pick(0, 1) == 0 ? 4 : 20;
    const auto x = static_cast<float>(4 * pick(0, 60)), y = static_cast<float>(4 * pick(0, 60));
    return {x, y, x + static_cast<float>(unit * pick(1, 10)), y + static_cast<float>(unit * pick(1, 10))};
  }
  Box near(Box b, bool fine) {
    const auto shift = [&](float size) {
      return fine ? size * static_cast<float>(pick(-100, 100)) / 700 : static_cast<float>(pick(-1, 1));
    };
    const float w = b.width(), h = b.height();
    b.x1 += shift(w);
    b.y1 += shift(h);
    b.x2 += shift(w);
    b.y2 += shift(h);
    return b;
  }
  std::mt19937 random_;
};

void write(std::ostream& out, const Dataset& data, const Detections& detections) {
  out << std::setprecision(17) << "dataset " << data.class_names.size() << '\n';
  for (std::size_t i = 0; i < data.pictures.size(); ++i) {
    out << "picture\n";
    for (const LabelledObject& o : data.pictures[i].objects) {
      out << "label " << o.class_id << ' ' << o.crowd << ' ' << o.area << ' ' << o.box.x1 << ' ' << o.box.y1 << ' '
          << o.box.x2 << ' ' << o.box.y2 << '\n';
    }
    for (const Detection& d : detections[i]) {
      out << "found " << d.class_id << ' ' << d.confidence << ' ' << d.box.x1 << ' ' << d.box.y1 << ' ' << d.box.x2
          << ' ' << d.box.y2 << '\n';
    }
    for (int c : data.pictures[i].not_exhaustive) out << "not_exhaustive " << c << '\n';
  }
}

std::vector<double> numbers(const AveragePrecision& s) { return {s.ap, s.ap50, s.ap75, s.small, s.medium, s.large}; }

// Output of a command, and whether it ended well.
std::pair<std::string, bool> output_of(const std::string& command) {
  std::string text;
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return {text, false};
  char buffer[4096];
  for (std::size_t n = 0; (n = std::fread(buffer, 1, sizeof buffer, pipe)) > 0;) text.append(buffer, n);
  return {text, pclose(pipe) == 0};
}

TEST(Evaluate, AgreesWithTheReferenceInNumpy) {
  const std::string python = DUALSIGHT_PYTHON;
  if (!output_of(python + " -c 'import numpy' 2>&1").second) GTEST_SKIP() << python << " has no numpy";

  const std::filesystem::path file =
      std::filesystem::path(testing::TempDir()) / ("evaluate_test_" + std::to_string(getpid()) + ".txt");
  std::vector<Evaluation> results;
  {
    std::ofstream out(file);
    for (unsigned seed = 0; seed < 20; ++seed) {
      const auto [data, detections] = RandomData(seed).make();
      write(out, data, detections);
      results.push_back(evaluate(data, detections));
    }
  }
  const auto [text, ok] = output_of(
      python + " " DUALSIGHT_SOURCE_DIR "/tests/detector/evaluation/reference_coco_eval.py '" + file.string() + "'");
  std::filesystem::remove(file);
  ASSERT_TRUE(ok) << text;

  std::istringstream expected(text);
  const auto compare = [&](const std::vector<double>& row, const std::string& where) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      std::string word;
      ASSERT_TRUE(expected >> word) << where;
      if (word == "nan") {
        EXPECT_TRUE(std::isnan(row[i])) << where << ", column " << i;
      } else {
        EXPECT_NEAR(row[i], std::stod(word), 1e-9) << where << ", column " << i;
      }
    }
  };
  for (std::size_t seed = 0; seed < results.size(); ++seed) {
    compare(numbers(results[seed].mean), "seed " + std::to_string(seed) + ", mean");
    for (const ClassScore& one : results[seed].classes) {
      std::vector<double> row = numbers(one.score);
      row.push_back(one.best_f1);
      row.push_back(one.best_f1_threshold);
      compare(row, "seed " + std::to_string(seed) + ", " + one.name);
    }
  }
  std::string rest;
  EXPECT_FALSE(expected >> rest) << rest;
}

}  // namespace
}  // namespace dualsight
