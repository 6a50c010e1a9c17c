// libFuzzer: any text as each kind of DynamoDB expression, over one item and one set of names and values: refused in
// AWS's words, or evaluated without a crash.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "cloud/dynamodb/expression/condition.h"
#include "cloud/dynamodb/expression/key_condition.h"
#include "cloud/dynamodb/expression/projection.h"
#include "cloud/dynamodb/expression/update.h"
#include "cloud/dynamodb/value_json.h"

namespace {

using namespace ads::cloud::dynamodb;

const ads::json::object& request() {
  static const auto parsed = *ads::parse_json_object(R"({
    "ExpressionAttributeNames": {"#a": "a", "#s": "status", "#l": "l"},
    "ExpressionAttributeValues": {":s": {"S": "x"}, ":n": {"N": "1.5"}, ":m": {"M": {"k": {"N": "1"}}}, ":l": {"L": [{"S": "y"}]},
      ":ss": {"SS": ["p", "q"]}, ":ns": {"NS": ["1", "2"]}, ":t": {"BOOL": true}, ":z": {"NULL": true}, ":b": {"B": "AAE="}}})");
  return parsed;
}

const Attributes& item() {
  static const auto parsed = *read_attributes(*ads::parse_json(R"({
    "a": {"N": "10"}, "status": {"S": "xyz"}, "l": {"L": [{"S": "y"}, {"L": [{"N": "1"}]}, {"NULL": true}]},
    "m": {"M": {"k": {"N": "1"}, "d": {"M": {"e": {"B": "AAE="}}}}}, "ss": {"SS": ["p", "r"]}, "ns": {"NS": ["2", "3"]}})"));
  return parsed;
}

void check(const ads::cloud::WireError& error) {
  if (error.status != 400 || error.code.find("ValidationException") == std::string::npos || error.message.empty())
    std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  auto scope = Scope::read(request());
  if (!scope) std::abort();
  Attributes subject = item();  // a copy: updates change it
  switch (data[0] % 4) {
    case 0:
      if (auto condition = parse_condition("ConditionExpression", text, *scope)) {
        holds(*condition, subject);
        heads_of(*condition);
      } else {
        check(condition.error());
      }
      break;
    case 1:
      if (auto update = parse_update(text, *scope)) {
        paths_of(*update);
        if (auto applied = apply_update(*update, subject); !applied) check(applied.error());
      } else {
        check(update.error());
      }
      break;
    case 2:
      if (auto projection = Projection::parse(text, *scope)) {
        if (projection->apply(subject).size() > subject.size()) std::abort();
      } else {
        check(projection.error());
      }
      break;
    default:
      if (auto keys = parse_key_conditions(text, *scope)) {
        if (keys->empty() || keys->size() > 2) std::abort();
      } else {
        check(keys.error());
      }
  }
  return 0;
}
