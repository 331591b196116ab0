#include "app/redact.h"

#include <gtest/gtest.h>

namespace dualsight {
namespace {

TEST(Redact, HidesUserAndPassword) {
  EXPECT_EQ(redact("rtsp://user:secret@10.0.0.7:554/stream1"), "rtsp://***@10.0.0.7:554/stream1");
  EXPECT_EQ(redact("http://user@host/x"), "http://***@host/x");
}

TEST(Redact, HidesPasswordsThatHoldSeparators) {
  EXPECT_EQ(redact("rtsp://user:p@ss@host/x"), "rtsp://***@host/x");
  EXPECT_EQ(redact("rtsp://user:se/cr?et@host/x"), "rtsp://***@host/x");
}

TEST(Redact, HidesSecretParameters) {
  EXPECT_EQ(redact("http://host/video?user=admin&pwd=secret&size=2"), "http://host/video?user=***&pwd=***&size=2");
  EXPECT_EQ(redact("http://host/v?access_token=abc"), "http://host/v?access_token=***");
}

TEST(Redact, LeavesOtherTextAlone) {
  EXPECT_EQ(redact("rtsp://10.0.0.7:554/stream1"), "rtsp://10.0.0.7:554/stream1");
  EXPECT_EQ(redact("mail me@home about /dev/video0"), "mail me@home about /dev/video0");
  EXPECT_EQ(redact("http://host/picture@2x.jpg"), "http://host/picture@2x.jpg");
  EXPECT_EQ(redact(""), "");
}

TEST(Redact, FindsEveryAddressInAText) {
  EXPECT_EQ(redact("no answer from rtsp://a:b@c/d and http://e:f@g, giving up"),
            "no answer from rtsp://***@c/d and http://***@g, giving up");
}

}  // namespace
}  // namespace dualsight
