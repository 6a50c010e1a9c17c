// A service's table of operations: a row for each, and the order in which every request passes it.
//
//     body > parse > the operation's row > authorize > validate > act > durable > render
//
//     {"DeleteTopic", Effect::write, {topic, "TopicArn"}, delete_topic}
#pragma once
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/task.h"
#include "cloud/access.h"
#include "cloud/call.h"
#include "cloud/wire_error.h"

namespace ads::cloud::operations {

// Whether an answer waits for the disk. Nothing else decides it.
enum class Effect { read, write };

// What permission is asked for: a Need for each resource that the request acts on. An empty action is the operation's
// own. No Need, and one without a resource, asks for everything ("*"): only a policy for everything lets that pass,
// and validation then says what is missing.
using Needs = std::vector<access::Need>;

struct Request {
  std::string_view operation;
  const Call& call;
  const json::object& input;  // parsed, and not validated yet

  // The member's text; empty where it is absent or of another type.
  std::string text(std::string_view member) const { return std::string(get_string(input, member).value_or("")); }
};

// The column that says which resource permission is asked for: how a service spells its resources, and the one member
// of the request that names it. Another member never moves the decision. There is no default: a row without it does
// not compile.
template <class Context>
class Resource {
 public:
  using Find = Needs (*)(const Context&, const Request&, std::string_view member);
  consteval Resource(Find find, std::string_view member = {}) : find_(find), member_(member) {}
  Needs find(const Context& context, const Request& request) const { return find_(context, request, member_); }

 private:
  Find find_;
  std::string_view member_;
};

using Reply = Outcome<json::object>;
using Answer = Task<Reply>;

// What an operation does: a function over its context and its input in the model's shape. One that only reads and
// applies is plain; what has to wait for something else is a coroutine.
template <class Context>
class Action {
 public:
  using Plain = Reply (*)(Context&, const json::object&);
  using Waiting = Answer (*)(Context&, const json::object&);
  consteval Action(Plain plain) : plain_(plain) {}
  consteval Action(Waiting waiting) : waiting_(waiting) {}
  Plain plain() const { return plain_; }  // null: it waits
  Waiting waiting() const { return waiting_; }

 private:
  Plain plain_ = nullptr;
  Waiting waiting_ = nullptr;
};

template <class Context>
struct Row {
  std::string_view name;
  Effect effect;
  Resource<Context> resource;
  Action<Context> action;
  std::size_t body_limit = 1u << 20;
};

}  // namespace ads::cloud::operations
