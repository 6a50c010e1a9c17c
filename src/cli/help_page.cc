#include "cli/help_page.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "cli/option_words.h"
#include "cli/text_width.h"

namespace ads::cli {
namespace {

constexpr std::size_t kWidest = 100;     // longer lines are hard to read
constexpr std::size_t kTermColumn = 26;  // where descriptions begin
constexpr std::size_t kNarrowest = 34;   // room that a description beside its term needs

struct Entry {
  std::string term, about;
};

class Page {
 public:
  explicit Page(std::size_t columns) : columns_(std::min(columns, kWidest)) {}

  void paragraph(std::string_view text) {
    for (const auto& line : wrapped(text, columns_)) text_ += line + "\n";
  }
  void section(std::string_view title, const std::vector<Entry>& entries) {
    if (entries.empty()) return;
    text_ += fmt::format("\n{}:\n", title);
    std::size_t widest = 0;
    for (const auto& entry : entries)
      if (auto width = width_of(entry.term); width + 4 <= kTermColumn) widest = std::max(widest, width);
    for (const auto& entry : entries) add(entry, widest + 4);
  }
  std::string take() { return std::move(text_); }

 private:
  void add(const Entry& entry, std::size_t column) {
    bool is_below = columns_ < column + kNarrowest;
    if (is_below) column = 6;
    std::string row = "  " + entry.term;
    if (is_below || width_of(row) + 2 > column) {
      text_ += row + "\n";
      row.clear();
    }
    for (const auto& line : wrapped(entry.about, columns_ > column + 10 ? columns_ - column : 10)) {
      text_ += padded(std::move(row), line.empty() ? 0 : column) + line + "\n";
      row.clear();
    }
  }

  std::size_t columns_;
  std::string text_;
};

Entry entry_of(const CLI::Option& option) {
  std::string term;
  for (const auto& name : names_of(option)) term += (term.empty() ? "" : ", ") + name;
  if (term.empty())
    term = placeholder_of(option);
  else if (takes_value(option))
    term += " " + placeholder_of(option);
  std::string about = option.get_description();
  if (auto usual = option.get_default_str(); !usual.empty()) about += fmt::format(" (default: {})", usual);
  return {term, about};
}

std::vector<Entry> entries_of(const CLI::App& command, bool (*is_wanted)(const CLI::Option&)) {
  std::vector<Entry> entries;
  for (const auto* option : options_of(command))
    if (is_wanted(*option)) entries.push_back(entry_of(*option));
  return entries;
}

bool is_argument(const CLI::Option& option) {
  return names_of(option).empty();
}
bool is_option(const CLI::Option& option) {
  return !is_argument(option);
}
// Of the program's own options those that a command takes too.
bool holds_everywhere(const CLI::Option& option) {
  return is_option(option) && !option.check_lname("help") && !option.check_lname("version");
}

std::string usage_of(const CLI::App& command) {
  std::string text = "Usage: " + full_name(command);
  auto all = options_of(command);
  if (std::any_of(all.begin(), all.end(), [](const auto* option) { return is_option(*option); })) text += " [OPTIONS]";
  for (const auto* option : all)
    if (is_argument(*option)) {
      auto name = placeholder_of(*option);
      text += option->get_required() ? " " + name : " [" + name + "]";
    }
  if (!commands_of(command).empty()) text += " COMMAND";
  return text;
}

}  // namespace

std::string help_page(const CLI::App& command, std::size_t columns) {
  Page page(columns);
  page.paragraph(command.get_description());
  page.paragraph("\n" + usage_of(command));
  std::vector<Entry> commands;
  for (const auto* child : commands_of(command))
    commands.push_back({child->get_name(), first_sentence(child->get_description())});
  page.section("Commands", commands);
  page.section("Arguments", entries_of(command, is_argument));
  page.section("Options", entries_of(command, is_option));
  const CLI::App* program = &command;
  while (program->get_parent() != nullptr) program = program->get_parent();
  if (program != &command) page.section("Options of every command", entries_of(*program, holds_everywhere));
  if (auto footer = command.get_footer(); !footer.empty()) page.paragraph("\n" + footer);
  if (!commands.empty()) page.paragraph(fmt::format("\n`{} COMMAND --help` explains one of them.", full_name(command)));
  return page.take();
}

}  // namespace ads::cli
