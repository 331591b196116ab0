#include "app/sources/cameras.h"

#include "app/system/progress_bar.h"
#include "tests/app/support/test_support.h"

namespace dualsight {
namespace {

class CamerasTest : public TemporaryFolder {
 protected:
  void add(const std::string& node, const std::string& name) {
    fs::create_directories(folder_ / "class" / node);
    text("class/" + node + "/name", name + "\n");
  }
};

TEST_F(CamerasTest, ListsByNameInOrderOfNumber) {
  add("video10", "Desk"), add("video2", "Door"), add("vbi0", "no camera");
  fs::create_directories(at("dev/v4l/by-id"));
  fs::create_symlink("../../video2", at("dev/v4l/by-id/usb-Door-index0"));
  text("dev/video2", "not a device");
  const auto cameras = list_cameras(at("class"), at("dev"));
  ASSERT_EQ(cameras.size(), 2U);
  EXPECT_EQ(cameras[0].device, at("dev/video2"));
  EXPECT_EQ(cameras[0].name, "Door");
  EXPECT_EQ(cameras[0].by_id, at("dev/v4l/by-id/usb-Door-index0"));
  EXPECT_EQ(cameras[0].problem, "does not answer as a camera");
  EXPECT_EQ(cameras[1].name, "Desk");
  EXPECT_EQ(cameras[1].by_id, "");
  EXPECT_EQ(cameras[1].problem, "No such file or directory");
}

TEST_F(CamerasTest, NoneIsNoError) { EXPECT_TRUE(list_cameras(at("nothing"), at("dev")).empty()); }

TEST(ProgressBar, DurationsReadLikeClocks) {
  EXPECT_EQ(duration_text(7), "0:07");
  EXPECT_EQ(duration_text(754), "12:34");     // 12 * 60 + 34
  EXPECT_EQ(duration_text(3723), "1:02:03");  // 3600 + 2 * 60 + 3
  EXPECT_EQ(duration_text(-1), "?");
}

}  // namespace
}  // namespace dualsight
