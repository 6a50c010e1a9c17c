#include <charconv>

#include "cloud/lambda/actions/actions.h"
#include "cloud/lambda/errors.h"

namespace ads::cloud::lambda {

Outcome<FunctionName> named(const Parts& parts, std::string_view region, const json::object& input) {
  auto name = get_string(input, "FunctionName");
  if (!name || name->empty()) return refuse(invalid_member("functionName", "null", "Member must not be null"));
  return parse_function_name(*name, get_string(input, "Qualifier").value_or(""), region, parts.environment.account);
}

Outcome<FunctionName> existing(const Parts& parts, std::string_view region, const json::object& input) {
  auto name = named(parts, region, input);
  if (!name) return name;
  auto found = parts.state.resolve(region, *name);
  if (!found) return refuse(found.error());
  return name;
}

std::optional<std::int64_t> number(const json::object& input, std::string_view name) {
  if (auto value = get_integer(input, name)) return value;
  if (auto* value = input.if_contains(name); value && value->is_double())
    return static_cast<std::int64_t>(value->as_double());
  auto text = get_string(input, name);
  if (!text) return {};
  std::int64_t value = 0;
  auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error != std::errc() || end != text->data() + text->size()) return {};
  return value;
}

Outcome<Page> page_of(const json::object& input, std::size_t most) {
  Page page{std::string(get_string(input, "Marker").value_or("")), most};
  if (auto given = number(input, "MaxItems")) {
    if (*given < 1 || *given > 10'000)
      return refuse(invalid_member("maxItems", std::to_string(*given), "Member must have value between 1 and 10000"));
    page.most = std::min<std::size_t>(most, *given);
  }
  return page;
}

Task<Outcome<void>> commit(Parts& parts, Batch batch) {
  auto stored = co_await parts.environment.store.commit(std::move(batch));
  if (!stored) co_return refuse(internal_failure(stored.error()));
  co_return Outcome<void>{};
}

std::string timestamp(SystemTime now) {
  auto text = iso8601(now);
  return text.substr(0, 23) + "+0000";
}

}  // namespace ads::cloud::lambda
