// The template that this program was built with.
#pragma once
#include <string_view>

namespace ads::cli {

// The text of resources.yaml.
std::string_view builtin_template();

}  // namespace ads::cli
