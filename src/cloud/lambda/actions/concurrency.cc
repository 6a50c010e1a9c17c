// PutFunctionConcurrency and its family, the recursion setting, GetAccountSettings.
#include "cloud/lambda/actions/actions.h"
#include "cloud/lambda/errors.h"
#include "cloud/lambda/keys.h"

namespace ads::cloud::lambda {

namespace {

constexpr int kUnreservedAtLeast = 100;  // AWS keeps as much for functions that reserve nothing

Task<Outcome<void>> store(Parts& parts, std::string region, std::string name, About about) {
  Batch batch;
  parts.state.put(batch, region, name, about);
  co_return co_await commit(parts, std::move(batch));
}

}  // namespace

Task<Reply> put_function_concurrency(Parts& parts, std::string region, json::object input) {
  auto name = existing(parts, region, input);
  if (!name) co_return refuse(name.error());
  auto reserved = number(input, "ReservedConcurrentExecutions");
  if (!reserved || *reserved < 0)
    co_return refuse(invalid_member("reservedConcurrentExecutions", reserved ? std::to_string(*reserved) : "null",
                                    "Member must have value greater than or equal to 0"));
  auto others = parts.pool.concurrency_reserved_by_others(region, name->name);
  if (*reserved > 0 && parts.limits.account_concurrency - others - *reserved < kUnreservedAtLeast)
    co_return refuse(
        invalid_parameter(fmt::format("Specified ReservedConcurrentExecutions for function decreases account's "
                                      "UnreservedConcurrentExecution below its minimum value of [{}].",
                                      kUnreservedAtLeast)));
  auto about = parts.state.about(region, name->name);
  if (!about) co_return refuse(function_not_found(parts.state.arn(region, *name)));
  about->reserved_concurrency = static_cast<int>(*reserved);
  if (auto stored = co_await store(parts, region, name->name, std::move(*about)); !stored)
    co_return refuse(stored.error());
  parts.pool.rooms_changed();
  co_return json::object{{"ReservedConcurrentExecutions", *reserved}};
}

Task<Reply> get_function_concurrency(Parts& parts, std::string region, json::object input) {
  auto name = existing(parts, region, input);
  if (!name) co_return refuse(name.error());
  auto about = parts.state.about(region, name->name);
  json::object reply;
  if (about && about->reserved_concurrency) reply["ReservedConcurrentExecutions"] = *about->reserved_concurrency;
  co_return reply;
}

Task<Reply> delete_function_concurrency(Parts& parts, std::string region, json::object input) {
  auto name = existing(parts, region, input);
  if (!name) co_return refuse(name.error());
  auto about = parts.state.about(region, name->name);
  if (!about) co_return refuse(function_not_found(parts.state.arn(region, *name)));
  about->reserved_concurrency.reset();
  if (auto stored = co_await store(parts, region, name->name, std::move(*about)); !stored)
    co_return refuse(stored.error());
  parts.pool.rooms_changed();
  co_return json::object{};
}

Task<Reply> put_function_recursion_config(Parts& parts, std::string region, json::object input) {
  auto name = existing(parts, region, input);
  if (!name) co_return refuse(name.error());
  auto loop = get_string(input, "RecursiveLoop").value_or("");
  if (loop != "Allow" && loop != "Terminate")
    co_return refuse(invalid_member("recursiveLoop", loop, "Member must satisfy enum value set: [Allow, Terminate]"));
  auto about = parts.state.about(region, name->name);
  if (!about) co_return refuse(function_not_found(parts.state.arn(region, *name)));
  about->recursive_loop = loop;
  if (auto stored = co_await store(parts, region, name->name, std::move(*about)); !stored)
    co_return refuse(stored.error());
  co_return json::object{{"RecursiveLoop", loop}};
}

Task<Reply> get_function_recursion_config(Parts& parts, std::string region, json::object input) {
  auto name = existing(parts, region, input);
  if (!name) co_return refuse(name.error());
  auto about = parts.state.about(region, name->name);
  co_return json::object{{"RecursiveLoop", about ? about->recursive_loop : "Terminate"}};
}

Task<Reply> get_account_settings(Parts& parts, std::string region, json::object) {
  std::uint64_t count = 0, bytes = 0;
  for (auto cursor = parts.state.store().scan_prefix(key_of({"fn", region})); cursor.valid(); cursor.next()) {
    auto function = parts.state.read(cursor);
    if (!function) continue;
    bytes += function->code_size;
    count += function->version == "$LATEST";
  }
  auto most = parts.limits.account_concurrency;
  co_return json::object{
      {"AccountLimit",
       {{"TotalCodeSize", 80530636800},
        {"CodeSizeUnzipped", kUnzippedLimit},
        {"CodeSizeZipped", kZippedLimit},
        {"ConcurrentExecutions", most},
        {"UnreservedConcurrentExecutions", most - parts.pool.concurrency_reserved_by_others(region, "")}}},
      {"AccountUsage", {{"TotalCodeSize", bytes}, {"FunctionCount", count}}}};
}

}  // namespace ads::cloud::lambda
