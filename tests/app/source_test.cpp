#include "app/source.h"

#include <thread>

#include "tests/app/test_support.h"

namespace dualsight {
namespace {

struct Told {
  SourceState state;
  std::string message, file;
};

class SourceTest : public TemporaryFolder {
 protected:
  // Everything a source delivers until its end or failure.
  struct Read {
    std::vector<Frame> frames;
    std::string error;
    std::vector<Told> told;
    SourceInfo info;
  };

  static Read read_all(const std::string& spec) {
    Read result;
    SourceOptions options;
    options.on_status = [&](SourceState state, const std::string& message, const std::string& file) {
      result.told.push_back({state, message, file});
    };
    auto source = open_source(spec, options);
    if (!source) {
      EXPECT_EQ(source.error().kind, ErrorKind::source);
      result.error = source.error().message;
      return result;
    }
    result.info = (*source)->info();
    while (true) {
      auto frame = (*source)->read();
      if (!frame) {
        EXPECT_EQ(frame.error().kind, ErrorKind::source);
        result.error = frame.error().message;
        return result;
      }
      if (!*frame) return result;
      result.frames.push_back(**frame);
    }
  }
};

TEST_F(SourceTest, PictureIsOneFrame) {
  const Read read = read_all(picture("a.png", 64, 48, {10, 20, 30}));
  ASSERT_EQ(read.frames.size(), 1U) << read.error;
  const Frame& frame = read.frames[0];
  EXPECT_EQ(frame.bgr.size(), cv::Size(64, 48));
  EXPECT_EQ(frame.bgr.at<cv::Vec3b>(0, 0), cv::Vec3b(10, 20, 30));
  EXPECT_EQ(frame.number, 0);
  EXPECT_FALSE(frame.pts_ms);
  EXPECT_EQ(frame.file, at("a.png"));
  EXPECT_EQ(read.info.name, "a.png");
  EXPECT_EQ(read.info.frame_count, 1);
  EXPECT_FALSE(read.info.live);
}

TEST_F(SourceTest, FolderIsSortedAndHoldsPicturesOnly) {
  picture("b.PNG", 20, 10);
  picture("a.jpg", 64, 48);
  picture("c.JpEg", 30, 30);
  text("notes.txt", "no picture");
  picture(".hidden.png");
  fs::create_directory(at("d.png"));  // a folder, whatever its name
  const Read read = read_all(folder_.string());
  ASSERT_EQ(read.frames.size(), 3U);
  EXPECT_EQ(read.frames[0].file, at("a.jpg"));
  EXPECT_EQ(read.frames[1].file, at("b.PNG"));
  EXPECT_EQ(read.frames[2].file, at("c.JpEg"));
  EXPECT_EQ(read.frames[1].bgr.size(), cv::Size(20, 10));  // sizes may differ
  EXPECT_EQ(read.frames[2].number, 2);
  EXPECT_EQ(read.info.name, folder_.filename().string());
}

TEST_F(SourceTest, GlobTakesWhatMatches) {
  picture("dog1.png"), picture("dog2.png"), picture("cat.png");
  const Read read = read_all(at("dog*.png"));
  ASSERT_EQ(read.frames.size(), 2U);
  EXPECT_EQ(read.frames[1].file, at("dog2.png"));
}

TEST_F(SourceTest, AFileWhoseNameLooksLikeAGlobIsAFile) {
  picture("dog[1].png");
  EXPECT_EQ(read_all(at("dog[1].png")).frames.size(), 1U);
}

TEST_F(SourceTest, UnreadablePicturesAreNamedAndSkipped) {
  picture("a.png"), picture("c.png");
  text("b.png", "this is text");
  const Read read = read_all(folder_.string());
  EXPECT_EQ(read.error, "");
  ASSERT_EQ(read.frames.size(), 2U);
  EXPECT_EQ(read.frames[1].number, 2);  // numbers are places in the folder, so they stay put
  ASSERT_EQ(read.told.size(), 1U);
  EXPECT_EQ(read.told[0].state, SourceState::skipped);
  EXPECT_EQ(read.told[0].file, at("b.png"));
  EXPECT_EQ(read.told[0].message, at("b.png") + ": is not a picture, or a damaged one");
}

TEST_F(SourceTest, FolderWithoutOneReadablePictureFails) {
  text("a.png", "text"), text("b.jpg", "");
  const Read read = read_all(folder_.string());
  EXPECT_EQ(read.error, folder_.filename().string() + ": none of the 2 pictures can be read");
  EXPECT_EQ(read.told.size(), 2U);
}

TEST_F(SourceTest, VideoDeliversEveryFrameWithItsTime) {
  for (const std::string name : {"v.mp4", "v.avi", "v.mkv"}) {
    const Read read = read_all(video(name, 30));
    ASSERT_EQ(read.frames.size(), 30U) << name << read.error;
    EXPECT_EQ(read.info.frame_count, 30) << name;
    EXPECT_DOUBLE_EQ(read.info.fps, 10) << name;
    EXPECT_TRUE(read.told.empty()) << name;
    for (std::size_t i = 0; i < 30; ++i) {
      EXPECT_EQ(read.frames[i].number, static_cast<int64_t>(i));
      EXPECT_NEAR(read.frames[i].pts_ms.value(), 100.0 * static_cast<double>(i), 0.5) << name;  // 10 frames/s
      EXPECT_NEAR(read.frames[i].bgr.at<cv::Vec3b>(24, 32)[0], 8.0 * static_cast<double>(i), 7.5) << name;
    }
  }
}

TEST_F(SourceTest, FramesKeepTheirPixelsWhenTheNextIsRead) {
  const auto source = open_source(video("v.avi", 20));
  ASSERT_TRUE(source);
  const Frame first = **(*source)->read();
  const cv::Mat copy = first.bgr.clone();
  for (int i = 0; i < 10; ++i) ASSERT_TRUE((*source)->read());
  EXPECT_EQ(cv::norm(first.bgr, copy, cv::NORM_INF), 0);
}

TEST_F(SourceTest, TruncatedVideoIsReadAsFarAsItGoesAndReported) {
  for (const std::string name : {"half.avi", "half.mkv"}) {
    const Read read = read_all(cut_in_half(video(name, 60)));
    EXPECT_EQ(read.error, "") << name;
    EXPECT_GT(read.frames.size(), 10U) << name;
    EXPECT_LT(read.frames.size(), 50U) << name;
    ASSERT_EQ(read.told.size(), 1U) << name;
    EXPECT_EQ(read.told[0].state, SourceState::truncated);
    EXPECT_EQ(read.told[0].message, at(name) + ": truncated or damaged: " + std::to_string(read.frames.size()) +
                                        " of 60 frames could be read");
  }
}

TEST_F(SourceTest, EachFailureHasOneLineThatNamesTheCulprit) {
  fs::create_directory(at("empty"));
  EXPECT_EQ(read_all(at("none.mp4")).error, at("none.mp4") + ": no such file or folder");
  EXPECT_EQ(read_all(at("none*.png")).error, at("none*.png") + ": no such file, and nothing matches it as a pattern");
  EXPECT_EQ(read_all(at("empty")).error, at("empty") + ": the folder holds no pictures");
  EXPECT_EQ(read_all(text("text.jpg", "hello")).error, at("text.jpg") + ": is not a picture");
  const std::string no_video = ": cannot be opened as a video (truncated, or neither picture nor video)";
  EXPECT_EQ(read_all(text("text.mp4", "hello\n")).error, at("text.mp4") + no_video);
  EXPECT_EQ(read_all(text("nothing.mp4", "")).error, at("nothing.mp4") + no_video);
  EXPECT_EQ(read_all(cut_in_half(video("half.mp4", 60))).error, at("half.mp4") + no_video);
  EXPECT_EQ(read_all("/dev/null").error, "/dev/null: is neither a file, a folder nor a camera");
  EXPECT_EQ(read_all("ftp://a:b@c/d").error,
            "ftp://***@c/d: addresses must begin with rtsp://, rtsps://, http:// or https://");
  EXPECT_EQ(read_all("").error, "a source is empty: name a file, folder, camera or address");
}

TEST_F(SourceTest, TruncatedPictureFails) {
  const Read read = read_all(cut_in_half(picture("half.png", 300, 300)));
  EXPECT_EQ(read.error, at("half.png") + ": is not a picture, or a damaged one");
}

TEST_F(SourceTest, MissingCameraIsNamed) {
  const std::string expected = "/dev/video97: there is no such camera (`dualsight cameras` lists them)";
  EXPECT_EQ(read_all("97").error, expected);
  EXPECT_EQ(read_all("/dev/video97").error, expected);
}

TEST_F(SourceTest, NoPermissionIsSaid) {
  if (geteuid() == 0) GTEST_SKIP() << "root may read everything";
  fs::permissions(picture("secret.png"), fs::perms::none);
  EXPECT_EQ(read_all(at("secret.png")).error, at("secret.png") + ": cannot be read: Permission denied");
}

TEST_F(SourceTest, PasswordsOfStreamsAreNotShown) {
  // Nothing listens on port 1 of this machine, so this fails at once.
  const Read read = read_all("http://user:secret@127.0.0.1:1/video");
  EXPECT_EQ(read.error, "http://***@127.0.0.1:1/video: nothing answers there, or it is not a video stream");
}

TEST_F(SourceTest, CheckFindsMistakesWithoutReading) {
  EXPECT_TRUE(check_source(picture("a.png")));
  EXPECT_TRUE(check_source(folder_.string()));
  EXPECT_TRUE(check_source("rtsp://nowhere.invalid/x"));  // streams are not contacted
  EXPECT_FALSE(check_source(at("none.png")));
  EXPECT_FALSE(check_source("/dev/video97"));
}

TEST_F(SourceTest, StopEndsTheFrames) {
  std::atomic<bool> stop = false;
  SourceOptions options;
  options.stop = &stop;
  const auto source = open_source(video("v.avi", 20), options);
  ASSERT_TRUE(source);
  EXPECT_TRUE((*source)->read()->has_value());
  stop = true;
  EXPECT_FALSE((*source)->read()->has_value());
}

}  // namespace
}  // namespace dualsight
