// PutFunctionEventInvokeConfig, Update..., Get..., Delete..., ListFunctionEventInvokeConfigs.
#include "cloud/lambda/access.h"
#include "cloud/lambda/actions/actions.h"
#include "cloud/lambda/destination.h"
#include "cloud/lambda/errors.h"
#include "cloud/lambda/keys.h"

namespace ads::cloud::lambda {

namespace {

std::string arn_of(const Parts& parts, std::string_view region, const FunctionName& name) {
  return function_arn(region, parts.environment.account, name.name,
                      name.qualifier.empty() ? "$LATEST" : name.qualifier);
}

WireError no_config(const Parts& parts, std::string_view region, const FunctionName& name) {
  return not_found(fmt::format("The function {} doesn't have an EventInvokeConfig", arn_of(parts, region, name)));
}

Outcome<std::string> checked_destination(const Parts& parts, const json::object& config, std::string_view side,
                                         std::string_view own_arn) {
  auto* target = get_object(config, side);
  std::string arn(target ? get_string(*target, "Destination").value_or("") : "");
  if (arn.empty()) return arn;
  auto service = destination_service(arn);
  if (arn.starts_with("arn:aws:events:") || arn.starts_with("arn:aws:s3:"))
    return refuse(not_implemented(fmt::format("{} to {}", side, arn)));
  if (service.empty())
    return refuse(
        invalid_parameter(fmt::format("The provided destination config DestinationConfig is invalid: {}", arn)));
  if (service == "sqs" && arn.ends_with(".fifo"))
    return refuse(
        invalid_parameter("The destination ARN " + arn + " is invalid: a FIFO queue cannot be a destination."));
  if (service == "lambda" && own_arn.starts_with(arn))
    return refuse(invalid_parameter("You can't specify the function as a destination for itself."));
  if (service == "sqs" && parts.environment.queues)
    if (auto queue = parts.environment.queues->attributes(arn); !queue)
      return refuse(invalid_parameter(fmt::format("The destination ARN {} is invalid.", arn)));
  return arn;
}

Task<Reply> put(Parts& parts, std::string region, json::object input, InvokeConfig config) {
  auto name = existing(parts, region, input);
  if (!name) co_return refuse(name.error());
  if (input.contains("MaximumRetryAttempts")) {
    auto retries = number(input, "MaximumRetryAttempts");
    if (!retries || *retries < 0 || *retries > 2)
      co_return refuse(invalid_member("maximumRetryAttempts", json::serialize(input.at("MaximumRetryAttempts")),
                                      "Member must have value between 0 and 2"));
    config.maximum_retries = static_cast<int>(*retries);
    config.has_retries = true;
  }
  if (input.contains("MaximumEventAgeInSeconds")) {
    auto age = number(input, "MaximumEventAgeInSeconds");
    if (!age || *age < 60 || *age > 21'600)
      co_return refuse(invalid_member("maximumEventAgeInSeconds", json::serialize(input.at("MaximumEventAgeInSeconds")),
                                      "Member must have value between 60 and 21600"));
    config.maximum_age = static_cast<int>(*age);
    config.has_age = true;
  }
  if (auto* destinations = get_object(input, "DestinationConfig")) {
    auto own = arn_of(parts, region, *name);
    auto success = checked_destination(parts, *destinations, "OnSuccess", own);
    if (!success) co_return refuse(success.error());
    auto failure = checked_destination(parts, *destinations, "OnFailure", own);
    if (!failure) co_return refuse(failure.error());
    if (auto function = parts.state.resolve(region, *name))
      for (auto* target : {&*success, &*failure})
        if (!target->empty())
          if (auto allowed = check_destination_permission(parts, *function, *target); !allowed)
            co_return refuse(allowed.error());
    config.on_success = *success;
    config.on_failure = *failure;
  }
  config.last_modified = parts.environment.clock.now().time_since_epoch().count();
  Batch batch;
  parts.state.put(batch, region, name->name, name->qualifier, config);
  if (auto stored = co_await commit(parts, std::move(batch)); !stored) co_return refuse(stored.error());
  co_return describe(config, arn_of(parts, region, *name));
}

}  // namespace

Task<Reply> put_function_event_invoke_config(Parts& parts, std::string region, json::object input) {
  co_return co_await put(parts, std::move(region), std::move(input), {});
}

Task<Reply> update_function_event_invoke_config(Parts& parts, std::string region, json::object input) {
  auto name = existing(parts, region, input);
  if (!name) co_return refuse(name.error());
  auto before = parts.state.invoke_config(region, name->name, name->qualifier);
  if (!before) co_return refuse(no_config(parts, region, *name));
  co_return co_await put(parts, std::move(region), std::move(input), std::move(*before));
}

Task<Reply> get_function_event_invoke_config(Parts& parts, std::string region, json::object input) {
  auto name = existing(parts, region, input);
  if (!name) co_return refuse(name.error());
  auto config = parts.state.invoke_config(region, name->name, name->qualifier);
  if (!config) co_return refuse(no_config(parts, region, *name));
  co_return describe(*config, arn_of(parts, region, *name));
}

Task<Reply> delete_function_event_invoke_config(Parts& parts, std::string region, json::object input) {
  auto name = existing(parts, region, input);
  if (!name) co_return refuse(name.error());
  if (!parts.state.invoke_config(region, name->name, name->qualifier))
    co_return refuse(no_config(parts, region, *name));
  Batch batch;
  batch.remove(invoke_config_key(region, name->name, name->qualifier.empty() ? "$LATEST" : name->qualifier));
  if (auto stored = co_await commit(parts, std::move(batch)); !stored) co_return refuse(stored.error());
  co_return json::object{};
}

Task<Reply> list_function_event_invoke_configs(Parts& parts, std::string region, json::object input) {
  auto name = existing(parts, region, input);
  if (!name) co_return refuse(name.error());
  json::array configs;
  auto prefix = key_of({"invoke", region, name->name});
  for (auto cursor = parts.state.store().scan_prefix(prefix); cursor.valid() && configs.size() < 50; cursor.next()) {
    std::string_view rest = cursor.key().substr(prefix.size());
    auto qualifier = take_text(rest);
    if (!qualifier) continue;
    if (auto config = parts.state.invoke_config(region, name->name, *qualifier))
      configs.push_back(describe(*config, arn_of(parts, region, {name->name, *qualifier})));
  }
  co_return json::object{{"FunctionEventInvokeConfigs", std::move(configs)}};
}

}  // namespace ads::cloud::lambda
