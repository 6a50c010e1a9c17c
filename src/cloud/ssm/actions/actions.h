// The parameter store's actions, in the model's JSON shapes.
#pragma once
#include "base/json.h"
#include "cloud/call.h"
#include "cloud/environment.h"
#include "cloud/ssm/parameters.h"

namespace ads::cloud::ssm {

struct Desk {
  Environment& environment;
  Parameters& parameters;
};

using Answer = Task<Outcome<json::object>>;
using Action = Answer (*)(Desk&, Call&, json::object);

// put_parameter.cc
Answer put_parameter(Desk&, Call&, json::object);
Answer delete_parameter(Desk&, Call&, json::object);
Answer delete_parameters(Desk&, Call&, json::object);

// get_parameters.cc
Answer get_parameter(Desk&, Call&, json::object);
Answer get_parameters(Desk&, Call&, json::object);
Answer get_parameters_by_path(Desk&, Call&, json::object);

// describe_parameters.cc
Answer describe_parameters(Desk&, Call&, json::object);
Answer get_parameter_history(Desk&, Call&, json::object);

// labels_and_tags.cc
Answer label_parameter_version(Desk&, Call&, json::object);
Answer unlabel_parameter_version(Desk&, Call&, json::object);
Answer add_tags_to_resource(Desk&, Call&, json::object);
Answer remove_tags_from_resource(Desk&, Call&, json::object);
Answer list_tags_for_resource(Desk&, Call&, json::object);

// ---- What several actions share ----
std::string text(const json::object& input, std::string_view member);
std::vector<std::string> texts(const json::object& input, std::string_view member);
bool flag(const json::object& input, std::string_view member);
Answer commit(Desk& desk, Batch batch, json::object result = {});

// MaxResults and NextToken. Errors: ValidationException, InvalidNextToken.
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
