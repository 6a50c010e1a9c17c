#include "cloud/dynamodb/expression/condition.h"

#include <gmock/gmock.h>

#include "cloud/dynamodb/value_json.h"

namespace ads::cloud::dynamodb {
namespace {

constexpr std::string_view kItem = R"({
  "name": {"S": "Grace"}, "age": {"N": "85"}, "bin": {"B": "AAEC"}, "ok": {"BOOL": true}, "none": {"NULL": true},
  "tags": {"SS": ["a", "b"]}, "sizes": {"NS": ["1", "2.5"]}, "blobs": {"BS": ["AA==", "AQ=="]},
  "kids": {"L": [{"S": "x"}, {"N": "2"}, {"M": {"deep": {"S": "down"}}}]},
  "home": {"M": {"city": {"S": "Arlington"}, "zip": {"N": "22201"}}}, "status": {"S": "Active"}
})";
constexpr std::string_view kScope = R"({
  "ExpressionAttributeNames": {"#st": "status", "#n": "name"},
  "ExpressionAttributeValues": {":s": {"S": "Grace"}, ":n": {"N": "85.0"}, ":m": {"N": "100"}, ":l": {"N": "1"}, ":a": {"S": "a"},
    ":g": {"S": "G"}, ":t": {"BOOL": true}, ":b": {"B": "AAE="}, ":type": {"S": "SS"}, ":x": {"S": "x"}, ":two5": {"N": "2.5"},
    ":act": {"S": "Active"}, ":set": {"SS": ["b", "a"]}, ":zero": {"N": "0"}, ":bad": {"S": "QQ"}, ":z": {"S": "z"}}
})";

json::object scope_json() {
  return parse_text(kScope)->as_object();
}

// "true", "false" or the refusal.
std::string judged(const std::string& expression) {
  auto scope = Scope::read(scope_json());
  auto condition = parse_condition("ConditionExpression", expression, *scope);
  if (!condition) return condition.error().message;
  return holds(*condition, read_stored(kItem)) ? "true" : "false";
}

TEST(Condition, Holds) {
  for (const char* expression : {"#n = :s",
                                 "age = :n",
                                 "age <> :m",
                                 "age < :m",
                                 "age <= :n",
                                 "age >= :n",
                                 "age > :l",
                                 ":l < age",
                                 "ok = :t",
                                 "age BETWEEN :l AND :m",
                                 "age between :n and :n",
                                 "age IN (:l, :n)",
                                 "#n IN (:a, :s)",
                                 "absent <> :s",
                                 "attribute_exists(#n)",
                                 "attribute_exists(home.city)",
                                 "attribute_exists(#st)",
                                 "attribute_not_exists(home.nowhere)",
                                 "attribute_not_exists(kids[3])",
                                 "attribute_exists(kids[2].deep)",
                                 "attribute_type(tags, :type)",
                                 "begins_with(#n, :g)",
                                 "begins_with(bin, :b)",
                                 "contains(#n, :g) OR contains(tags, :a)",
                                 "contains(tags, :a)",
                                 "contains(sizes, :two5)",
                                 "contains(kids, :x)",
                                 "contains(bin, :b)",
                                 "size(#n) > :l",
                                 "size(tags) = size(sizes)",
                                 "size(home) > :l",
                                 "size(kids) < :m",
                                 "size(bin) > :l",
                                 "tags = :set",
                                 "NOT #n = :a",
                                 "NOT (age < :l)",
                                 "age = :l OR age = :n",
                                 "age = :l OR age = :n AND #n = :s",
                                 "(age = :l OR age = :n) AND #n = :s",
                                 "NOT age = :l AND #n = :s",
                                 "kids[0] = :x",
                                 "kids [ 0 ] = :x",
                                 "(age) = (:n)",
                                 "#st=:act",
                                 "  #st\n=\t:act ",
                                 "size(:s) = size(#n)",
                                 "NOT NOT age = :n",
                                 "not attribute_exists(absent)"})
    EXPECT_EQ(judged(expression), "true") << expression;
}

TEST(Condition, DoesNotHold) {
  for (const char* expression : {"absent = :s",
                                 "absent < :s",
                                 "#n = :n",
                                 "age > :m",
                                 "#n < :n",
                                 "age BETWEEN :m AND :m",
                                 "absent BETWEEN :l AND :m",
                                 "age IN (:l, :m)",
                                 "attribute_exists(absent.further)",
                                 "attribute_exists(#n.further)",
                                 "attribute_exists(kids[0].further)",
                                 "attribute_not_exists(#n)",
                                 "attribute_type(#n, :type)",
                                 "begins_with(age, :g)",
                                 "contains(age, :l)",
                                 "contains(tags, :l)",
                                 "contains(home, :s)",
                                 "size(age) > :zero",
                                 "size(absent) >= :zero",
                                 "NOT (age < :m)",
                                 "age = :n AND age = :l",
                                 "age = :l AND age = :n OR #n = :a",
                                 "ok < ok2"})
    EXPECT_EQ(judged(expression), "false") << expression;
}

TEST(Condition, IsRefusedInAwsWords) {
  struct Case {
    std::string expression, message;
  };
  const Case kCases[] = {
      {"", "The expression can not be empty;"},
      {"  ", "The expression can not be empty;"},
      {"name = :s", "Attribute name is a reserved keyword; reserved keyword: name"},
      {"home.Status = :s", "Attribute name is a reserved keyword; reserved keyword: Status"},
      {"age = :nope", "An expression attribute value used in expression is not defined; attribute value: :nope"},
      {"#nope = :s", "An expression attribute name used in the document path is not defined; attribute name: #nope"},
      {"age = ", "Syntax error; token: \"<EOF>\", near: \"= \""},
      {"age :n", "Syntax error; token: \":n\", near: \"age :n\""},
      {"age == :n", "Syntax error; token: \"=\", near: \"== :n\""},
      {"age = :n AND", "Syntax error; token: \"<EOF>\", near: \"AND\""},
      {"age = :n )", "Syntax error; token: \")\", near: \":n )\""},
      {"(age = :n", "Syntax error; token: \"<EOF>\", near: \":n\""},
      {"age", "Syntax error; token: \"<EOF>\", near: \"age\""},
      {":n", "Syntax error; token: \"<EOF>\", near: \":n\""},
      {"age = :n ! ", "Syntax error; token: \"!\", near: \":n ! \""},
      {"_age = :n", "Syntax error; token: \"_\", near: \"_age = :n\""},
      {"kids[:n] = :n", "Syntax error; token: \":n\", near: \"[:n]\""},
      {"((age = :n))", "The expression has redundant parentheses;"},
      {"nosuch(age)", "Invalid function name; function: nosuch"},
      {"Size(age) = :n", "Invalid function name; function: Size"},
      {"size(kids)", "The function is not allowed to be used this way in an expression; function: size"},
      {"contains(kids, :x) = :t",
       "The function is not allowed to be used this way in an expression; function: contains"},
      {"begins_with(age)",
       "Incorrect number of operands for operator or function; operator or function: begins_with, number of operands: "
       "1"},
      {"begins_with(age, :l)",
       "Incorrect operand type for operator or function; operator or function: begins_with, operand type: N"},
      {"attribute_exists(:s)", "Operator or function requires a document path; operator or function: attribute_exists"},
      {"attribute_type(age, :bad)",
       "Invalid attribute type name found; type: QQ, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}"},
      {"age = age",
       "The first operand must be distinct from the remaining operands for this operator or function; operator: =, "
       "first operand: [age]"},
      {"home.city = home.city",
       "The first operand must be distinct from the remaining operands for this operator or function; operator: =, "
       "first operand: [home, city]"},
      {"age BETWEEN :m AND :l",
       "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound operand: "
       "AttributeValue: {N:100}, upper bound operand: AttributeValue: {N:1}"},
      {"age BETWEEN :s AND :l",
       "The BETWEEN operator requires same data type for lower and upper bounds; lower bound operand: AttributeValue: "
       "{S:Grace}, upper bound operand: AttributeValue: {N:1}"},
      {"age < :t", "Incorrect operand type for operator or function; operator: <, operand type: BOOL"},
      {"size(:n) = :n", "Incorrect operand type for operator or function; operator or function: size, operand type: N"},
  };
  for (const Case& c : kCases)
    EXPECT_EQ(judged(c.expression), "Invalid ConditionExpression: " + c.message) << c.expression;
}

TEST(Condition, HasLimits) {
  std::string long_one = "age = :n";
  while (long_one.size() <= 4096) long_one += ' ';
  EXPECT_EQ(
      judged(long_one),
      "Invalid ConditionExpression: Expression size has exceeded the maximum allowed size; expression size: 4097");
  std::string many = "age=:n";
  for (int i = 0; i < 150; ++i) many += " OR age=:n";
  EXPECT_EQ(judged(many),
            "Invalid ConditionExpression: The expression contains too many operators; operator count: 301");
  EXPECT_EQ(judged("age IN (" +
                   [] {
                     std::string list;
                     for (int i = 0; i < 101; ++i) list += i ? ",:n" : ":n";
                     return list;
                   }() +
                   ")"),
            "Invalid ConditionExpression: The IN operator is provided with too many operands; number of operands: 101");
  // Hostile nesting ends in a refusal, not in a stack overflow.
  EXPECT_THAT(judged(std::string(4000, '(')), testing::StartsWith("Invalid ConditionExpression: Syntax error"));
  std::string nots;
  for (int i = 0; i < 1000; ++i) nots += "NOT ";
  EXPECT_NE(judged(nots + "age = :n"), "true");
}

TEST(Scope, TellsWhatIsUnusedOrMalformed) {
  auto scope = Scope::read(
      parse_text(R"({"ExpressionAttributeNames":{"#a":"a","#b":"b"},"ExpressionAttributeValues":{":v":{"N":"1"}}})")
          ->as_object());
  ASSERT_TRUE(parse_condition("ConditionExpression", "attribute_exists(#a)", *scope).has_value());
  EXPECT_EQ(scope->check_all_used().error().message,
            "Value provided in ExpressionAttributeNames unused in expressions: keys: {#b}");
  struct Case {
    std::string_view request, message;
  };
  const Case kCases[] = {
      {R"({"ExpressionAttributeNames":{}})", "ExpressionAttributeNames must not be empty"},
      {R"({"ExpressionAttributeValues":{}})", "ExpressionAttributeValues must not be empty"},
      {R"({"ExpressionAttributeNames":{"a":"b"}})",
       "ExpressionAttributeNames contains invalid key: Syntax error; key: \"a\""},
      {R"({"ExpressionAttributeNames":{"#a-b":"b"}})",
       "ExpressionAttributeNames contains invalid key: Syntax error; key: \"#a-b\""},
      {R"({"ExpressionAttributeValues":{"v":{"S":"b"}}})",
       "ExpressionAttributeValues contains invalid key: Syntax error; key: \"v\""},
      {R"({"ExpressionAttributeValues":{":v":{"N":"b"}}})",
       "ExpressionAttributeValues contains invalid value: The parameter cannot be converted to a numeric value: b for "
       "key :v"},
      {R"({"ExpressionAttributeValues":{":v":{}}})",
       "ExpressionAttributeValues contains invalid value: Supplied AttributeValue is empty, must contain exactly one "
       "of the supported datatypes for key :v"},
  };
  for (const Case& c : kCases) {
    auto read = Scope::read(parse_text(c.request)->as_object());
    ASSERT_FALSE(read.has_value()) << c.request;
    EXPECT_EQ(read.error().message, c.message);
  }
}

}  // namespace
}  // namespace ads::cloud::dynamodb
