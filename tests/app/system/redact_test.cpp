#include "app/system/redact.h"

#include <gtest/gtest.h>

namespace dualsight {
namespace {

TEST(Redact, HidesUserAndPassword) {
  EXPECT_EQ(redact("rtsp://user:secret@10.0.0.7:554/stream1"), "rtsp://***@10.0.0.7:554/stream1");
  EXPECT_EQ(redact("http://user@host/x"), "http://***@host/x");
  // As some recorders want it: in the path.
  EXPECT_EQ(redact("rtsp://10.0.0.2:554/user=admin&password=geheim&channel=1&stream=0.sdp?real_stream"),
            "rtsp://10.0.0.2:554/user=***&password=***&channel=1&stream=0.sdp?real_stream");
}

TEST(Redact, HidesPasswordsThatHoldSeparators) {
  EXPECT_EQ(redact("rtsp://user:p@ss@host/x"), "rtsp://***@host/x");
  EXPECT_EQ(redact("rtsp://user:se/cr?et@host/x"), "rtsp://***@host/x");
}

TEST(Redact, HidesPasswordsThatHoldSpaces) {
  EXPECT_EQ(redact("http://eye:two words@127.0.0.1:1/x"), "http://***@127.0.0.1:1/x");
  EXPECT_EQ(redact("opening rtsp://eye:a b\tc@host/x failed"), "opening rtsp://***@host/x failed");
  EXPECT_EQ(redact("rtsp://eye:1 2/3@host/x"), "rtsp://***@host/x");
  EXPECT_EQ(redact("http://my eye:p w@host, http://host:80/x"), "http://***@host, http://host:80/x");
  // A host with its port is no user with a password.
  EXPECT_EQ(redact("rtsp://10.0.0.7:554/stream1 is gone, mail me@home"),
            "rtsp://10.0.0.7:554/stream1 is gone, mail me@home");
}

TEST(Redact, HidesSecretParameters) {
  EXPECT_EQ(redact("http://host/v?usr=me&pw=x&psw=y&session=z&width=3"),
            "http://host/v?usr=***&pw=***&psw=***&session=***&width=3");
  EXPECT_EQ(redact("http://host/video?user=admin&pwd=secret&size=2"), "http://host/video?user=***&pwd=***&size=2");
  EXPECT_EQ(redact("http://host/v?access_token=abc"), "http://host/v?access_token=***");
}

TEST(Redact, LeavesOtherTextAlone) {
  EXPECT_EQ(redact("rtsp://10.0.0.7:554/stream1"), "rtsp://10.0.0.7:554/stream1");
  EXPECT_EQ(redact("mail me@home about /dev/video0"), "mail me@home about /dev/video0");
  EXPECT_EQ(redact("http://host/picture@2x.jpg"), "http://host/picture@2x.jpg");
  EXPECT_EQ(redact(""), "");
}

TEST(Redact, HidesPasswordsThatHoldQuotes) {
  EXPECT_EQ(redact("rtsp://user:pa\"ss'w<o>rd@host/x, gone"), "rtsp://***@host/x, gone");
  EXPECT_EQ(redact("'rtsp://user:pa ss@host/x' is gone"), "'rtsp://***@host/x' is gone");
}

TEST(Redact, HidesPropertiesOfPipelines) {
  EXPECT_EQ(redact("gst:rtspsrc location=rtsp://user:pw@host/x latency=0 ! decodebin"),
            "gst:rtspsrc location=rtsp://***@host/x latency=0 ! decodebin");
  EXPECT_EQ(redact("gst:rtspsrc location=\"rtsp://u:p w@host/x\" ! decodebin"),
            "gst:rtspsrc location=\"rtsp://***@host/x\" ! decodebin");
  EXPECT_EQ(redact("gst:rtspsrc location=rtsp://host/x user-id=admin user-pw=secret ! decodebin"),
            "gst:rtspsrc location=rtsp://host/x user-id=*** user-pw=*** ! decodebin");
  EXPECT_EQ(redact("rtspsrc user-pw = \"my \\\"secret\\\" word\" latency=0"), "rtspsrc user-pw = *** latency=0");
  EXPECT_EQ(redact("souphttpsrc user-pw='a b' proxy-pw=c cookies=\"k=v\" location=x"),
            "souphttpsrc user-pw=*** proxy-pw=*** cookies=*** location=x");
  EXPECT_EQ(redact("user-pw="), "user-pw=***");
  EXPECT_EQ(redact("user-pw=\"open"), "user-pw=***");
  EXPECT_EQ(redact("videotestsrc pattern=ball ! video/x-raw,width=320"),
            "videotestsrc pattern=ball ! video/x-raw,width=320");
  EXPECT_EQ(redact("monkey=3.jpg: is not a picture"), "monkey=3.jpg: is not a picture");
}

TEST(Redact, FindsEveryAddressInAText) {
  EXPECT_EQ(redact("no answer from rtsp://a:b@c/d and http://e:f@g, giving up"),
            "no answer from rtsp://***@c/d and http://***@g, giving up");
}

}  // namespace
}  // namespace dualsight
