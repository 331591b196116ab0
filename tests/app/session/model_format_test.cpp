// A format that a test adds works wherever models are opened; and the session runs every model on one thread, on the
// frames' own pixels.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "app/pipeline/pipeline.h"
#include "app/session/model_lookup.h"
#include "tests/app/support/pipeline_support.h"
#include "tests/app/support/session_support.h"
#include "tests/app/support/toy_format.h"

namespace dualsight {
namespace {

class ToyFormatTest : public SessionTest {
 protected:
  ToyFormatTest() {
    register_toy_format();
    ToyLog::instance().clear();
    toy_ = text("brick.toy", "brick\nball\n");
  }
  // Cameras are fakes, models are not.
  SessionOptions fake_cameras() {
    SessionOptions options = fakes();
    options.open_detector = Detector::open;
    return options;
  }
  std::string toy_;
};

TEST_F(ToyFormatTest, IsOpenedAndListedLikeAnyOther) {
  const auto detector = Detector::open(toy_, {});
  ASSERT_TRUE(detector);
  EXPECT_EQ((*detector)->description().info.name, "brick");
  const Image picture(64, 48);
  const auto found = (*detector)->detect(picture.view());
  ASSERT_TRUE(found);
  ASSERT_EQ(found->detections.size(), 1U);
  EXPECT_FLOAT_EQ(found->detections[0].box.y2, 22);

  const auto info = read_model_info(toy_);
  ASSERT_TRUE(info);
  EXPECT_EQ(info->class_names, (std::vector<std::string>{"brick", "ball"}));
  text("ball.safetensors", "");
  text("notes.txt", "");
  EXPECT_EQ(models_in(folder_), (std::vector<fs::path>{at("ball.safetensors"), at("brick.toy")}));
  EXPECT_EQ(*find_model("brick", {folder_}), fs::path(toy_));
  EXPECT_EQ(detector_formats().front().name, "Dualsight safetensors");
}

TEST_F(ToyFormatTest, BadFilesAreReportedByTheirFormat) {
  EXPECT_EQ(Detector::open(text("empty.toy", ""), {}).error().message, at("empty.toy") + ": a toy without classes");
  const std::string unknown = text("model.bin", "this is no model");  // of no format: as a safetensors file
  const std::string safetensors = text("model.safetensors", "this is no model");
  const Error error = Detector::open(safetensors, {}).error();
  EXPECT_EQ(error.kind, ErrorKind::model);
  const auto without_path = [](const Error& e, const std::string& path) {
    EXPECT_EQ(e.message.find(path), 0U) << e.message;
    return e.message.substr(path.size());
  };
  EXPECT_EQ(without_path(Detector::open(unknown, {}).error(), unknown), without_path(error, safetensors));
  EXPECT_EQ(read_model_info(unknown).error().message, Detector::open(unknown, {}).error().message);
}

TEST_F(ToyFormatTest, RunsInAPipeline) {
  PipelineOptions options;
  options.sources.emplace_back().source.spec = video("clip.avi", 3);
  InferenceThread inference;
  inference.load(toy_, {});
  const auto model = inference.wait_until_ready();
  ASSERT_TRUE(model);
  EXPECT_EQ(model->device, "toy");
  HeaderRecord header;
  header.class_names = model->info.class_names;
  header.thresholds = model->thresholds;
  SinkLog sink_log;
  std::vector<std::unique_ptr<Sink>> sinks;
  sinks.push_back(std::make_unique<FakeSink>(sink_log));
  const std::atomic<bool> stop = false;
  const SummaryRecord summary = run_pipeline(options, header, inference, sinks, stop);
  EXPECT_EQ(summary.frames, 3);
  EXPECT_EQ(summary.objects, (std::vector<int64_t>{3, 0}));
}

// Over two sources and three models.
TEST_F(ToyFormatTest, OneThreadLoadsRunsAndDestroysEveryModelOfASession) {
  ToyLog& toys = ToyLog::instance();
  const auto detections = [&] {
    const std::lock_guard lock(toys.mutex);
    return toys.detected.size();
  };
  {
    Session session(log, fake_cameras());
    for (const char* name : {"front", "back"}) {
      session.open(camera(name));
      for (const std::string& model : {toy_, text("second.toy", "brick\n")}) {
        session.use_model(model, {});
        ASSERT_TRUE(log.until([&] { return !log.models.empty() && log.models.back().file == model; }));
        ASSERT_TRUE(log.model_is(ModelStatus::State::ready));
        const std::size_t before = detections();
        ASSERT_TRUE(soon([&] { return detections() >= before + 3; }));
        ASSERT_TRUE(
            log.until([&] { return log.last_record.source == name && log.last_record.detections.size() == 1; }));
      }
    }
  }
  EXPECT_EQ(toys.opened.size(), 4U);
  EXPECT_EQ(toys.destroyed.size(), 4U);
  std::set<std::thread::id> threads;
  for (const auto* some : {&toys.opened, &toys.detected, &toys.destroyed}) threads.insert(some->begin(), some->end());
  EXPECT_EQ(threads.size(), 1U);
  EXPECT_EQ(threads.count(std::this_thread::get_id()), 0U);
}

TEST_F(ToyFormatTest, TheDetectorSeesTheCamerasPixelsUncopied) {
  // A camera that keeps what it delivered, so that no other picture can be at the same place.
  struct Delivered {
    std::mutex mutex;
    std::vector<cv::Mat> pictures;
  };
  struct KeepingCamera : GreyCamera {
    explicit KeepingCamera(std::shared_ptr<Delivered> d) : GreyCamera("front"), delivered(std::move(d)) {}
    Result<std::optional<Frame>> read() override {
      auto frame = GreyCamera::read();
      const std::lock_guard lock(delivered->mutex);
      delivered->pictures.push_back((*frame)->bgr);
      return frame;
    }
    const std::shared_ptr<Delivered> delivered;
  };
  const auto delivered = std::make_shared<Delivered>();
  SessionOptions options = fake_cameras();
  options.open = [delivered](const SourceSettings&, const SourceOptions&) {
    return Result<std::unique_ptr<Source>>(std::make_unique<KeepingCamera>(delivered));
  };
  {
    Session session(log, options);
    session.use_model(toy_, {});
    session.open(camera());
    ASSERT_TRUE(log.until([&] { return log.result_count >= 5; }));
  }
  std::set<const uint8_t*> places;
  for (const cv::Mat& picture : delivered->pictures) places.insert(picture.data);
  ASSERT_GE(ToyLog::instance().pixels.size(), 5U);
  for (const uint8_t* pixels : ToyLog::instance().pixels) EXPECT_EQ(places.count(pixels), 1U);
}

}  // namespace
}  // namespace dualsight
