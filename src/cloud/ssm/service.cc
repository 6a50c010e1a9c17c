#include "cloud/ssm/service.h"

#include "base/log.h"
#include "cloud/ssm/errors.h"
#include "cloud/ssm/operations.h"

namespace ads::cloud::ssm {

Service::Service(Environment& environment)
    : environment_(environment), parameters_(environment.store), pipeline_(make_pipeline(environment, parameters_)) {}

Task<http::Reply> Service::answer(Call& call) {
  return pipeline_.answer(call);
}

Task<void> Service::start() {
  if (auto sealed = parameters_.seal_values(); !sealed)
    log(LogLevel::error, "parameters were not sealed", {{"error", sealed.error().message}});
  co_return;
}

Outcome<std::string> Service::value(const std::string& region, const std::string& name) {
  auto version = parameters_.resolve(region, parse_reference(name));
  if (!version) return refuse(version.error());
  if (version->type == "SecureString")
    return refuse(validation(fmt::format("The parameter {} is a SecureString, which can't be used here.", name)));
  return std::move(version->value);
}

}  // namespace ads::cloud::ssm
