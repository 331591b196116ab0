#include "app/system/output_file.h"

#include <gtest/gtest.h>

namespace dualsight {
namespace {

TEST(FrameNames, ComeFromThePictureOrFromSourceAndFrame) {
  FrameNames names;
  EXPECT_EQ(names.next("photos", "photos/dog.jpg", 3), "dog");
  EXPECT_EQ(names.next("vtest.avi", "", 12), "vtest_000012");
  EXPECT_EQ(names.next("rtsp://host:554/x y", "", 0), "host_554_x_y_000000");
  EXPECT_EQ(names.next("gate.north", "", 0), "gate.north_000000");
  EXPECT_EQ(names.next("192.168.1.5", "", 0), "192.168.1.5_000000");
}

TEST(FrameNames, AreNeverGivenTwice) {
  FrameNames names;
  EXPECT_EQ(names.next("", "dog.jpg", 0), "dog");
  EXPECT_EQ(names.next("", "dog.png", 1), "dog_2");
  EXPECT_EQ(names.next("", "dog_2.jpg", 2), "dog_2_2");  // a picture's own name, but taken
  EXPECT_EQ(names.next("", "dog.bmp", 3), "dog_3");
  EXPECT_EQ(names.next("", "cat_2.jpg", 4), "cat_2");
  EXPECT_EQ(names.next("", "cat.jpg", 5), "cat");
  EXPECT_EQ(names.next("", "cat.png", 6), "cat_3");  // cat_2 is taken
}

}  // namespace
}  // namespace dualsight
