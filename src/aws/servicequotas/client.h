// Service Quotas' client over its JSON protocol (docs.aws.amazon.com/servicequotas/2019-06-24/apireference).
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "aws/connection.h"

namespace ads::aws::servicequotas {

struct Quota {
  std::string code, name;  // "L-...", "Messages Published per Second"
  double value = 0;
};
struct ListServiceQuotasOutput {
  std::vector<Quota> quotas;
  std::optional<std::string> next_token;
};

// Errors are the wire's: denied / "AccessDeniedException", not_found / "NoSuchResourceException", throttled /
// "TooManyRequestsException".
class Client {
 public:
  explicit Client(Connection& connection) : connection_(connection) {}
  // Of one service in the connection's region, as they apply to this account.
  Task<Result<ListServiceQuotasOutput>> list_service_quotas(std::string service_code,
                                                            std::optional<std::string> next_token = {}) const;

 private:
  Connection& connection_;
};

}  // namespace ads::aws::servicequotas
