#include "cloud/sqs/settings.h"

#include <charconv>
#include <span>

#include "cloud/access_policy.h"
#include "cloud/sqs/errors.h"

namespace ads::cloud::sqs {
namespace {

// The policy as SetQueueAttributes takes it. Errors: InvalidAttributeValue.
Outcome<std::string> check_policy(const std::string& document) {
  if (document.empty()) return document;
  if (auto policy = access::parse_policy(document, access::PolicyKind::resource); !policy) {
    return refuse(invalid_attribute_value("Invalid value for the parameter Policy. Reason: " + policy.error().message));
  }
  return document;
}

struct Range {
  std::string_view name;
  std::int64_t least, most;
  std::string_view fallback;
};

constexpr Range kRanges[] = {
    {"DelaySeconds", 0, 900, "0"},
    {"MaximumMessageSize", 1024, 1'048'576, "1048576"},
    {"MessageRetentionPeriod", 60, 1'209'600, "345600"},
    {"ReceiveMessageWaitTimeSeconds", 0, 20, "0"},
    {"VisibilityTimeout", 0, 43'200, "30"},
    {"KmsDataKeyReusePeriodSeconds", 60, 86'400, ""},
};

constexpr std::string_view kComputed[] = {
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
    "CreatedTimestamp",
    "LastModifiedTimestamp",
    "QueueArn",
};

constexpr std::string_view kOther[] = {
    "Policy",
    "RedrivePolicy",
    "RedriveAllowPolicy",
    "KmsMasterKeyId",
    "SqsManagedSseEnabled",
    "FifoQueue",
    "ContentBasedDeduplication",
    "DeduplicationScope",
    "FifoThroughputLimit",
};

const Range* find_range(std::string_view name) {
  for (const Range& range : kRanges) {
    if (range.name == name) return &range;
  }
  return nullptr;
}

bool contains(std::span<const std::string_view> names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return {};
  return value;
}

std::int64_t number_of(const Attributes& attributes, std::string_view name) {
  const auto found = attributes.find(name);
  const std::string_view text =
      found == attributes.end() ? find_range(name)->fallback : std::string_view(found->second);
  return whole_number(text).value_or(0);
}

bool is_true(const Attributes& attributes, std::string_view name) {
  const auto found = attributes.find(name);
  return found != attributes.end() && found->second == "true";
}

WireError bad_value(std::string_view name) {
  return invalid_attribute_value(fmt::format("Invalid value for the parameter {}.", name));
}

WireError bad_policy(std::string_view name, std::string_view value, std::string_view reason) {
  return invalid_parameter(name, value, reason);
}

// maxReceiveCount comes as a number or as its text.
std::optional<std::int64_t> receive_count(const json::object& policy) {
  const auto* value = policy.if_contains("maxReceiveCount");
  if (!value) return {};
  if (value->is_int64()) return value->get_int64();
  if (value->is_string()) return whole_number(value->get_string());
  return {};
}

Outcome<std::string> check_redrive(const std::string& value) {
  auto policy = parse_json_object(value);
  if (!policy) return refuse(bad_policy("RedrivePolicy", value, "Redrive policy is not a valid JSON map."));
  for (const auto& member : *policy) {
    if (member.key() != "deadLetterTargetArn" && member.key() != "maxReceiveCount") {
      return refuse(bad_policy("RedrivePolicy", value,
                               "Only following attributes are supported: [deadLetterTargetArn, maxReceiveCount]."));
    }
  }
  const auto arn = get_string(*policy, "deadLetterTargetArn");
  if (!arn)
    return refuse(bad_policy("RedrivePolicy", value,
                             "Redrive policy does not contain mandatory attribute: deadLetterTargetArn."));
  if (!policy->contains("maxReceiveCount")) {
    return refuse(
        bad_policy("RedrivePolicy", value, "Redrive policy does not contain mandatory attribute: maxReceiveCount."));
  }
  if (!arn->starts_with("arn:aws:sqs:") || std::count(arn->begin(), arn->end(), ':') != 5) {
    return refuse(bad_policy("RedrivePolicy", value, "Invalid value for deadLetterTargetArn."));
  }
  const auto count = receive_count(*policy);
  if (!count || *count < 1 || *count > 1000) {
    const auto* given = policy->if_contains("maxReceiveCount");
    return refuse(
        bad_policy("RedrivePolicy", value,
                   fmt::format("Invalid value for maxReceiveCount: {}, valid values are from 1 to 1000 both inclusive.",
                               given->is_string() ? std::string(given->get_string()) : json::serialize(*given))));
  }
  return json::serialize(json::object{{"deadLetterTargetArn", *arn}, {"maxReceiveCount", *count}});
}

Outcome<std::string> check_redrive_allow(const std::string& value) {
  auto policy = parse_json_object(value);
  if (!policy) return refuse(bad_policy("RedriveAllowPolicy", value, "Redrive allow policy is not a valid JSON map."));
  const auto permission = get_string(*policy, "redrivePermission").value_or("");
  const auto* sources = get_array(*policy, "sourceQueueArns");
  if (permission != "allowAll" && permission != "denyAll" && permission != "byQueue") {
    return refuse(bad_policy("RedriveAllowPolicy", value, "redrivePermission must be allowAll, denyAll or byQueue."));
  }
  if (permission == "byQueue" && (!sources || sources->empty() || sources->size() > 10)) {
    return refuse(bad_policy("RedriveAllowPolicy", value, "byQueue needs sourceQueueArns with 1 to 10 queue ARNs."));
  }
  if (permission != "byQueue" && sources) {
    return refuse(bad_policy("RedriveAllowPolicy", value,
                             "sourceQueueArns may be given only where redrivePermission is byQueue."));
  }
  return value;
}

Outcome<std::string> check_value(std::string_view name, const std::string& value) {
  if (const Range* range = find_range(name)) {
    const auto number = whole_number(value);
    if (!number || *number < range->least || *number > range->most) return refuse(bad_value(name));
    return std::to_string(*number);
  }
  if (name == "RedrivePolicy") return check_redrive(value);
  if (name == "RedriveAllowPolicy") return check_redrive_allow(value);
  if (name == "Policy") {
    return check_policy(value);
  }
  if (name == "DeduplicationScope") {
    if (value != "queue" && value != "messageGroup") return refuse(bad_value(name));
    return value;
  }
  if (name == "FifoThroughputLimit") {
    if (value != "perQueue" && value != "perMessageGroupId") return refuse(bad_value(name));
    return value;
  }
  if (name == "KmsMasterKeyId") return value;
  if (value != "true" && value != "false") return refuse(bad_value(name));
  return value;
}

}  // namespace

bool is_attribute_name(std::string_view name) {
  return find_range(name) != nullptr || contains(kComputed, name) || contains(kOther, name);
}

Outcome<Attributes> merge_attributes(Attributes current, const Attributes& wanted, Moment moment) {
  const bool will_be_fifo = moment == Moment::creating ? is_true(wanted, "FifoQueue") : is_true(current, "FifoQueue");
  for (const auto& [name, value] : wanted) {
    if (!is_attribute_name(name) || contains(kComputed, name)) return refuse(invalid_attribute_name(name));
    const bool is_fifo_only = name == "FifoQueue" || name == "ContentBasedDeduplication" ||
                              name == "DeduplicationScope" || name == "FifoThroughputLimit";
    if (is_fifo_only && !will_be_fifo) return refuse(invalid_attribute_name(name));
    if (name == "FifoQueue" && moment == Moment::changing && value != "true") {
      return refuse(bad_value(name));
    }
    const bool can_be_removed =
        name == "Policy" || name == "RedrivePolicy" || name == "RedriveAllowPolicy" || name == "KmsMasterKeyId";
    if (value.empty() && can_be_removed) {
      current.erase(name);
      continue;
    }
    auto checked = check_value(name, value);
    if (!checked) return refuse(checked.error());
    current[name] = std::move(*checked);
    // One kind of encryption at a time: the newer choice replaces the other.
    if (name == "KmsMasterKeyId") current["SqsManagedSseEnabled"] = "false";
    if (name == "SqsManagedSseEnabled" && value == "true" && !wanted.contains("KmsMasterKeyId"))
      current.erase("KmsMasterKeyId");
  }
  const auto limit = current.find("FifoThroughputLimit");
  const auto scope = current.find("DeduplicationScope");
  if (limit != current.end() && limit->second == "perMessageGroupId" &&
      (scope == current.end() || scope->second != "messageGroup")) {
    return refuse(
        invalid_attribute_value("Invalid value for the parameter FifoThroughputLimit. Reason: perMessageGroupId needs "
                                "DeduplicationScope messageGroup."));
  }
  return current;
}

Settings settings_of(const Attributes& attributes) {
  Settings settings;
  settings.is_fifo = is_true(attributes, "FifoQueue");
  settings.deduplicates_by_content = is_true(attributes, "ContentBasedDeduplication");
  const auto scope = attributes.find("DeduplicationScope");
  settings.deduplicates_per_group = scope != attributes.end() && scope->second == "messageGroup";
  settings.delay = number_of(attributes, "DelaySeconds") * 1000;
  settings.retention = number_of(attributes, "MessageRetentionPeriod") * 1000;
  settings.visibility = number_of(attributes, "VisibilityTimeout") * 1000;
  settings.wait = number_of(attributes, "ReceiveMessageWaitTimeSeconds") * 1000;
  settings.largest_message = static_cast<std::size_t>(number_of(attributes, "MaximumMessageSize"));
  if (const auto found = attributes.find("RedrivePolicy"); found != attributes.end()) {
    if (auto policy = parse_json_object(found->second)) {
      settings.redrive = Redrive{std::string(get_string(*policy, "deadLetterTargetArn").value_or("")),
                                 static_cast<std::uint64_t>(receive_count(*policy).value_or(10))};
    }
  }
  if (const auto found = attributes.find("RedriveAllowPolicy"); found != attributes.end()) {
    if (auto policy = parse_json_object(found->second)) {
      const auto permission = get_string(*policy, "redrivePermission").value_or("");
      settings.redrive_allow = permission == "denyAll"   ? RedriveAllow::none
                               : permission == "byQueue" ? RedriveAllow::by_queue
                                                         : RedriveAllow::all;
      if (const auto* sources = get_array(*policy, "sourceQueueArns")) {
        for (const auto& source : *sources) {
          if (source.is_string()) settings.redrive_sources.emplace_back(source.get_string());
        }
      }
    }
  }
  return settings;
}

Attributes with_defaults(const Attributes& attributes) {
  Attributes all = attributes;
  for (const Range& range : kRanges) {
    if (!range.fallback.empty()) all.try_emplace(std::string(range.name), range.fallback);
  }
  if (all.contains("KmsMasterKeyId")) all.try_emplace("KmsDataKeyReusePeriodSeconds", "300");
  all.try_emplace("SqsManagedSseEnabled", "true");
  if (all.contains("FifoQueue")) {
    all.try_emplace("ContentBasedDeduplication", "false");
    all.try_emplace("DeduplicationScope", "queue");
    all.try_emplace("FifoThroughputLimit", "perQueue");
  }
  return all;
}

}  // namespace ads::cloud::sqs
