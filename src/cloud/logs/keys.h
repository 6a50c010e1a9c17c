// Where CloudWatch Logs keeps its state. The stored format:
//   logs | g | region | group name              -> the group as JSON (see state.cc)
//   logs | s | group id | stream name           -> the stream as JSON
//   logs | e | group id | time | sequence       -> the event (see state.cc): byte 1, ingestion time, stream name,
//   message logs | i | group id | stream | time | seq   -> nothing: the stream's index into the line above logs | b |
//   group id                         -> stored bytes, decimal
// Times are milliseconds since the epoch. Ids make a deleted and remade group start empty.
#pragma once
#include <string>
#include <string_view>

#include "cloud/store.h"

namespace ads::cloud::logs {

// On-disk letters: do not reuse.
inline std::string table_prefix(std::string_view table, std::string_view first) {
  std::string key;
  append_text(key, "logs");
  append_text(key, table);
  append_text(key, first);
  return key;
}

inline std::string group_prefix(std::string_view region) {
  return table_prefix("g", region);
}
inline std::string group_key(std::string_view region, std::string_view name) {
  std::string key = group_prefix(region);
  append_text(key, name);
  return key;
}
inline std::string stream_prefix(std::string_view group_id) {
  return table_prefix("s", group_id);
}
inline std::string stream_key(std::string_view group_id, std::string_view stream) {
  std::string key = stream_prefix(group_id);
  append_text(key, stream);
  return key;
}
inline std::string event_prefix(std::string_view group_id) {
  return table_prefix("e", group_id);
}
inline std::string event_key(std::string_view group_id, std::uint64_t time, std::uint64_t sequence) {
  std::string key = event_prefix(group_id);
  append_number(key, time);
  append_number(key, sequence);
  return key;
}
inline std::string index_prefix(std::string_view group_id, std::string_view stream) {
  std::string key = table_prefix("i", group_id);
  append_text(key, stream);
  return key;
}
inline std::string index_key(std::string_view group_id, std::string_view stream, std::uint64_t time,
                             std::uint64_t sequence) {
  std::string key = index_prefix(group_id, stream);
  append_number(key, time);
  append_number(key, sequence);
  return key;
}
inline std::string bytes_key(std::string_view group_id) {
  return table_prefix("b", group_id);
}

}  // namespace ads::cloud::logs
