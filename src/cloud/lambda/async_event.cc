#include "cloud/lambda/async_event.h"

#include "cloud/store.h"

namespace ads::cloud::lambda {

namespace {
constexpr char kFormat = 1;  // on disk
}

std::string encode(const AsyncEvent& event) {
  std::string value(1, kFormat);
  append_number(value, event.accepted);
  append_number(value, event.attempts);
  append_number(value, event.throttles);
  append_text(value, event.request_id);
  append_text(value, event.qualifier);
  append_text(value, event.trace_id);
  value += event.payload;
  return value;
}

std::optional<AsyncEvent> decode_async_event(std::string_view value) {
  if (value.empty() || value[0] != kFormat) return {};
  value.remove_prefix(1);
  AsyncEvent event;
  auto accepted = take_number(value), attempts = take_number(value), throttles = take_number(value);
  if (!accepted || !attempts || !throttles) return {};
  auto request_id = take_text(value), qualifier = take_text(value), trace_id = take_text(value);
  if (!request_id || !qualifier || !trace_id) return {};
  return AsyncEvent{std::move(*request_id),
                    std::move(*qualifier),
                    std::string(value),
                    std::move(*trace_id),
                    *accepted,
                    *attempts,
                    *throttles};
}

}  // namespace ads::cloud::lambda
