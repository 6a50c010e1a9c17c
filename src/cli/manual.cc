#include "cli/manual.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/option_words.h"
#include "cli/session.h"

namespace ads::cli {
namespace {

constexpr std::string_view kEnvironment = R"(.TP
.BR AWS_ENDPOINT_URL ", " AWS_ENDPOINT_URL_ \fISERVICE\fR
Where the services are; without it, AWS.
.B ads env
prints it for the local cloud that is running.
.TP
.BR AWS_REGION ", " AWS_DEFAULT_REGION ", " AWS_PROFILE
As in every client of AWS.
.TP
.BR AWS_ACCESS_KEY_ID ", " AWS_SECRET_ACCESS_KEY ", " AWS_SESSION_TOKEN
Credentials; else those of the profile, of the container or of the instance.
.TP
.BR AWS_CONFIG_FILE ", " AWS_SHARED_CREDENTIALS_FILE
In place of
.IR ~/.aws/config " and " ~/.aws/credentials .
.TP
.BR AWS_CA_BUNDLE ", " SSL_CERT_FILE
The certificates to trust, in place of the system's.
.TP
.BR XDG_DATA_HOME ", " XDG_RUNTIME_DIR
Where the local cloud keeps its data, and where the running ones are announced.
)";

constexpr std::string_view kFiles = R"(.TP
.I /usr/share/ads/function-x86_64.zip\fR, \fI/usr/share/ads/function-arm64.zip
The function, as
.B ads deploy
uploads it.
.TP
.I /usr/share/ads/resources.yaml
The template of the stack, as
.B ads deploy
uses it.
)";

// Text in roff: a hyphen is a minus, a backslash is itself, and no line begins with a request by accident.
std::string roff(std::string_view text) {
  std::string out;
  bool is_line_start = true;
  for (char c : text) {
    if (is_line_start && (c == '.' || c == '\'')) out += "\\&";
    if (c == '\\')
      out += "\\e";
    else if (c == '-')
      out += "\\-";
    else
      out += c;
    is_line_start = c == '\n';
  }
  return out;
}

// Lines that begin with a space are examples: they keep their layout.
std::string paragraphs(std::string_view text) {
  std::string out;
  bool is_example = false;
  for (std::size_t at = 0; at < text.size();) {
    auto end = std::min(text.find('\n', at), text.size());
    auto line = text.substr(at, end - at);
    at = end + 1;
    bool starts_example = line.starts_with(' ');
    if (starts_example != is_example) out += starts_example ? ".PP\n.RS 4\n.nf\n" : ".fi\n.RE\n";
    if (line.empty())
      out += ".PP\n";
    else
      out += (starts_example || is_example || out.empty() || out.ends_with(".PP\n") ? "" : ".br\n") + roff(line) + "\n";
    is_example = starts_example;
  }
  return out + (is_example ? ".fi\n.RE\n" : "");
}

std::string option_entries(const CLI::App& command) {
  std::string text;
  for (const auto* option : options_of(command)) {
    std::string names;
    for (const auto& name : names_of(*option)) names += (names.empty() ? "\\fB" : ", \\fB") + roff(name) + "\\fR";
    if (names.empty())
      names = "\\fI" + roff(placeholder_of(*option)) + "\\fR";
    else if (takes_value(*option))
      names += " \\fI" + roff(placeholder_of(*option)) + "\\fR";
    text += ".TP\n" + names + "\n" + roff(option->get_description());
    if (!option->get_default_str().empty()) text += "\n(default: " + roff(option->get_default_str()) + ")";
    text += "\n";
  }
  return text;
}

std::string command_sections(const CLI::App& program) {
  std::string text;
  for (const auto* command : commands_of(program)) {
    if (auto children = commands_of(*command); !children.empty()) {
      text += command_sections(*command);
      continue;
    }
    std::string synopsis = roff(full_name(*command));
    for (const auto* option : options_of(*command))
      if (names_of(*option).empty())
        synopsis +=
            option->get_required() ? " " + roff(placeholder_of(*option)) : " [" + roff(placeholder_of(*option)) + "]";
    text += ".SS \"" + synopsis + "\"\n" + paragraphs(command->get_description()) + option_entries(*command);
  }
  return text;
}

}  // namespace

std::string manual_page(const CLI::App& program) {
  std::string about = program.get_description();
  return fmt::format(".TH ADS 1 \"\" \"ads {}\" \"User Commands\"\n", ADS_VERSION) +
         ".SH NAME\nads \\- answer failed directory requests in bulk, on AWS or on a local cloud\n"
         ".SH SYNOPSIS\n.B ads\n[\\fIoptions\\fR] \\fIcommand\\fR [\\fIarguments\\fR]\n"
         ".SH DESCRIPTION\n" +
         paragraphs(about) + ".SH OPTIONS\nThey may stand before or after the command.\n" + option_entries(program) +
         ".SH COMMANDS\n" + command_sections(program) + ".SH ENVIRONMENT\n" + std::string(kEnvironment) +
         ".SH FILES\n" + std::string(kFiles) +
         fmt::format(
             ".SH EXIT STATUS\n.TP\n.B {}\nDone; of a run: all records answered.\n.TP\n.B {}\nIt failed; standard "
             "error says "
             "why and what to do next.\n.TP\n.B {}\nThe command line is wrong.\n.TP\n.B {}\nThe run is done, with "
             "lines in "
             "quarantine; of a check: it would be.\n",
             kSuccess, kFailure, kUsage, kDoneInPart) +
         ".SH SEE ALSO\n.BR aws (1)\n";
}

}  // namespace ads::cli
