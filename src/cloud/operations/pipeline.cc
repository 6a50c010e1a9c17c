#include "cloud/operations/pipeline.h"

#include <fmt/core.h>

#include <cstdlib>

#include "base/log.h"
#include "cloud/json_protocol.h"
#include "cloud/operations/cbor.h"
#include "cloud/operations/form.h"
#include "cloud/operations/gzip.h"
#include "cloud/operations/rest.h"
#include "cloud/operations/timestamp.h"

namespace ads::cloud::operations {
namespace {

constexpr std::string_view kEverything = "*";

WireError unreadable(const Error& error, std::string_view code) {
  if (error.code == "RequestBodyTooLarge") return {413, "RequestEntityTooLarge", error.message};
  return {400, std::string(code), error.message};
}

void add_query_code(WireError& error) {
  if (!error.headers.has("x-amzn-query-error"))
    error.headers.set("x-amzn-query-error",
                      fmt::format("{};{}", error.code, error.status < 500 ? "Sender" : "Receiver"));
}

class NoBody : public http::IncomingBody {
 public:
  Task<Result<std::size_t>> read_some(char*, std::size_t) override { co_return 0; }
  std::optional<std::uint64_t> declared_length() const override { return 0; }
};

}  // namespace

struct Pipeline::State {
  State(Environment& e, const Api& a) : environment(e), api(a), model(a.model) {
    if (a.json.target_prefix.empty() && a.query.xml_namespace.empty()) routes.emplace(model);
  }

  Environment& environment;
  const Api& api;
  Model model;
  std::optional<RestRoutes> routes;  // of a REST service
  std::map<std::string_view, Operation> operations;
  std::size_t largest_body = 0;

  const Operation* find(std::string_view name) const {
    const auto found = operations.find(name);
    return found == operations.end() ? nullptr : &found->second;
  }

  Outcome<void> authorize(const Operation& operation, const Call& call, const json::object& input) const;
  Outcome<void> validate(const Operation& operation, const json::object& input) const;
  Answer run(const Operation& operation, const Call& call, const json::object& input) const;

  Task<http::Reply> answer_json(Call& call) const;
  Task<http::Reply> answer_query(Call& call) const;
  Task<http::Reply> answer_rest(Call& call) const;
  Task<http::Reply> answer_cbor(Call& call) const;

  Result<std::string> unpacked(const Call& call, Result<std::string> body, std::size_t limit) const;
};

Pipeline::Pipeline(Environment& environment, const Api& api) : state_(std::make_unique<State>(environment, api)) {}
Pipeline::~Pipeline() = default;

void Pipeline::add(Operation operation) {
  operation.model = state_->model.find(operation.name);
  if (operation.model == nullptr) {
    log(LogLevel::error, "operation missing from the API model", {{"operation", operation.name}});
    std::abort();
  }
  state_->largest_body = std::max(state_->largest_body, operation.body_limit);
  state_->operations.emplace(operation.name, std::move(operation));
}

Outcome<void> Pipeline::State::authorize(const Operation& operation, const Call& call,
                                         const json::object& input) const {
  if (!access::is_enforced(call)) return {};
  auto needs = operation.needs(call, input);
  if (needs.empty()) needs.emplace_back();
  for (auto& need : needs) {
    if (need.action.empty()) need.action = fmt::format("{}:{}", api.permission, operation.name);
    if (need.resource.empty()) need.resource = kEverything;
  }
  return access::authorize(call, needs, api.denied);
}

Outcome<void> Pipeline::State::validate(const Operation& operation, const json::object& input) const {
  if (operation.model->input == nullptr) return {};
  auto violations = check(input, *operation.model->input);
  if (!violations) return refuse(violations.error());
  if (!violations->empty())
    if (auto error = api.invalid(operation.name, *violations)) return refuse(*std::move(error));
  return {};
}

Answer Pipeline::State::run(const Operation& operation, const Call& call, const json::object& input) const {
  if (auto allowed = authorize(operation, call, input); !allowed) co_return refuse(allowed.error());
  if (auto valid = validate(operation, input); !valid) co_return refuse(valid.error());
  auto reply = co_await operation.act(call, input);
  if (reply && operation.effect == Effect::write) {
    if (auto durable = co_await environment.store.durable(); !durable)
      co_return refuse(internal_failure(durable.error()));
  }
  co_return reply;
}

Task<http::Reply> Pipeline::State::answer_json(Call& call) const {
  const auto refused = [&](WireError error) {
    if (api.json.is_query_compatible) add_query_code(error);
    return render_json_error(call, error, api.json.error_prefix, api.json.content_type);
  };
  auto name = call.request.head.headers.get_or("X-Amz-Target", "");
  const bool is_ours = name.starts_with(api.json.target_prefix);
  if (is_ours) name.remove_prefix(api.json.target_prefix.size());
  const auto* operation = is_ours ? find(name) : nullptr;
  if (operation == nullptr && is_ours && model.has(name)) co_return refused(not_implemented(name));
  if (operation == nullptr)
    co_return refused(
        {400, "UnknownOperationException", name.empty() ? "" : fmt::format("The service has no operation {}.", name)});
  const auto body = unpacked(call, co_await call.request.body.read_all(operation->body_limit), operation->body_limit);
  if (!body) co_return refused(unreadable(body.error(), "SerializationException"));
  auto input = parse_json_object(body->empty() ? "{}" : *body);
  if (!input) co_return refused({400, "SerializationException", input.error().message});
  auto output = co_await run(*operation, call, *input);
  if (!output) co_return refused(output.error());
  co_return json_reply(call, api.cbor_path.empty() ? json::value(*std::move(output)) : in_json(*output),
                       api.json.content_type);
}

Task<http::Reply> Pipeline::State::answer_query(Call& call) const {
  const auto refused = [&](WireError error) {
    if (error.code == "SerializationException") error.code = "MalformedInput";
    if (api.query.refusal != nullptr) error = api.query.refusal(std::move(error));
    return render_query_error(call, error, api.query.xml_namespace);
  };
  std::string form(http::split_target(call.request.head.target).second);
  if (call.request.head.method != "GET") {
    // The form itself says which operation it is for: the most that any may have.
    auto body = unpacked(call, co_await call.request.body.read_all(largest_body), largest_body);
    if (!body) co_return refused(unreadable(body.error(), "MalformedInput"));
    form = *std::move(body);
  }
  auto tree = parse_form(form);
  if (!tree) co_return refused(tree.error());
  const std::string name(get_string(*tree, "Action").value_or(""));
  if (name.empty()) co_return refused({400, "MissingAction", "The request must contain the parameter Action."});
  const auto* operation = find(name);
  if (operation == nullptr && model.has(name)) co_return refused(not_implemented(name));
  if (operation == nullptr)
    co_return refused(
        {400, "InvalidAction", fmt::format("Could not find operation {} for version {}", name, model.version())});
  if (api.query.prepare != nullptr) api.query.prepare(call, *tree);
  const auto* shape = operation->model->input;
  const auto input = shape != nullptr ? read_form(*std::move(tree), *shape) : json::object{};
  auto output = co_await run(*operation, call, input);
  if (!output) co_return refused(output.error());
  std::string members;
  if (api.query.render != nullptr) {
    members = api.query.render(name, *output);
  } else {
    XmlWriter xml;
    write_members(xml, api.cbor_path.empty() ? *output : in_xml(*output).as_object(), api.query.shape);
    members = xml.take();
  }
  // An empty <..Result/> is still there: clients look for it.
  if (members.empty() && operation->model->has_result) members = "\n";
  co_return render_query_reply(call, name, api.query.xml_namespace, members);
}

Task<http::Reply> Pipeline::State::answer_rest(Call& call) const {
  const auto refused = [&](WireError error) {
    if (api.rest.refusal != nullptr) error = api.rest.refusal(std::move(error));
    return render_rest_json_error(call, error);
  };
  const auto& head = call.request.head;
  const auto path = http::split_target(head.target).first;
  const auto route = routes->find(head.method, path);
  if (!route)
    co_return refused({404, "UnknownOperationException",
                       fmt::format("{} {} is not an operation of the service.", head.method, path)});
  const auto* operation = find(route->operation->name);
  if (operation == nullptr) co_return refused(not_implemented(route->operation->name));
  auto body = co_await call.request.body.read_all(operation->body_limit);
  if (!body) co_return refused(unreadable(body.error(), "SerializationException"));
  auto members = parse_json_object(body->empty() ? "{}" : *body);
  if (!members) co_return refused({400, "SerializationException", members.error().message});
  const auto* shape = operation->model->input;
  const auto input = shape != nullptr ? read_rest(*shape, *route, head, *std::move(members)) : json::object{};
  auto output = co_await run(*operation, call, input);
  if (!output) co_return refused(output.error());
  co_return json_reply(call, *output, "application/json", operation->model->status);
}

Result<std::string> Pipeline::State::unpacked(const Call& call, Result<std::string> body, std::size_t limit) const {
  if (!body || !api.takes_gzip || call.request.head.headers.get_or("Content-Encoding", "") != "gzip") return body;
  return gunzip(*body, limit);
}

Task<http::Reply> Pipeline::State::answer_cbor(Call& call) const {
  const auto replied = [&](int status, const json::value& body) {
    http::Reply reply{.status = status};
    reply.headers.set("Content-Type", "application/cbor");
    reply.headers.set("smithy-protocol", "rpc-v2-cbor");
    reply.headers.set("x-amzn-RequestId", call.request_id);
    reply.body = write_cbor(body);
    return reply;
  };
  const auto refused = [&](WireError error) {
    add_query_code(error);
    auto reply = replied(error.status, json::object{{"__type", std::string(api.json.error_prefix) + error.code},
                                                    {"message", error.message}});
    reply.headers.set("x-amzn-query-error", std::string(error.headers.get_or("x-amzn-query-error", "")));
    return reply;
  };
  auto name = http::split_target(call.request.head.target).first;
  name.remove_prefix(api.cbor_path.size());
  const auto* operation = find(name);
  if (operation == nullptr && model.has(name)) co_return refused(not_implemented(name));
  if (operation == nullptr)
    co_return refused({404, "UnknownOperationException", fmt::format("The service has no operation {}.", name)});
  const auto body = unpacked(call, co_await call.request.body.read_all(operation->body_limit), operation->body_limit);
  if (!body) co_return refused(unreadable(body.error(), "SerializationException"));
  json::object input;
  if (!body->empty()) {
    auto parsed = read_cbor(*body);
    if (!parsed || !parsed->is_object())
      co_return refused({400, "SerializationException", "The request body is not a CBOR map."});
    input = std::move(parsed->get_object());
  }
  auto output = co_await run(*operation, call, input);
  if (!output) co_return refused(output.error());
  co_return replied(200, *output);
}

Answer Pipeline::perform(std::string region, std::string name, json::object input) const {
  const auto& environment = state_->environment;
  NoBody body;
  http::IncomingRequest request{{}, body, {}};
  const Call call{request,
                  {.arn = "cloudformation.amazonaws.com", .enforcement = Enforcement::off},
                  environment.account,
                  std::move(region),
                  "",
                  environment.clock.now()};
  co_return co_await perform(call, std::move(name), std::move(input));
}

Answer Pipeline::perform(const Call& call, std::string name, json::object input) const {
  const auto* operation = state_->find(name);
  if (operation == nullptr) co_return refuse(not_implemented(name));
  co_return co_await state_->run(*operation, call, input);
}

Task<http::Reply> Pipeline::answer(Call& call) const {
  const auto cbor_path = state_->api.cbor_path;
  if (!cbor_path.empty() && call.request.head.target.starts_with(cbor_path)) return state_->answer_cbor(call);
  const bool has_json = !state_->api.json.target_prefix.empty(), has_query = !state_->api.query.xml_namespace.empty();
  if (has_json && (!has_query || call.request.head.headers.has("X-Amz-Target"))) return state_->answer_json(call);
  return has_query ? state_->answer_query(call) : state_->answer_rest(call);
}

}  // namespace ads::cloud::operations
