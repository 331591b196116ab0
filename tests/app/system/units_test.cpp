#include "app/system/units.h"

#include <gtest/gtest.h>

namespace dualsight {
namespace {

TEST(Units, DurationsAndSizes) {
  EXPECT_EQ(parse_duration("90"), 90);
  EXPECT_EQ(parse_duration("90s"), 90);
  EXPECT_EQ(parse_duration("10m"), 600);
  EXPECT_EQ(parse_duration("2h"), 7200);
  EXPECT_EQ(parse_bytes("500MB"), 500'000'000);
  EXPECT_EQ(parse_bytes("1.5GiB"), 1'610'612'736);
  for (const char* wrong : {"", "m", "10x", "-1m", "0", "nan"}) EXPECT_FALSE(parse_duration(wrong)) << wrong;
  for (const char* wrong : {"", "500", "-1MB", "1mb"}) EXPECT_FALSE(parse_bytes(wrong)) << wrong;
}

}  // namespace
}  // namespace dualsight
