// A small random generator whose sequence is the same on every platform (SplitMix64, Steele et al. 2014), so that a
// seed names a training run.
#pragma once

#include <cstdint>

namespace dualsight {

class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}
  // A stream of its own for each (seed, a, b): what makes sample k independent of who computes it and when.
  Random(uint64_t seed, uint64_t a, uint64_t b) : state_(seed) {
    state_ = next() ^ (a * 0xD1342543DE82EF95ULL);
    state_ = next() ^ (b * 0xAF251AF3B0F025B5ULL);
  }

  uint64_t next() {
    state_ += 0x9E3779B97F4A7C15ULL;
    uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
  }
  double uniform() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }          // [0, 1)
  double uniform(double low, double high) { return low + (high - low) * uniform(); }  // [low, high)
  uint64_t below(uint64_t n) { return next() % n; }                                   // [0, n), n > 0
  bool chance(double probability) { return uniform() < probability; }

 private:
  uint64_t state_;
};

}  // namespace dualsight
