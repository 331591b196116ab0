#include "app/session/model_lookup.h"

#include <cstdlib>

#include "detector/network/model_file.h"
#include "tests/app/support/test_support.h"

namespace dualsight {
namespace {

class ModelLookupTest : public TemporaryFolder {
 protected:
  ModelLookupTest() {
    unsetenv("DUALSIGHT_MODELS");
    fs::create_directories(at("tree/models"));
    fs::create_directories(at("tree/build/release/bin"));
    fs::create_directories(at("prefix/share/dualsight/models"));
  }
  ~ModelLookupTest() override { unsetenv("DUALSIGHT_MODELS"); }
  std::string found(const std::string& wanted) {
    const auto model = find_model(wanted, {at("tree/models")});
    return model ? model->filename().string() : model.error().message;
  }
};

TEST_F(ModelLookupTest, SearchesEnvironmentPrefixAndSourceTree) {
  EXPECT_EQ(model_folders(at("tree/build/release/bin/dualsight")).front(), at("tree/models"));
  EXPECT_EQ(model_folders(at("prefix/bin/dualsight")).front(), at("prefix/share/dualsight/models"));
  setenv("DUALSIGHT_MODELS", at("tree").c_str(), 1);
  EXPECT_EQ(model_folders(at("prefix/bin/dualsight")).front(), at("tree"));
}

TEST_F(ModelLookupTest, PrefersDpn92) {
  EXPECT_EQ(found(""), "no shipped model: --model must name one (looked in " + at("tree/models") + ")");
  text("tree/models/resnet18-a.safetensors", "");
  EXPECT_EQ(found(""), "resnet18-a.safetensors");
  text("tree/models/dpn92-b.safetensors", "");
  text("tree/models/dpn92-c.txt", "");
  EXPECT_EQ(found(""), "dpn92-b.safetensors");
  EXPECT_EQ(found("resnet18"), "resnet18-a.safetensors");
}

TEST_F(ModelLookupTest, NamesWhatIsMissing) {
  EXPECT_EQ(found("./x.safetensors"), "./x.safetensors: no such model file");
  EXPECT_EQ(found("vgg"), "vgg: no such model (looked in " + at("tree/models") + ")");
  EXPECT_EQ(find_model("vgg", {}).error().kind, ErrorKind::model);
}

class BetterScoredTest : public TemporaryFolder {
 protected:
  // The test model under another name, with another card.
  std::string model(const std::string& name, const std::string& score, const std::string& first_class = "disc") {
    const auto made = convert_model(DUALSIGHT_TEST_MODEL, at(name), Storage::bfloat16, [&](ModelInfo& info) {
      info.class_names.front() = first_class;
      if (!score.empty()) info.scores["val mAP50"] = score;
      return Result<void>{};
    });
    EXPECT_TRUE(made);
    return at(name);
  }
};

TEST_F(BetterScoredTest, FindsTheHighestOfTheSameClasses) {
  const std::string chosen = model("a.safetensors", "30.5");
  EXPECT_EQ(better_scored(chosen), std::nullopt);  // not itself
  model("b.safetensors", "9.5");                   // less, though not as text
  model("c.safetensors", "");
  model("d.safetensors", "30.5");  // no better
  text("e.safetensors", "this is no model");
  EXPECT_EQ(better_scored(chosen), std::nullopt);
  const std::string best = model("f.safetensors", "41.0");
  model("g.safetensors", "35.0");
  EXPECT_EQ(better_scored(chosen), fs::path(best));
  model("h.safetensors", "99.0", "circle");
  EXPECT_EQ(better_scored(chosen), fs::path(best));
  EXPECT_EQ(better_scored(best), std::nullopt);
}

TEST_F(BetterScoredTest, AnyScoreIsMoreThanNone) {
  const std::string chosen = model("a.safetensors", "");
  const std::string scored = model("b.safetensors", "12.0");
  EXPECT_EQ(better_scored(chosen), fs::path(scored));
  EXPECT_EQ(better_scored(at("missing.safetensors")), std::nullopt);
}

}  // namespace
}  // namespace dualsight
