// The one way of a request through a service: its table of operations says what is special about each of them.
#pragma once
#include <functional>
#include <memory>
#include <span>
#include <string_view>

#include "cloud/environment.h"
#include "cloud/operations/form.h"
#include "cloud/operations/model.h"
#include "cloud/operations/operation.h"
#include "cloud/operations/validation.h"
#include "cloud/query_protocol.h"
#include "cloud/route.h"

namespace ads::cloud::operations {

// How a service speaks, and how it words its refusals.
struct Api {
  std::string_view model;       // the text of its model.inc
  std::string_view permission;  // before the colon in policies: "logs"
  struct Json {
    std::string_view content_type;       // "application/x-amz-json-1.1"
    std::string_view target_prefix;      // "Logs_20140328."; empty: the service has no JSON protocol
    std::string_view error_prefix = {};  // "com.amazonaws.sqs#"
    // Clients that once spoke Query find the code that they knew in x-amzn-query-error.
    bool is_query_compatible = false;
  };
  Json json = {};
  struct Query {
    std::string_view xml_namespace;  // empty: the service has no Query protocol
    XmlShape shape = {};
    // Where a service's forms and results differ from the rest; null elsewhere.
    void (*prepare)(const Call&, FormTree&) = nullptr;
    std::string (*render)(std::string_view operation, const json::object& result) = nullptr;
    WireError (*refusal)(WireError) = nullptr;
  };
  Query query = {};
  // Smithy's RPC v2 with CBOR, beside JSON: what stands before the operation in its path. Results may have timestamps.
  std::string_view cbor_path = {};
  // Whether bodies may be compressed (Content-Encoding: gzip).
  bool takes_gzip = false;
  // A service with neither JSON nor Query speaks rest-json.
  struct Rest {
    WireError (*refusal)(WireError) = nullptr;
  };
  Rest rest = {};
  access::Style denied;
  // What members that the model does not allow are answered; nothing where the action is to answer.
  std::optional<WireError> (*invalid)(std::string_view operation, const Violations&);
};

class Pipeline {
 public:
  // `context` makes what an action is given. The table and the service outlive the pipeline.
  template <class Context, std::size_t count>
  Pipeline(Environment& environment, const Api& api, const Row<Context> (&table)[count],
           std::type_identity_t<std::function<Context(const Call&)>> context)
      : Pipeline(environment, api) {
    for (const Row<Context>& row : table) {
      add({row.name, row.effect, row.body_limit,
           [&row, context](const Call& call, const json::object& input) {
             return row.resource.find(context(call), {row.name, call, input});
           },
           [&row, context](const Call& call, const json::object& input) {
             return act(context(call), row.action, input);
           }});
    }
  }
  ~Pipeline();

  // Any request of the service; refusals are replies too: UnknownOperationException and its like for what AWS does not
  // have, NotImplemented for what it has and this cloud lacks, each in the caller's protocol.
  Task<http::Reply> answer(Call& call) const;

  // One operation as the cloud itself does it, for a stack: validated, acted, durable. Permission is not asked for.
  Answer perform(std::string region, std::string operation, json::object input) const;
  // The same for a call that is there already.
  Answer perform(const Call& call, std::string operation, json::object input) const;

 private:
  // A row without its context's type.
  struct Operation {
    std::string_view name;
    Effect effect;
    std::size_t body_limit;
    std::function<Needs(const Call&, const json::object&)> needs;
    std::function<Answer(const Call&, const json::object&)> act;
    const ApiOperation* model = nullptr;
  };
  struct State;

  Pipeline(Environment& environment, const Api& api);
  void add(Operation operation);

  template <class Context>
  static Answer act(Context context, Action<Context> action, const json::object& input) {
    if (action.plain() != nullptr) co_return action.plain()(context, input);
    co_return co_await action.waiting()(context, input);
  }

  std::unique_ptr<State> state_;
};

}  // namespace ads::cloud::operations
