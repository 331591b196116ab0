#include "app/sources/stream_error.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <set>

#include "app/sources/libav.h"

namespace dualsight {
namespace {

TEST(StreamError, TheHostIsWhatStandsBetweenUserAndPort) {
  EXPECT_EQ(host_of("rtsp://eye:p4ss@door.example:554/live?x=a@b"), "door.example");
  EXPECT_EQ(host_of("http://10.0.0.7/video"), "10.0.0.7");
  EXPECT_EQ(host_of("http://[fe80::1]:80/"), "fe80::1");
  EXPECT_EQ(host_of("rtsp://eye:a/b@door/live"), "door");
  EXPECT_EQ(host_of("http://host/picture@2x.jpg"), "host");
  EXPECT_EQ(host_of("clip.mp4"), "");
}

TEST(StreamError, EachCauseHasWordsOfItsOwn) {
  const std::string address = "http://127.0.0.1/live";
  std::set<std::string> words{why_not_opened(address, AVERROR_EXIT, true)};
  for (const int error :
       {AVERROR_HTTP_UNAUTHORIZED, AVERROR_HTTP_FORBIDDEN, AVERROR_HTTP_NOT_FOUND, AVERROR_HTTP_SERVER_ERROR,
        AVERROR(ECONNREFUSED), AVERROR(EHOSTUNREACH), AVERROR_INVALIDDATA, AVERROR(EIO)}) {
    words.insert(why_not_opened(address, error, false));
  }
  EXPECT_EQ(words.size(), 9U);
  EXPECT_EQ(why_not_opened(address, AVERROR_EXIT, true), "no answer in time (--open-timeout allows more)");
}

// Reserved names that never exist (RFC 2606).
TEST(StreamError, AnUnknownHostIsNamed) {
  EXPECT_EQ(why_not_opened("http://a:b@no-such-host.invalid/live", AVERROR(EIO), false),
            "unknown host \"no-such-host.invalid\"");
}

}  // namespace
}  // namespace dualsight
