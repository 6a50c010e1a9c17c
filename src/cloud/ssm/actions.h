// The parameter store's operations, a file or a part of one in actions/ for each. Input is valid by AWS's model; those
// that change something have applied it to the store when they return.
#pragma once
#include <functional>

#include "cloud/ssm/context.h"

namespace ads::cloud::ssm {

Reply put_parameter(Context& context, const json::object& input);
Reply delete_parameter(Context& context, const json::object& input);
Reply delete_parameters(Context& context, const json::object& input);
Reply get_parameter(Context& context, const json::object& input);
Reply get_parameters(Context& context, const json::object& input);
Reply get_parameters_by_path(Context& context, const json::object& input);
Reply describe_parameters(Context& context, const json::object& input);
Reply get_parameter_history(Context& context, const json::object& input);
Reply label_parameter_version(Context& context, const json::object& input);
Reply unlabel_parameter_version(Context& context, const json::object& input);
Reply add_tags_to_resource(Context& context, const json::object& input);
Reply remove_tags_from_resource(Context& context, const json::object& input);
Reply list_tags_for_resource(Context& context, const json::object& input);

// ---- What several operations share ----
// Applies, and answers `result`.
Reply apply(Context& context, Batch batch, json::object result = {});

// MaxResults (`most` where it is absent) and NextToken. Errors: InvalidNextToken.
struct Page {
  std::string after;
  std::size_t most;
};
Outcome<Page> page_of(const json::object& input, std::size_t most);
void add_next_token(json::object& result, std::string_view next);

// Whether a parameter passes a request's ParameterFilters. Errors: InvalidFilterKey, InvalidFilterOption,
// InvalidFilterValue.
using Filter = std::function<bool(const Parameter&)>;
Outcome<Filter> filter_of(const json::object& input);

// The members that describe a version, as DescribeParameters and GetParameterHistory have them.
json::object describe(const Version& version, std::string_view name);

}  // namespace ads::cloud::ssm
