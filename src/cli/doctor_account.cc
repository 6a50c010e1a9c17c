// Who asks, from where, at what time, and what the account allows.
#include <fmt/core.h>

#include <algorithm>
#include <charconv>

#include "aws/lambda/client.h"
#include "aws/servicequotas/client.h"
#include "aws/services.h"
#include "aws/sts/client.h"
#include "cli/doctor.h"

namespace ads::cli {
namespace {

using std::chrono::milliseconds;

// The service's clock less ours, by the Date of an answer; it has whole seconds, so half a one is added.
Task<Result<milliseconds>> measure_skew(aws::Connection& connection) {
  auto endpoint = connection.endpoint(aws::kSts);
  if (!endpoint) co_return fail(endpoint.error());
  aws::Form form("GetCallerIdentity", "2011-06-15");
  http::Request request{"POST", endpoint->base_path + "/", {}, form.text()};
  request.headers.set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8");
  aws::Operation operation{aws::kSts, "GetCallerIdentity", aws::Protocol::query};
  auto before = connection.clock().now();
  auto response = co_await connection.send(operation, endpoint->origin, std::move(request));
  if (!response) co_return fail(response.error());
  auto after = connection.clock().now();
  auto date = parse_http_date(response->headers.get_or("Date", ""));
  if (!date) co_return fail(ErrorKind::unavailable, "NoDate", "the service's answer says no time");
  co_return *date + milliseconds(500) - (before + (after - before) / 2);
}

int number(const std::string& text) {
  int value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

// SNS's quota has no code that its documentation names: it is found by its name.
Task<std::optional<double>> publish_quota(aws::Connection& connection) {
  aws::servicequotas::Client client(connection);
  std::optional<std::string> next;
  do {
    auto page = co_await client.list_service_quotas("sns", next);
    if (!page) co_return std::nullopt;
    for (const auto& quota : page->quotas) {
      std::string name = quota.name;
      std::ranges::transform(name, name.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
      if (name.find("published per second") != name.npos) co_return quota.value;
    }
    next = page->next_token;
  } while (next);
  co_return std::nullopt;
}

}  // namespace

Task<bool> examine_identity(Examination& examination) {
  const std::string& region = examination.connection.region();
  if (region.empty()) {
    examination.add({"region", Level::problem, "no region is chosen",
                     "give --region, or set AWS_REGION, or 'region' of the profile in ~/.aws/config"});
    co_return false;
  }
  auto endpoint = examination.connection.endpoint(aws::kCloudFormation);
  if (!endpoint) {
    examination.add({"region", Level::problem, endpoint.error().message, "give --region or AWS_ENDPOINT_URL anew"});
    co_return false;
  }
  bool is_amazon = endpoint->kind == aws::Endpoint::Kind::amazon;
  examination.add(
      {"region",
       Level::ok,
       is_amazon ? fmt::format("{} of AWS", region) : fmt::format("{} at {}", region, endpoint->origin.authority()),
       {}});
  auto who = co_await aws::sts::Client(examination.connection).get_caller_identity();
  if (!who) {
    bool is_away = who.error().kind == ErrorKind::unavailable;
    examination.add({"credentials", Level::problem, who.error().message,
                     is_away ? "see that the endpoint is reachable: for the local cloud, `ads cloud` must run"
                             : "set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; for the local cloud: "
                               "eval \"$(ads env)\""});
    co_return false;
  }
  examination.add(judge_identity(who->arn, who->account));
  auto skew = co_await measure_skew(examination.connection);
  examination.add(skew ? judge_clock(*skew) : unseen("clock", skew.error()));
  co_return true;
}

Task<void> examine_quotas(Examination& examination) {
  auto settings = co_await aws::lambda::Client(examination.connection).get_account_settings();
  int wanted = 0;
  if (examination.stack)
    for (const auto& [key, value] : examination.stack->parameters)
      if (key.ends_with("Concurrency")) wanted += number(value.value_or(""));
  examination.add(settings ? judge_concurrency(*settings, wanted) : unseen("concurrency", settings.error()));
  auto quota = co_await publish_quota(examination.connection);
  examination.add(judge_publish_rate(
      {static_cast<double>(number(examination.parameter("PublishRate"))), quota, examination.connection.region()}));
}

}  // namespace ads::cli
