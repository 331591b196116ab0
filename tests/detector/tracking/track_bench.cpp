// Prints how well the project's tracker does beside the plain IoU tracker, on every kind of generated sequence, as a
// Markdown table. Usage: track_bench [seeds]
#include <cstdio>
#include <cstdlib>

#include "tests/detector/tracking/track_compare.h"

int main(int argc, char** argv) {
  using namespace dualsight;
  using namespace dualsight::testing;
  const int seeds = argc > 1 ? std::atoi(argv[1]) : 5;
  if (seeds < 1) {
    std::fprintf(stderr, "usage: track_bench [seeds]\n");
    return 2;
  }
  std::printf("| sequence | IoU tracker: MOTA | IDF1 | HOTA | switches | ours: MOTA | IDF1 | HOTA | switches |\n");
  std::printf("|---|---:|---:|---:|---:|---:|---:|---:|---:|\n");
  const auto line = [](const std::string& name, const Comparison& c) {
    std::printf("| %s ", name.c_str());
    for (const MotScore& s : {c.baseline, c.ours}) {
      std::printf("| %.1f | %.1f | %.1f | %d ", 100 * s.mota, 100 * s.idf1, 100 * s.hota, s.id_switches);
    }
    std::printf("|\n");
  };
  Runs all;
  for (const SequenceKind& kind : sequence_kinds()) {
    Runs runs;
    for (int seed = 101; seed <= 100 + seeds; ++seed) {
      const Sequence sequence = make_sequence(kind.name, static_cast<uint64_t>(seed));
      runs.add(sequence);
      all.add(sequence);
    }
    line(kind.name + ": " + kind.what, runs.compare());
  }
  line("all", all.compare());
  return 0;
}
