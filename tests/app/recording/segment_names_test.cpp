#include "app/recording/segment_names.h"

#include <gtest/gtest.h>

namespace dualsight {
namespace {

TEST(SegmentNamesTest, OnlyOurs) {
  const auto name = parse_segment_name("my_cam_20261125T101112.345Z_12.raw.mp4");
  ASSERT_TRUE(name);
  EXPECT_EQ(name->stem, "my_cam_20261125T101112.345Z_12");
  EXPECT_EQ(name->time, "20261125T101112.345Z");
  EXPECT_EQ(name->number, 12);
  EXPECT_TRUE(parse_segment_name("a_20261125T101112.345Z.ndjson"));
  for (const std::string other :
       {"a.mkv", "a_20261125T101112.345Z.jpg", "_20261125T101112.345Z.mkv", "a_20261125T101112.345Z.mkv.part",
        "a_20261125T101112.345Z.raw.ndjson", "a_20261125T101112Z.mkv", "a_20261125T101112.345Z_.mkv"}) {
    EXPECT_FALSE(parse_segment_name(other)) << other;
  }
}

}  // namespace
}  // namespace dualsight
