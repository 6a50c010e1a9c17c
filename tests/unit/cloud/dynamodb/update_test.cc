#include "cloud/dynamodb/expression/update.h"

#include <gmock/gmock.h>

#include "cloud/dynamodb/expression/projection.h"
#include "cloud/dynamodb/value_json.h"

namespace ads::cloud::dynamodb {
namespace {

constexpr std::string_view kScope = R"({
  "ExpressionAttributeNames": {"#st": "status", "#a": "a"},
  "ExpressionAttributeValues": {":one": {"N": "1"}, ":s": {"S": "text"}, ":l": {"L": [{"N": "9"}]}, ":ss": {"SS": ["b", "c"]},
    ":ns": {"NS": ["1"]}, ":m": {"M": {}}, ":half": {"N": "0.5"}, ":empty": {"L": []}}
})";

// The item's JSON after the update, or the refusal.
std::string updated(const std::string& item, const std::string& expression) {
  auto scope = Scope::read(parse_text(kScope)->as_object());
  auto update = parse_update(expression, *scope);
  if (!update) return update.error().message;
  Attributes attributes = read_stored(item);
  auto applied = apply_update(*update, attributes);
  return applied ? to_json(attributes) : applied.error().message;
}

TEST(Update, ChangesItems) {
  struct Case {
    std::string item, expression, after;
  };
  const Case kCases[] = {
      {"{}", "SET a = :one", R"({"a":{"N":"1"}})"},
      {"{}", "set #st = :s", R"({"status":{"S":"text"}})"},
      {R"({"a":{"N":"2"}})", "SET a = a + :one", R"({"a":{"N":"3"}})"},
      {R"({"a":{"N":"2"}})", "SET a = a - :half", R"({"a":{"N":"1.5"}})"},
      {R"({"a":{"N":"2"}})", "SET b = (a + :one)", R"({"a":{"N":"2"},"b":{"N":"3"}})"},
      {R"({"a":{"N":"2"},"b":{"N":"5"}})", "SET a = b, b = a", R"({"a":{"N":"5"},"b":{"N":"2"}})"},
      {R"({"a":{"N":"2"}})", "SET a = if_not_exists(a, :one)", R"({"a":{"N":"2"}})"},
      {"{}", "SET a = if_not_exists(a, :half) + :one", R"({"a":{"N":"1.5"}})"},
      {R"({"a":{"L":[{"S":"x"}]}})", "SET a = list_append(a, :l)", R"({"a":{"L":[{"S":"x"},{"N":"9"}]}})"},
      {R"({"a":{"L":[{"S":"x"}]}})", "SET a = list_append(:l, a)", R"({"a":{"L":[{"N":"9"},{"S":"x"}]}})"},
      {"{}", "SET a = list_append(if_not_exists(a, :empty), :l)", R"({"a":{"L":[{"N":"9"}]}})"},
      {R"({"a":{"M":{}}})", "SET a.b = :s", R"({"a":{"M":{"b":{"S":"text"}}}})"},
      {R"({"a":{"L":[{"S":"x"}]}})", "SET a[0] = :one", R"({"a":{"L":[{"N":"1"}]}})"},
      {R"({"a":{"L":[{"S":"x"}]}})", "SET a[7] = :one, a[5] = :s", R"({"a":{"L":[{"S":"x"},{"S":"text"},{"N":"1"}]}})"},
      {R"({"a":{"N":"2"},"b":{"S":"x"}})", "REMOVE a", R"({"b":{"S":"x"}})"},
      {R"({"a":{"L":[{"S":"0"},{"S":"1"},{"S":"2"}]}})", "REMOVE a[0], a[1]", R"({"a":{"L":[{"S":"2"}]}})"},
      {R"({"a":{"L":[{"S":"0"}]}})", "REMOVE a[5]", R"({"a":{"L":[{"S":"0"}]}})"},
      {R"({"a":{"L":[{"S":"0"},{"S":"1"}]}})", "REMOVE a[0] SET a[1] = :s", R"({"a":{"L":[{"S":"text"}]}})"},
      {R"({"a":{"N":"2"}})", "ADD a :one", R"({"a":{"N":"3"}})"},
      {"{}", "ADD a :one", R"({"a":{"N":"1"}})"},
      {R"({"a":{"SS":["a","b"]}})", "ADD a :ss", R"({"a":{"SS":["a","b","c"]}})"},
      {R"({"a":{"M":{}}})", "ADD a.n :one", R"({"a":{"M":{"n":{"N":"1"}}}})"},
      {R"({"a":{"SS":["a","b"]}})", "DELETE a :ss", R"({"a":{"SS":["a"]}})"},
      {R"({"a":{"SS":["b"]}})", "DELETE a :ss", "{}"},
      {"{}", "DELETE a :ss", "{}"},
      {R"({"x":{"N":"1"}})", "SET a = :s REMOVE x ADD n :one DELETE y :ss", R"({"a":{"S":"text"},"n":{"N":"1"}})"},
      {"{}", "SET a = :one, #st = :s", R"({"a":{"N":"1"},"status":{"S":"text"}})"},
  };
  for (const Case& c : kCases) EXPECT_EQ(updated(c.item, c.expression), c.after) << c.item << " " << c.expression;
}

TEST(Update, IsRefusedInAwsWords) {
  const std::string bad_path = "The document path provided in the update expression is invalid for update";
  const std::string bad_type = "An operand in the update expression has an incorrect data type";
  const std::string no_attribute = "The provided expression refers to an attribute that does not exist in the item";
  struct Case {
    std::string item, expression, message;
  };
  const Case kCases[] = {
      {"{}", "", "Invalid UpdateExpression: The expression can not be empty;"},
      {"{}", "SET a = a", no_attribute},
      {"{}", "SET a = a + :one", no_attribute},
      {R"({"a":{"S":"x"}})", "SET a = a + :one", bad_type},
      {R"({"a":{"S":"x"}})", "SET a = list_append(a, :l)", bad_type},
      {"{}", "SET a.b = :one", bad_path},
      {R"({"a":{"S":"x"}})", "SET a.b = :one", bad_path},
      {R"({"a":{"M":{}}})", "SET a[0] = :one", bad_path},
      {"{}", "REMOVE a.b", bad_path},
      {R"({"a":{"S":"x"}})", "ADD a :one", bad_type},
      {R"({"a":{"SS":["x"]}})", "ADD a :ns", bad_type},
      {R"({"a":{"NS":["1"]}})", "DELETE a :ss", bad_type},
      {"{}", "SET a = :one SET b = :one",
       "Invalid UpdateExpression: The \"SET\" section can only be used once in an update expression;"},
      {"{}", "SET a = :one, a = :s",
       "Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of these "
       "paths; path one: [a], path two: [a]"},
      {"{}", "SET a.b = :one, a = :s",
       "Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of these "
       "paths; path one: [a, b], path two: [a]"},
      {"{}", "SET a.b = :one, a[0] = :s",
       "Invalid UpdateExpression: Two document paths conflict with each other; must remove or rewrite one of these "
       "paths; path one: [a, b], path two: [a, [0]]"},
      {"{}", "SET #a = :one REMOVE a",
       "Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of these "
       "paths; path one: [a], path two: [a]"},
      {"{}", "SET status = :one",
       "Invalid UpdateExpression: Attribute name is a reserved keyword; reserved keyword: status"},
      {"{}", "ADD a :s",
       "Invalid UpdateExpression: Incorrect operand type for operator or function; operator: ADD, operand type: "
       "STRING"},
      {"{}", "DELETE a :one",
       "Invalid UpdateExpression: Incorrect operand type for operator or function; operator: DELETE, operand type: "
       "NUMBER"},
      {"{}", "SET a = :s + :one",
       "Invalid UpdateExpression: Incorrect operand type for operator or function; operator or function: +, operand "
       "type: S"},
      {"{}", "SET a = list_append(:s, :l)",
       "Invalid UpdateExpression: Incorrect operand type for operator or function; operator or function: list_append, "
       "operand type: S"},
      {"{}", "SET a = if_not_exists(:s, :l)",
       "Invalid UpdateExpression: Operator or function requires a document path; operator or function: if_not_exists"},
      {"{}", "SET a = list_append(:l)",
       "Invalid UpdateExpression: Incorrect number of operands for operator or function; operator or function: "
       "list_append, number of operands: 1"},
      {"{}", "SET a = size(b)", "Invalid UpdateExpression: Invalid function name; function: size"},
      {"{}", "SET a = :nope",
       "Invalid UpdateExpression: An expression attribute value used in expression is not defined; attribute value: "
       ":nope"},
      {"{}", "SET a", "Invalid UpdateExpression: Syntax error; token: \"<EOF>\", near: \"a\""},
      {"{}", "SET a = :one,", "Invalid UpdateExpression: Syntax error; token: \"<EOF>\", near: \",\""},
      {"{}", "PUT a = :one", "Invalid UpdateExpression: Syntax error; token: \"PUT\", near: \"PUT a\""},
      {"{}", "SET a = :one + :one + :one",
       "Invalid UpdateExpression: Syntax error; token: \"+\", near: \":one + :one\""},
      {"{}", "ADD a b", "Invalid UpdateExpression: Syntax error; token: \"b\", near: \"a b\""},
  };
  for (const Case& c : kCases) EXPECT_EQ(updated(c.item, c.expression), c.message) << c.item << " " << c.expression;
}

TEST(Update, KnowsWhetherItOnlyRemoves) {
  auto scope = Scope::read(parse_text(kScope)->as_object());
  EXPECT_TRUE(only_removes(*parse_update("REMOVE a DELETE b :ss", *scope)));
  EXPECT_FALSE(only_removes(*parse_update("REMOVE a SET b = :one", *scope)));
  EXPECT_FALSE(only_removes({}));
}

TEST(Projection, TakesParts) {
  const std::string item =
      R"({"a":{"L":[{"S":"0"},{"S":"1"},{"M":{"x":{"N":"1"},"y":{"N":"2"}}}]},"b":{"M":{"c":{"S":"d"},"e":{"S":"f"}}},"g":{"N":"1"}})";
  struct Case {
    std::string expression, part;
  };
  const Case kCases[] = {
      {"g", R"({"g":{"N":"1"}})"},
      {"b.c", R"({"b":{"M":{"c":{"S":"d"}}}})"},
      {"b.c, b.e, g", R"({"b":{"M":{"c":{"S":"d"},"e":{"S":"f"}}},"g":{"N":"1"}})"},
      {"a[2].y, a[0]", R"({"a":{"L":[{"S":"0"},{"M":{"y":{"N":"2"}}}]}})"},
      {"absent, b.absent, a[9], g.x", "{}"},
      {"b.c, b.c",
       "Invalid ProjectionExpression: Two document paths overlap with each other; must remove or rewrite one of these "
       "paths; path one: [b, c], path two: [b, c]"},
      {"b.c, b[0]",
       "Invalid ProjectionExpression: Two document paths conflict with each other; must remove or rewrite one of these "
       "paths; path one: [b, c], path two: [b, [0]]"},
      {"name", "Invalid ProjectionExpression: Attribute name is a reserved keyword; reserved keyword: name"},
      {"b,", "Invalid ProjectionExpression: Syntax error; token: \"<EOF>\", near: \",\""},
  };
  for (const Case& c : kCases) {
    auto scope = Scope::read({});
    auto projection = Projection::parse(c.expression, *scope);
    EXPECT_EQ(projection ? to_json(projection->apply(read_stored(item))) : projection.error().message, c.part)
        << c.expression;
  }
}

}  // namespace
}  // namespace ads::cloud::dynamodb
