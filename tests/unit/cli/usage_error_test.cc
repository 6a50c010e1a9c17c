#include "cli/usage_error.h"

#include <gtest/gtest.h>

#include <CLI/CLI.hpp>

#include "cli/choice.h"
#include "cli/help_page.h"
#include "cli/text_width.h"

namespace ads::cli {
namespace {

// A small program of the same build as `ads`.
struct Program {
  CLI::App app{"About.", "ads"};
  std::string output = "text", file, map, run;
  int limit = 0;
  bool is_waiting = false, is_last = false;

  Program() {
    app.require_subcommand(1);
    app.fallthrough();
    add_choice<std::string>(app, "--output", output, "How to print", {{"text", "text"}, {"json", "json"}});
    auto* submit = app.add_subcommand("submit", "Send a batch file to the bucket. More about it.");
    submit->add_option("FILE", file, "A batch file")->required();
    submit->add_flag("--wait", is_waiting, "Wait until the run has ended");
    submit->add_option("--as", map, "The name in the bucket");
    auto* runs = app.add_subcommand("runs", "The newest runs");
    runs->add_option("--limit", limit, "How many")->check(CLI::Range(1, 1000));
    app.add_subcommand("logs", "The logs")->add_option("--since", limit, "Minutes")->check(CLI::PositiveNumber);
    auto* report = app.add_subcommand("report", "The report");
    auto* run_option = report->add_option("RUN", run, "A run");
    report->add_flag("--last", is_last, "The newest")->excludes(run_option);
    auto* users = app.add_subcommand("users", "The users");
    users->require_subcommand(1);
    users->add_subcommand("import", "Import users")->add_option("--map", map, "Columns");
  }

  std::string error_of(std::vector<std::string> words) {
    std::reverse(words.begin(), words.end());
    try {
      app.parse(words);
    } catch (const CLI::ParseError& error) {
      return usage_error(app, error);
    }
    return "none";
  }
};

TEST(UsageError, OneLineThatHelps) {
  const struct {
    std::vector<std::string> words;
    std::string message;
  } cases[] = {
      {{"sumbit", "f"}, "ads has no command 'sumbit': did you mean submit?; `ads --help` lists its commands"},
      {{"sub"}, "ads has no command 'sub': did you mean submit?; `ads --help` lists its commands"},
      {{"frobnicate"}, "ads has no command 'frobnicate'; `ads --help` lists its commands"},
      {{"users", "imprt"},
       "ads users has no command 'imprt': did you mean import?; `ads users --help` lists its commands"},
      {{"users"}, "ads users needs a command; `ads users --help` lists them"},
      {{"submit", "f", "--wiat"},
       "ads submit has no option --wiat: did you mean --wait?; `ads submit --help` lists its options"},
      {{"submit", "--wiat"},
       "ads submit has no option --wiat: did you mean --wait?; `ads submit --help` lists its options"},
      {{"submit", "f", "--ouput=json"},
       "ads submit has no option --ouput: did you mean --output?; `ads submit --help` lists its options"},
      {{"submit", "f", "--zzz"}, "ads submit has no option --zzz; `ads submit --help` lists its options"},
      {{"users", "import", "--maap", "x"},
       "ads users import has no option --maap: did you mean --map?; `ads users import --help` lists its options"},
      {{"sumbit", "f", "--wait"}, "ads has no command 'sumbit': did you mean submit?; `ads --help` lists its commands"},
      {{"report", "a", "b", "--lsat"},
       "ads report has no option --lsat: did you mean --last?; `ads report --help` lists its options"},
      {{"--outptu", "json", "runs"},
       "ads runs has no option --outptu: did you mean --output?; `ads runs --help` lists its options"},
      {{"submit"}, "ads submit needs FILE; see `ads submit --help`"},
      {{"submit", "a", "b"}, "ads submit takes no further argument: 'b' is one too many; see `ads submit --help`"},
      {{"submit", "f", "--as"}, "--as needs a value; see `ads submit --help`"},
      {{"--output", "yaml", "runs"}, "--output yaml: it must be text or json; see `ads runs --help`"},
      {{"runs", "--limit", "0"}, "--limit: 0 is outside the range 1 to 1000; see `ads runs --help`"},
      {{"logs", "--since", "0"}, "--since: 0 must be more than 0; see `ads logs --help`"},
      {{"runs", "--limit", "abc"}, "--limit: 'abc' is not a number; see `ads runs --help`"},
      {{"report", "r", "--last"}, "RUN and --last exclude each other: give one of them; see `ads report --help`"},
  };
  for (const auto& one : cases) {
    Program program;
    EXPECT_EQ(program.error_of(one.words), one.message);
  }
}

TEST(HelpPage, ListsTheOptionsThatHoldEverywhere) {
  Program program;
  auto page = help_page(*program.app.get_subcommand("submit"), 80);
  EXPECT_NE(page.find("Usage: ads submit [OPTIONS] FILE\n"), page.npos) << page;
  EXPECT_NE(page.find("Options of every command:\n  --output text|json"), page.npos) << page;
  EXPECT_EQ(help_page(program.app, 80).find("Options of every command"), std::string::npos);
}

TEST(HelpPage, FitsTheTerminal) {
  for (std::size_t columns : {40, 80}) {
    Program program;
    for (const auto* command : program.app.get_subcommands({}))
      for (const auto& line : wrapped(help_page(*command, columns), 1000)) EXPECT_LE(width_of(line), columns) << line;
  }
}

}  // namespace
}  // namespace ads::cli
