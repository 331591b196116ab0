#include "app/sources/source.h"

#include <sys/stat.h>

#include <thread>

#include "tests/app/support/video_support.h"

namespace dualsight {
namespace {

struct Callback {
  State state;
  std::string message, file;
};

class SourceTest : public TemporaryFolder {
 protected:
  static SourceSettings settings(const std::string& spec) {
    SourceSettings made;
    made.spec = spec;
    return made;
  }

  // Everything a source delivers until its end or failure.
  struct Read {
    std::vector<Frame> frames;
    std::string error;
    std::vector<Callback> told;
    SourceInfo info;
  };

  static Read read_all(const std::string& spec) {
    Read result;
    SourceOptions options;
    options.on_status = [&](State state, const std::string& message, const std::string& file) {
      result.told.push_back({state, message, file});
    };
    auto source = open_source(settings(spec), options);
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
  EXPECT_EQ(read.told[0].state, State::skipped);
  EXPECT_EQ(read.told[0].file, at("b.png"));
  EXPECT_EQ(read.told[0].message, at("b.png") + ": is not a picture, or a damaged one");
}

// What is in a folder beside pictures ends nothing, and is named where its name says that it is a picture.
TEST_F(SourceTest, PipesLinksAndUnknownFormatsAreNamedAndSkipped) {
  picture("a.png");
  ASSERT_EQ(mkfifo(at("b.jpg").c_str(), 0600), 0);  // reading it would wait for ever
  fs::create_symlink("c.jpg", at("c.jpg"));         // to itself
  fs::create_symlink("nowhere.jpg", at("d.jpg"));
  text("e.HEIC", std::string("\0\0\0\x18"
                             "ftypheic\0\0\0\0mif1heic",
                             24));
  text("f.avif", std::string("\0\0\0\x18"
                             "ftypavif\0\0\0\0mif1avif",
                             24));
  fs::create_directory(at("g.jpg"));
  const Read read = read_all(folder_.string());
  EXPECT_EQ(read.error, "");
  ASSERT_EQ(read.frames.size(), 1U);
  ASSERT_EQ(read.told.size(), 5U);
  for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(read.told[i].state, State::skipped) << i;
  EXPECT_EQ(read.told[0].message, at("b.jpg") + ": is neither a file nor a link to one");
  EXPECT_EQ(read.told[1].file, at("c.jpg"));
  EXPECT_EQ(read.told[2].message, at("d.jpg") + ": cannot be read: No such file or directory");
  EXPECT_EQ(read.told[3].message, at("e.HEIC") + ": is not a picture, or a damaged one");
}

TEST_F(SourceTest, WebpAndGifAreRead) {
  const std::string make = "ffmpeg -v error -f lavfi -i color=0x00FF00:s=200x100:d=0.2:r=10 ";
  for (const std::string how : {"-frames:v 1 -c:v libwebp -lossless 1 a.webp", "b.gif"}) {
    if (std::system(("cd " + folder_.string() + " && " + make + how + " 2> log").c_str()) != 0) {
      GTEST_SKIP() << "ffmpeg cannot make " << how << ": " << contents(at("log"));
    }
  }
  const Read read = read_all(folder_.string());
  EXPECT_EQ(read.error, "");
  ASSERT_EQ(read.frames.size(), 2U);  // of the GIF its first picture
  for (const Frame& frame : read.frames) {
    EXPECT_EQ(frame.bgr.size(), cv::Size(200, 100));
    const auto pixel = frame.bgr.at<cv::Vec3b>(99, 199);
    EXPECT_NEAR(pixel[0], 0, 8) << frame.file;
    EXPECT_NEAR(pixel[1], 255, 8) << frame.file;
    EXPECT_NEAR(pixel[2], 0, 8) << frame.file;
  }
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

// As ffmpeg turns them.
TEST_F(SourceTest, TurnedVideosStandUpright) {
  const std::string plain = at("plain.mp4");
  output_of("ffmpeg -v error -f lavfi -i testsrc=size=96x64:rate=10:duration=0.5 -c:v mpeg4 -q:v 2 '" + plain + "'");
  for (const int degrees : {0, 90, 180, 270}) {
    const std::string name = std::to_string(degrees);
    const std::string video = at(name + ".mp4");
    output_of("ffmpeg -v error -i '" + plain + "' -c copy -metadata:s:v rotate=" + name + " '" + video + "'");
    const cv::Size size = degrees % 180 == 0 ? cv::Size(96, 64) : cv::Size(64, 96);
    const std::vector<cv::Mat> truth = frames_of(video, size);
    const Read read = read_all(video);
    ASSERT_EQ(read.frames.size(), truth.size()) << read.error;
    for (std::size_t i = 0; i < truth.size(); ++i) {
      ASSERT_EQ(read.frames[i].bgr.size(), size) << degrees;
      // The programs make colours of half-size planes in different ways; turned wrongly it is 200.
      EXPECT_LT(cv::norm(read.frames[i].bgr, truth[i], cv::NORM_L1) / size.area() / 3, 12) << degrees;
    }
  }
}

TEST_F(SourceTest, FramesKeepTheirPixelsWhenTheNextIsRead) {
  const auto source = open_source(settings(video("v.avi", 20)));
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
    EXPECT_EQ(read.told[0].state, State::truncated);
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
  EXPECT_EQ(read.error, "http://***@127.0.0.1:1/video: nothing listens at that port (connection refused)");
}

TEST_F(SourceTest, CheckFindsMistakesWithoutReading) {
  EXPECT_TRUE(check_source(settings(picture("a.png"))));
  EXPECT_TRUE(check_source(settings(folder_.string())));
  EXPECT_TRUE(check_source(settings("rtsp://nowhere.invalid/x")));  // streams are not contacted
  EXPECT_FALSE(check_source(settings(at("none.png"))));
  EXPECT_FALSE(check_source(settings("/dev/video97")));
}

TEST_F(SourceTest, SourcesAreNamedAfterWhatTheyAre) {
  const auto name = [](const std::string& spec) { return source_name(settings(spec)); };
  EXPECT_EQ(name("3"), "cam3");
  EXPECT_EQ(name("/dev/video3"), "cam3");
  EXPECT_EQ(name("/dev/v4l/by-id/usb-Door-video-index0"), "usb-Door-video-index0");
  EXPECT_EQ(name("rtsp://user:pw@host/x"), "rtsp://***@host/x");
  EXPECT_EQ(name("gst:rtspsrc location=rtsp://user:pw@host/x user-pw=b"),
            "gst:rtspsrc location=rtsp://***@host/x user-pw=***");
  EXPECT_EQ(name(folder_.string() + "/."), folder_.filename().string());
  EXPECT_EQ(name(video("v.avi", 1)), "v.avi");
  EXPECT_EQ(name(at("dog*.png")), at("dog*.png"));
  SourceSettings door = settings("3");
  door.name = "door";
  EXPECT_EQ(source_name(door), "door");
}

TEST_F(SourceTest, CamerasAddressesAndPipelinesAreLive) {
  for (const char* spec : {"0", "/dev/video0", "/dev/v4l/by-id/x", "rtsp://h/x", "rtsps://h/x", "http://h/x",
                           "https://h/x", "HTTP://h/x", "gst:videotestsrc"}) {
    EXPECT_TRUE(is_live(spec)) << spec;
  }
  for (const char* spec : {"./0", "clip.mp4", "folder", "*.png", ""}) EXPECT_FALSE(is_live(spec)) << spec;
}

TEST_F(SourceTest, VideosOfVaryingRateKeepTheContainersTimes) {
  const std::string make =
      "ffmpeg -v error -f lavfi -i testsrc=size=64x48:rate=10:duration=3 -vf "
      "\"settb=1/1000,setpts='N*100+mod(N*N,7)*10+gte(N,15)*1000'\" -vsync passthrough -enc_time_base 1:1000 ";
  if (std::system("ffmpeg -version > /dev/null 2>&1") != 0) GTEST_SKIP() << "there is no ffmpeg to make videos with";
  // Times of every kind: pictures in order, and in another order than they are decoded in (B-frames).
  for (const std::string how : {"-c:v mjpeg plain.mkv", "-c:v mpeg4 -bf 2 b.mkv", "-c:v mpeg4 -bf 2 b.mp4"}) {
    const std::string name = how.substr(how.rfind(' ') + 1);
    if (std::system(("cd " + folder_.string() + " && " + make + how + " 2> log").c_str()) != 0) {
      GTEST_SKIP() << "ffmpeg cannot make " << how << ": " << contents(at("log"));
    }
    const Read read = read_all(at(name));
    ASSERT_EQ(read.frames.size(), 30U) << name << read.error;
    EXPECT_TRUE(read.told.empty()) << read.told[0].message;  // 30 frames in 4 s are no damage
    for (int i = 0; i < 30; ++i) {
      const double expected = i * 100 + i * i % 7 * 10 + (i >= 15 ? 1000 : 0);
      EXPECT_NEAR(read.frames[static_cast<std::size_t>(i)].pts_ms.value(), expected, 1.01) << name << " " << i;
    }
  }
}

TEST_F(SourceTest, DamageInTheMiddleLosesTheDamagedFramesOnly) {
  std::string bytes = contents(video("v.mkv", 60));
  const std::string jpeg_start = "\xFF\xD8\xFF", jpeg_end = "\xFF\xD9";
  std::size_t end = 0;
  for (int frame = 0; frame < 30; ++frame) {
    const std::size_t begin = bytes.find(jpeg_start, end);
    end = bytes.find(jpeg_end, begin);
    if (frame >= 20) bytes.replace(begin, end - begin, end - begin, 'x');  // a picture no more
  }
  const Read read = read_all(text("damaged.mkv", bytes));
  EXPECT_EQ(read.error, "");
  EXPECT_EQ(read.frames.size(), 50U);
  ASSERT_EQ(read.told.size(), 1U);
  EXPECT_EQ(read.told[0].state, State::truncated);
  EXPECT_NEAR(read.frames.back().pts_ms.value(), 5900, 0.5);
}

TEST_F(SourceTest, NoiseIsSurvived) {
  const std::string good = contents(video("v.avi", 30));
  for (unsigned seed = 1; seed <= 20; ++seed) {
    std::string bytes = good;
    std::srand(seed);
    for (int i = 0; i < 50; ++i) bytes[static_cast<std::size_t>(std::rand()) % bytes.size()] ^= static_cast<char>(seed);
    const Read read = read_all(text("noise.avi", bytes));
    EXPECT_LE(read.frames.size(), 40U);
    double last = -1;
    for (const Frame& frame : read.frames) {
      EXPECT_GE(frame.pts_ms.value(), last);
      last = *frame.pts_ms;
    }
  }
}

TEST_F(SourceTest, PipelinesThatCannotWorkAreNamed) {
  EXPECT_EQ(read_all("gst: ").error, "gst: : the pipeline is empty");
  if (!check_source(settings("gst:videotestsrc"))) GTEST_SKIP() << "OpenCV has no GStreamer here";
  EXPECT_EQ(read_all("gst:nosuchsrc user-pw=secret ! videoconvert").error,
            "gst:nosuchsrc user-pw=*** ! videoconvert: no element \"nosuchsrc\"");
  EXPECT_FALSE(check_source(settings("gst:videotestsrc ! ! x")));
  EXPECT_FALSE(check_source(settings("gst:videotestsrc pattern=(")));
}

}  // namespace
}  // namespace dualsight
