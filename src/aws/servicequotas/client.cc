#include "aws/servicequotas/client.h"

#include "aws/services.h"

namespace ads::aws::servicequotas {

// {"Quotas": [{"QuotaCode", "QuotaName", "Value": 30000.0, ...}], "NextToken"}
Task<Result<ListServiceQuotasOutput>> Client::list_service_quotas(std::string service_code,
                                                                  std::optional<std::string> next_token) const {
  json::object input{{"ServiceCode", service_code}};
  if (next_token) input["NextToken"] = *next_token;
  Operation operation{kServiceQuotas, "ListServiceQuotas", Protocol::json, std::chrono::seconds(10)};
  auto body = co_await connection_.call_json(operation, "ServiceQuotasV20190624", "1.1", std::move(input));
  if (!body) co_return fail(body.error());
  ListServiceQuotasOutput out;
  if (const auto* list = get_array(*body, "Quotas"))
    for (const auto& element : *list) {
      const auto* quota = element.if_object();
      const auto* value = quota ? quota->if_contains("Value") : nullptr;
      if (!value || !value->is_number()) continue;
      out.quotas.push_back({std::string(get_string(*quota, "QuotaCode").value_or("")),
                            std::string(get_string(*quota, "QuotaName").value_or("")), value->to_number<double>()});
    }
  if (auto token = get_string(*body, "NextToken"); token && !token->empty()) out.next_token = std::string(*token);
  co_return out;
}

}  // namespace ads::aws::servicequotas
