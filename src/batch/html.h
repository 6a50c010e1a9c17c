// Pieces of an HTML mail that every mail program shows alike: tables and inline styles, no images, no scripts.
#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ads::batch::html {

enum class Tone { good, warning, bad };

// The whole document around `body`: language, title, a readable width, a line at the bottom.
std::string page(std::string_view title, Tone tone, std::string_view body);
// A coloured line under the title: `label` in bold (the colour is never the only sign), then the sentence.
std::string banner(Tone tone, std::string_view label, std::string_view sentence);
std::string heading(std::string_view text);
std::string paragraph(std::string_view text);

using Rows = std::vector<std::pair<std::string, std::string>>;
// Name and value per row; numbers stand at the right. Texts are escaped here.
enum class Align { left, right };
std::string two_columns(std::string_view caption, const Rows& rows, Align values);
// A table with column headings.
std::string table(std::string_view caption, const std::vector<std::string>& headings,
                  const std::vector<std::vector<std::string>>& rows);
// Large numbers side by side, each over its name.
std::string tiles(const Rows& rows);

}  // namespace ads::batch::html
