#include "batch/shard_message.h"

#include <limits>

#include "base/json.h"

namespace ads::batch {

std::string ShardMessage::id() const {
  return shard ? std::to_string(*shard) : "finalise";
}

std::string ShardMessage::body() const {
  json::object object{{"runId", run_id}};
  if (shard) object["shard"] = *shard;
  return json::serialize(object);
}

Result<ShardMessage> parse_shard_message(std::string_view body) {
  constexpr const char* kCode = "NotAShardMessage";
  auto object = parse_json_object(body);
  if (!object) return fail(ErrorKind::invalid, kCode, "the body is not a JSON object: " + object.error().message);
  auto run_id = get_string(*object, "runId");
  if (!run_id || run_id->empty())
    return fail(ErrorKind::invalid, kCode, "'runId' is missing or not what a shard message has there");
  ShardMessage message{std::string(*run_id), std::nullopt};
  if (!object->contains("shard")) return message;
  auto shard = get_integer(*object, "shard");
  if (!shard || *shard < 0 || *shard > std::numeric_limits<std::uint32_t>::max())
    return fail(ErrorKind::invalid, kCode, "'shard' is not the number of a shard");
  message.shard = static_cast<std::uint32_t>(*shard);
  return message;
}

}  // namespace ads::batch
