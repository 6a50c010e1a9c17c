#include <fmt/core.h>

#include <CLI/CLI.hpp>

#include "base/encoding.h"
#include "cli/commands.h"
#include "cli/printable.h"
#include "cli/session.h"
#include "cli/terminal.h"

namespace ads::cli {
namespace {

struct MailFlags {
  std::string id, to;
  bool is_html = false;
};

std::string addresses(const json::object& message) {
  std::string list;
  if (const auto* destination = get_object(message, "Destination"))
    for (const char* field : {"ToAddresses", "CcAddresses", "BccAddresses"})
      if (const auto* array = get_array(*destination, field))
        for (const auto& address : *array)
          if (address.is_string()) list += (list.empty() ? "" : ", ") + std::string(address.as_string());
  return list;
}

// The mailbox of the local cloud: AWS has none, there the mail is where its recipient reads it.
Task<Result<json::array>> read_mailbox(Session& session, MailFlags flags) {
  auto connection = session.connection();
  if (!connection) co_return fail(connection.error());
  auto endpoint = (*connection)->endpoint({"sesv2", "email", "ses"});
  if (!endpoint) co_return fail(endpoint.error());
  if (endpoint->kind == aws::Endpoint::Kind::amazon)
    co_return fail(
        ErrorKind::invalid, "NoMailbox",
        "only the local cloud keeps mails to be read: eval \"$(ads env)\" first. On AWS the report is in the "
        "mailbox of ReportTo, and `ads report --last` shows it");
  http::Request request;
  request.target = "/_aws/ses";
  std::string query;
  if (!flags.id.empty()) query += "&id=" + percent_encode(flags.id);
  if (!flags.to.empty()) query += "&email=" + percent_encode(flags.to);
  if (!query.empty()) request.target += "?" + query.substr(1);
  static constexpr aws::ServiceName kMailbox{"sesv2", "email", "ses"};
  auto response = co_await (*connection)
                      ->send({kMailbox, "GetMailbox", aws::Protocol::rest_json}, endpoint->origin, std::move(request));
  if (!response) co_return fail(response.error());
  auto object = parse_json_object(response->body);
  if (!object)
    co_return fail(ErrorKind::unavailable, "NoMailbox", fmt::format("{} has no mailbox", endpoint->origin.authority()));
  const auto* messages = get_array(*object, "messages");
  co_return messages ? *messages : json::array{};
}

Task<int> show_mail(Session& session, MailFlags flags) {
  auto messages = co_await read_mailbox(session, flags);
  if (!messages) co_return report_error(session, messages.error());
  if (session.is_json()) {
    print_json(json::object{{"messages", *messages}});
    co_return kSuccess;
  }
  if (messages->empty()) {
    print_text(!flags.to.empty() && flags.id.empty() ? fmt::format("No mail to {}.\n", printable(flags.to))
               : flags.id.empty()
                   ? "No mail yet: reports are mailed from the stack's ReportFrom to its ReportTo (`ads doctor`).\n"
                   : fmt::format("No mail with the id {}.\n", printable(flags.id)));
    co_return flags.id.empty() ? kSuccess : kFailure;
  }
  for (const auto& value : *messages) {
    const auto* message = value.if_object();
    if (!message) continue;
    std::string_view id = get_string(*message, "Id").value_or("");
    std::string_view subject = get_string(*message, "Subject").value_or("");
    std::string_view time = get_string(*message, "Timestamp").value_or("");
    if (flags.id.empty()) {
      print_text(fmt::format("{}  {}  to {}\n    {}\n", id, time, printable(addresses(*message)), printable(subject)));
      continue;
    }
    const auto* body = get_object(*message, "Body");
    std::string_view text = body ? get_string(*body, flags.is_html ? "html_part" : "text_part").value_or("") : "";
    if (flags.is_html)
      print_text(text);
    else
      print_text(fmt::format("From:    {}\nTo:      {}\nDate:    {}\nSubject: {}\n\n{}\n",
                             printable(get_string(*message, "Source").value_or("")), printable(addresses(*message)),
                             time, printable(subject), text));
  }
  co_return kSuccess;
}

}  // namespace

void add_mail(CLI::App& program, Session& session) {
  auto flags = std::make_shared<MailFlags>();
  auto* command = program.add_subcommand("mail", "The mails that the local cloud took: a list, or one of them");
  command->add_option("ID", flags->id, "Show this mail whole");
  command->add_option("--to", flags->to, "Only mails to this address");
  command->add_flag("--html", flags->is_html, "Print the HTML part of the mail instead of the text");
  command->callback([&session, flags] { session.action = [&session, flags] { return show_mail(session, *flags); }; });
}

}  // namespace ads::cli
