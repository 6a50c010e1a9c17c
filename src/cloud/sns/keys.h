// Where SNS keeps what in the store. Every key starts with the text "sns".
//
//   "sns" "topic" region name                        -> JSON, a Topic (topic.h)
//   "sns" "subscription" region topic id             -> JSON, a Subscription (topic.h)
//   "sns" "sequence" region topic                    -> text, the last FIFO sequence number given
//   "sns" "published" region topic bucket scope id   -> JSON, a FIFO message of the last five minutes (5-minute
//   buckets) "sns" "outbox" due-ms id                         -> JSON, a delivery to be tried again (outbox.h)
#pragma once
#include <string>
#include <string_view>

#include "cloud/store.h"

namespace ads::cloud::sns {

inline std::string key_of(std::initializer_list<std::string_view> fields) {
  std::string key;
  append_text(key, "sns");
  for (const std::string_view field : fields) append_text(key, field);
  return key;
}

inline std::string topic_key(std::string_view region, std::string_view name) {
  return key_of({"topic", region, name});
}
inline std::string subscription_key(std::string_view region, std::string_view topic, std::string_view id) {
  return key_of({"subscription", region, topic, id});
}
inline std::string sequence_key(std::string_view region, std::string_view topic) {
  return key_of({"sequence", region, topic});
}
inline std::string published_prefix(std::string_view region, std::string_view topic, std::uint64_t bucket) {
  std::string key = key_of({"published", region, topic});
  append_number(key, bucket);
  return key;
}
inline std::string published_key(std::string_view region, std::string_view topic, std::uint64_t bucket,
                                 std::string_view scope, std::string_view id) {
  std::string key = published_prefix(region, topic, bucket);
  append_text(key, scope);
  append_text(key, id);
  return key;
}
inline std::string outbox_key(std::uint64_t due, std::string_view id) {
  std::string key = key_of({"outbox"});
  append_number(key, due);
  append_text(key, id);
  return key;
}

}  // namespace ads::cloud::sns
