#include "cloud/operations/model.h"

#include <gmock/gmock.h>

#include "cloud/operations/form.h"
#include "cloud/operations/validation.h"

namespace ads::cloud::operations {
namespace {

using testing::ElementsAre;

constexpr std::string_view kModel =
    "v\tparcels\t2020-01-01\tbotocore\t1\n"
    "o\tList\t-\t+\n"
    "o\tSend\tSendRequest\t-\tPOST\t/parcels/{Name}\t201\n"
    "r\tSendRequest\tName!Name@uName\tKind:Kind\tCount:Count\tWeight:Weight\tLabels:Labels\tParts:Parts\tTags:Tags\t"
    "Attributes:Attributes\tSecret:Secret\tFlag:boolean\tOther:string@notherName\tTree:Tree\tWhen:timestamp\n"
    "s\tName\t1\t5\t[a-z.]+\n"
    "s\tLabel\t2\t3\t-\n"
    "S\tSecret\t4\t-\t-\n"
    "e\tKind\tsmall\tlarge\n"
    "i\tCount\t1\t10\n"
    "f\tWeight\t0.5\t2\n"
    "l\tLabels\t-\t3\tflat\tmember\tLabel\n"
    "l\tParts\t1\t-\t-\tmember\tPart\n"
    "r\tPart\tId!string\tSize:Count\n"
    "s\tTagKey\t1\t3\t-\n"
    "s\tTagValue\t0\t4\t-\n"
    "m\tTags\t-\t-\t-\tkey\tTagKey\tvalue\tTagValue\n"
    "m\tAttributes\t-\t-\tflat\tName\tstring\tValue\tPart\n"
    "r\tTree\tBranches:Trees\n"
    "l\tTrees\t-\t-\t-\tmember\tTree\n";

class ModelTest : public testing::Test {
 public:
  Model model{kModel};
  const Shape& request = *model.find("Send")->input;

  std::string wrong(std::string_view input) {
    auto found = check(parse_json_object(input).value(), request);
    if (!found) return found.error().code + ": " + found.error().message;
    return found->empty() ? "" : describe(*found);
  }
};

TEST_F(ModelTest, NamesItsOperations) {
  EXPECT_EQ(model.version(), "2020-01-01");
  EXPECT_THAT(model.names(), ElementsAre("List", "Send"));
  EXPECT_EQ(model.find("Sent"), nullptr);
  EXPECT_EQ(model.find("List")->input, nullptr);
  EXPECT_TRUE(model.find("List")->has_result);
  const auto& send = *model.find("Send");
  EXPECT_EQ(std::pair(send.method, send.path),
            std::pair(std::string_view("POST"), std::string_view("/parcels/{Name}")));
  EXPECT_EQ(send.status, 201);
  EXPECT_FALSE(send.has_result);
  EXPECT_EQ(request.members[0].location, Location::path);
  EXPECT_EQ(request.members[10].wire_name, "otherName");
}

// The words of AWS: https://github.com/aws/amazon-genomics-cli/issues/430 (length and pattern),
// https://github.com/amazon-archives/cloudwatch-logs-centralize-logs/issues/5 (null in a list),
// https://github.com/SWO-GS/auto-tag/issues/77 (a map's values).
TEST_F(ModelTest, WordsWhatIsWrongAsAwsDoes) {
  struct Case {
    std::string_view name, input, message;
  };
  for (const auto& c : std::initializer_list<Case>{
           {"fine",
            R"({"Name":"a.b","Kind":"small","Count":10,"Weight":0.5,"Labels":["ab"],"Tags":{"k":""},"Flag":true})", ""},
           {"missing", "{}",
            "1 validation error detected: Value null at 'name' failed to satisfy constraint: Member must "
            "not be null"},
           {"null is missing", R"({"Name":null})",
            "1 validation error detected: Value null at 'name' failed to satisfy constraint: Member must not be null"},
           {"two at once", R"({"Name":""})",
            "2 validation errors detected: Value '' at 'name' failed to satisfy constraint: Member must have length "
            "greater than or equal to 1; Value '' at 'name' failed to satisfy constraint: Member must satisfy regular "
            "expression pattern: [a-z.]+"},
           {"characters are counted, not bytes", R"({"Name":"a","Labels":["äöü"]})", ""},
           {"choice", R"({"Name":"a","Kind":"Small"})",
            "1 validation error detected: Value 'Small' at 'kind' failed to satisfy constraint: Member must satisfy "
            "enum "
            "value set: [small, large]"},
           {"range", R"({"Name":"a","Count":0,"Weight":2.5})",
            "2 validation errors detected: Value '0' at 'count' failed to satisfy constraint: Member must have value "
            "greater than or equal to 1; Value '2.5' at 'weight' failed to satisfy constraint: Member must have value "
            "less than or equal to 2"},
           {"a list's length", R"({"Name":"a","Parts":[]})",
            "1 validation error detected: Value '[]' at 'parts' failed to satisfy constraint: Member must have length "
            "greater than or equal to 1"},
           {"a list's texts", R"({"Name":"a","Labels":["a","abcd"]})",
            "1 validation error detected: Value '[a, abcd]' at 'labels' failed to satisfy constraint: Member must "
            "satisfy "
            "constraint: [Member must have length less than or equal to 3, Member must have length greater than or "
            "equal "
            "to 2]"},
           {"a list's structures", R"({"Name":"a","Parts":[{"Id":"x"},{"Size":11}]})",
            "2 validation errors detected: Value null at 'parts.2.member.id' failed to satisfy constraint: Member must "
            "not "
            "be null; Value '11' at 'parts.2.member.size' failed to satisfy constraint: Member must have value less "
            "than "
            "or equal to 10"},
           {"a map", R"({"Name":"a","Tags":{"long":"value"}})",
            "2 validation errors detected: Value '{long=value}' at 'tags' failed to satisfy constraint: Map keys must "
            "satisfy constraint: [Member must have length less than or equal to 3, Member must have length greater "
            "than or "
            "equal to 1]; Value '{long=value}' at 'tags' failed to satisfy constraint: Map value must satisfy "
            "constraint: "
            "[Member must have length less than or equal to 4, Member must have length greater than or equal to 0]"},
           {"null in a list", R"({"Name":"a","Labels":["ab",null]})",
            "1 validation error detected: Value '[ab, null]' at 'labels' failed to satisfy constraint: Member must "
            "satisfy "
            "constraint: [Member must not be null]"},
           {"null in a map", R"({"Name":"a","Tags":{"k":null}})",
            "1 validation error detected: Value '{k=null}' at 'tags' failed to satisfy constraint: Map value must "
            "satisfy "
            "constraint: [Member must not be null]"},
           {"a secret is not shown", R"({"Name":"a","Secret":"abc"})",
            "1 validation error detected: Value at 'secret' failed to satisfy constraint: Member must have length "
            "greater "
            "than or equal to 4"},
           {"a text for a number", R"({"Name":"a","Count":"5"})",
            "SerializationException: STRING_VALUE cannot be converted to Integer"},
           {"a number for a text", R"({"Name":5})",
            "SerializationException: NUMBER_VALUE cannot be converted to String"},
           {"a structure for a text", R"({"Name":{}})",
            "SerializationException: Start of structure or map found where not expected"},
           {"a list for a map", R"({"Name":"a","Tags":[]})",
            "SerializationException: Unrecognized collection type java.util.Map"},
           {"a text in a list of structures", R"({"Name":"a","Parts":["x"]})",
            "SerializationException: STRING_VALUE cannot be converted to Map"},
           {"what AWS does not know is ignored", R"({"Name":"a","Color":[1]})", ""},
           {"a shape in itself", R"({"Name":"a","Tree":{"Branches":[{"Branches":[{}]}]}})", ""}}) {
    EXPECT_EQ(wrong(c.input), c.message) << c.name;
  }
}

TEST(Patterns, AreReadAsJavaReadsThem) {
  struct Case {
    std::string_view pattern, fits, differs;
  };
  for (const auto& c : std::initializer_list<Case>{{R"([\w-_]*)", "a-_", "a.b"},
                                                   {R"([a-zA-Z-_.]+)", "aZ-_.", "a1"},
                                                   {R"([-a]+)", "-a", "b"},
                                                   {R"([a\-z]+)", "a-z", "b"},
                                                   {R"([^:*]*)", "a b", "a:b"},
                                                   {R"(^arn:\S+$)", "arn:x", "arn: x"},
                                                   {R"([\.\-_/#A-Za-z0-9]+)", "/a-b_c#.", "a b"},
                                                   {R"([a-z][-a-z0-9]*|arn:[-a-z:/]*)", "arn:a/b", "1"}}) {
    const Pattern pattern(c.pattern);
    EXPECT_TRUE(pattern.is_readable()) << c.pattern;
    EXPECT_TRUE(pattern.matches(c.fits)) << c.pattern;
    EXPECT_FALSE(pattern.matches(c.differs)) << c.pattern;
  }
}

TEST_F(ModelTest, NamesTenThingsAtMost) {
  std::string parts = "{}";
  for (int i = 0; i < 40; ++i) parts += ",{}";
  EXPECT_THAT(wrong(R"({"Name":"a","Parts":[)" + parts + "]}"), testing::StartsWith("10 validation errors detected: "));
}

TEST_F(ModelTest, ReadsForms) {
  struct Case {
    std::string_view name, form, json;
  };
  for (const auto& c : std::initializer_list<Case>{
           {"scalars", "Action=Send&Name=a%2Eb&Count=5&Weight=1.5&Flag=true&otherName=x",
            R"({"Name":"a.b","Count":5,"Weight":1.5,"Flag":true,"Other":"x"})"},
           {"what is not a number stays what it is", "Count=five&Flag=maybe", R"({"Count":"five","Flag":"maybe"})"},
           {"a flat list", "Labels.10=c&Labels.2=b&Labels.1=a", R"({"Labels":["a","b","c"]})"},
           {"a list with its element's name", "Parts.member.1.Id=x&Parts.member.1.Size=3&Parts.member.2.Id=y",
            R"({"Parts":[{"Id":"x","Size":3},{"Id":"y"}]})"},
           {"a map", "Tags.entry.1.key=k&Tags.entry.1.value=v&Tags.entry.2.key=l&Tags.entry.2.value=",
            R"({"Tags":{"k":"v","l":""}})"},
           {"a flat map with its own names", "Attributes.1.Name=n&Attributes.1.Value.Id=x",
            R"({"Attributes":{"n":{"Id":"x"}}})"},
           {"empty ones", "Labels=&Tags=&Tree=", R"({"Labels":[],"Tags":{},"Tree":{}})"},
           {"what the model does not know", "Color=red&Name.1=a", R"({"Name":{"1":"a"}})"}}) {
    auto tree = parse_form(c.form);
    ASSERT_TRUE(tree) << c.name;
    const auto input = read_form(*std::move(tree), request);
    EXPECT_EQ(json::value(input), *parse_json(c.json)) << c.name << ": " << json::serialize(input);
  }
  std::string many, deep = "a";
  for (int i = 1; i < 10'100; ++i) many += "L." + std::to_string(i) + "=x&";
  for (int i = 0; i < 30; ++i) deep += ".a";
  EXPECT_FALSE(parse_form(many));
  EXPECT_FALSE(parse_form(deep + "=1"));
}

}  // namespace
}  // namespace ads::cloud::operations
