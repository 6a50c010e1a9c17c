#include "cli/change_list.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "cli/text_width.h"

namespace ads::cli {
namespace {

namespace cfn = aws::cloudformation;

constexpr std::size_t kLongestValue = 60;

struct Holding {
  std::string_view type, what;
};
constexpr std::array kHoldings{
    Holding{"AWS::DynamoDB::Table", "items"},
    Holding{"AWS::DynamoDB::GlobalTable", "items"},
    Holding{"AWS::S3::Bucket", "objects"},
    Holding{"AWS::SQS::Queue", "messages"},
    Holding{"AWS::SNS::Topic", "subscriptions"},
    Holding{"AWS::Logs::LogGroup", "log events"},
    Holding{"AWS::KMS::Key", "the key to what it encrypted"},
    Holding{"AWS::SecretsManager::Secret", "a secret"},
    Holding{"AWS::SSM::Parameter", "a value"},
    Holding{"AWS::SES::EmailIdentity", "a verification"},
    Holding{"AWS::Kinesis::Stream", "records"},
    Holding{"AWS::RDS::DBInstance", "a database"},
    Holding{"AWS::RDS::DBCluster", "a database"},
    Holding{"AWS::EFS::FileSystem", "files"},
};

std::string_view sign_of(ChangeKind kind) {
  switch (kind) {
    case ChangeKind::add:
      return "+";
    case ChangeKind::modify:
      return "~";
    case ChangeKind::maybe_replace:
    case ChangeKind::replace:
      return "!";
    case ChangeKind::remove:
      return "-";
    case ChangeKind::import:
      return ">";
  }
  return "?";
}

std::string_view word_of(ChangeKind kind) {
  switch (kind) {
    case ChangeKind::add:
      return "add";
    case ChangeKind::modify:
      return "modify";
    case ChangeKind::maybe_replace:
      return "replace if need be";
    case ChangeKind::replace:
      return "replace";
    case ChangeKind::remove:
      return "remove";
    case ChangeKind::import:
      return "import";
  }
  return "change";
}

std::string shortened(const std::string& value) {
  auto line = value.substr(0, value.find('\n'));
  auto text = cut(line, kLongestValue);
  return text.size() < value.size() ? text + "..." : text;
}

// "MemorySize: 512 -> 1024", or as much of it as the service says.
std::string describe(const cfn::PropertyChange& change) {
  std::string name = change.attribute == "Properties" ? change.name : change.attribute;
  if (change.path.starts_with("/Properties/")) {
    name = change.path.substr(12);
    std::ranges::replace(name, '/', '.');
  }
  std::string text = name.empty() ? std::string("something") : name;
  if (change.before && change.after)
    text += fmt::format(": {} -> {}", shortened(*change.before), shortened(*change.after));
  else if (change.after)
    text += fmt::format(": {}", shortened(*change.after));
  else if (change.before)
    text += fmt::format(": {} -> nothing", shortened(*change.before));
  if (change.recreation == "Always") text += "   (cannot be changed in place)";
  if (change.recreation == "Conditionally") text += "   (may not be changeable in place)";
  return text;
}

// What is lost where a resource goes, or a new one takes its place.
std::optional<Line> warning_about(const cfn::Change& change, ChangeKind kind) {
  auto what = holdings(change.resource_type);
  if (what.empty() || kind == ChangeKind::add || kind == ChangeKind::modify || kind == ChangeKind::import)
    return std::nullopt;
  bool is_kept = change.policy_action.ends_with("Retain") || change.policy_action.ends_with("Snapshot");
  std::string fate = change.policy_action.empty() ? "is deleted, unless the template's policy retains it"
                     : is_kept                    ? "is kept, and no longer the stack's"
                     : change.resource_type == "AWS::S3::Bucket"
                         ? "is deleted if it is empty, and left behind if it is not"
                         : "is deleted with what is in it";
  std::string text = kind == ChangeKind::remove
                         ? fmt::format("      WARNING: it holds {}. It {}.", what, fate)
                         : fmt::format("      WARNING: it holds {}. {} one starts empty; the old one {}.", what,
                                       kind == ChangeKind::replace ? "The new" : "If it is replaced, the new", fate);
  return Line{text, is_kept ? Tone::warning : Tone::danger};
}

}  // namespace

ChangeKind kind_of(const cfn::Change& change) {
  if (change.action == "Add") return ChangeKind::add;
  if (change.action == "Remove") return ChangeKind::remove;
  if (change.action == "Import") return ChangeKind::import;
  if (change.replacement == "True") return ChangeKind::replace;
  if (change.replacement == "Conditional" || change.action == "Dynamic") return ChangeKind::maybe_replace;
  return ChangeKind::modify;
}

std::string_view holdings(std::string_view resource_type) {
  for (const auto& [type, what] : kHoldings)
    if (type == resource_type) return what;
  return {};
}

std::vector<Line> describe_changes(std::span<const cfn::Change> changes) {
  std::size_t width = 0;
  for (const auto& change : changes) width = std::max(width, change.logical_id.size());
  std::vector<Line> lines;
  for (const auto& change : changes) {
    auto kind = kind_of(change);
    std::string note = kind == ChangeKind::replace         ? "   replaced by a new one"
                       : kind == ChangeKind::maybe_replace ? "   may be replaced by a new one"
                       : kind == ChangeKind::remove        ? "   removed"
                       : kind == ChangeKind::import ? fmt::format("   {} exists and is taken over", change.physical_id)
                                                    : "";
    Tone tone = kind == ChangeKind::add      ? Tone::good
                : kind == ChangeKind::modify ? Tone::plain
                : kind == ChangeKind::import ? Tone::plain
                                             : Tone::warning;
    lines.push_back(
        {fmt::format("  {} {:<{}}  {}{}", sign_of(kind), change.logical_id, width, change.resource_type, note), tone});
    std::set<std::string> said;  // one property may have several causes
    for (const auto& detail : change.details)
      if (auto text = describe(detail); said.insert(text).second) lines.push_back({"      " + text, Tone::plain});
    if (auto warning = warning_about(change, kind)) lines.push_back(*warning);
  }
  return lines;
}

std::string summarise(std::span<const cfn::Change> changes) {
  std::map<ChangeKind, int> counts;
  for (const auto& change : changes) ++counts[kind_of(change)];
  std::string out;
  for (const auto& [kind, count] : counts)
    out += fmt::format("{}{} to {}", out.empty() ? "" : ", ", count, word_of(kind));
  return out.empty() ? "nothing but the stack's own settings" : out;
}

json::array changes_json(std::span<const cfn::Change> changes) {
  json::array out;
  for (const auto& change : changes) {
    json::object object{
        {"change", word_of(kind_of(change))}, {"logicalId", change.logical_id}, {"type", change.resource_type}};
    json::array details;
    for (const auto& detail : change.details) details.emplace_back(describe(detail));
    if (!details.empty()) object["details"] = std::move(details);
    if (auto warning = warning_about(change, kind_of(change))) object["warning"] = warning->text.substr(15);
    out.push_back(std::move(object));
  }
  return out;
}

}  // namespace ads::cli
