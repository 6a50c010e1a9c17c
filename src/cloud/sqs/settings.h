// A queue's attributes: which there are, what they may be, their defaults, and the values the queue itself works with.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"
#include "cloud/wire_error.h"

namespace ads::cloud::sqs {

using Attributes = std::map<std::string, std::string, std::less<>>;

inline constexpr std::size_t kLargestMessage = 1'048'576;

struct Redrive {
  std::string dead_letter_arn;
  std::uint64_t most_receives = 10;
};

enum class RedriveAllow { all, none, by_queue };

// The attributes as numbers; times in milliseconds.
struct Settings {
  bool is_fifo = false;
  bool deduplicates_by_content = false;
  bool deduplicates_per_group = false;
  std::int64_t delay = 0;
  std::int64_t retention = 345'600'000;
  std::int64_t visibility = 30'000;
  std::int64_t wait = 0;
  std::size_t largest_message = kLargestMessage;
  std::optional<Redrive> redrive;
  RedriveAllow redrive_allow = RedriveAllow::all;
  std::vector<std::string> redrive_sources;
};

// Checks what a client wants to set, on top of what is set already, and returns the whole. An empty value of Policy,
// RedrivePolicy, RedriveAllowPolicy or KmsMasterKeyId removes it. Errors: InvalidAttributeName, InvalidAttributeValue,
// InvalidParameterValue. Whether a dead-letter queue exists is the caller's to check.
enum class Moment { creating, changing };
Outcome<Attributes> merge_attributes(Attributes current, const Attributes& wanted, Moment moment);

Settings settings_of(const Attributes& attributes);

// GetQueueAttributes' answer for attributes that have a default: what was set, and the defaults of the rest.
Attributes with_defaults(const Attributes& attributes);

// Names that GetQueueAttributes takes, "All" apart.
bool is_attribute_name(std::string_view name);

}  // namespace ads::cloud::sqs
