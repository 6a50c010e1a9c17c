// The models in the tree, as the build embeds them.
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "cloud/operations/model.h"

namespace ads::cloud::operations {
namespace {

std::map<std::string, std::string> models() {
  std::map<std::string, std::string> out;
  for (const auto& entry : std::filesystem::directory_iterator(ADS_SOURCE_DIR "/src/cloud")) {
    std::ifstream file(entry.path() / "model.inc");
    if (!file) continue;
    std::stringstream content;
    content << file.rdbuf();
    auto text = content.str();
    text = text.substr(text.find("R\"model(") + 8);
    out[entry.path().filename()] = text.substr(0, text.find(")model\""));
  }
  return out;
}

void collect(const Shape* shape, std::set<const Shape*>& out) {
  if (shape == nullptr || !out.insert(shape).second) return;
  for (const auto& member : shape->members) collect(member.shape, out);
  collect(shape->key, out);
  collect(shape->element, out);
}

TEST(Models, AreReadToTheLastPattern) {
  const auto found = models();
  ASSERT_TRUE(found.contains("logs"));
  for (const auto& [service, text] : found) {
    Model model(text);
    EXPECT_FALSE(model.version().empty()) << service;
    std::set<const Shape*> shapes;
    for (const auto name : model.names()) collect(model.find(name)->input, shapes);
    EXPECT_GT(shapes.size(), model.names().size()) << service;
    for (const auto* shape : shapes)
      EXPECT_TRUE(shape->pattern.empty() || shape->expression().is_readable()) << service << ": " << shape->pattern;
  }
}

}  // namespace
}  // namespace ads::cloud::operations
