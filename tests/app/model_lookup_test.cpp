#include "app/model_lookup.h"

#include <cstdlib>

#include "tests/app/test_support.h"

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

}  // namespace
}  // namespace dualsight
