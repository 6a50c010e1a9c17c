// Filter policies: every operator, both scopes, syntax and limits.
#include "cloud/sns/filter_policy.h"

#include <gtest/gtest.h>

#include "cloud/sns/condition.h"

namespace ads::cloud::sns {
namespace {

struct Match {
  const char *policy, *type, *value;
  bool is_match;
};

TEST(FilterPolicy, OnAttributes) {
  const Match cases[] = {
      {R"({"a":["x"]})", "String", "x", true},
      {R"({"a":["x"]})", "String", "X", false},
      {R"({"a":["x","y"]})", "String", "y", true},
      {R"({"a":["x"]})", "String.custom", "x", true},
      {R"({"a":["x"]})", "Binary", "x", false},
      {R"({"a":[200]})", "Number", "200", true},
      {R"({"a":[200]})", "Number", "200.0", true},
      {R"({"a":[200]})", "String", "200", false},
      {R"({"a":[200.5]})", "Number", "200.500001", true},
      {R"({"a":[200.5]})", "Number", "200.50001", false},
      {R"({"a":["200"]})", "Number", "200", false},
      {R"({"a":[{"prefix":"ab"}]})", "String", "abc", true},
      {R"({"a":[{"prefix":"ab"}]})", "String", "ba", false},
      {R"({"a":[{"suffix":".png"}]})", "String", "x.png", true},
      {R"({"a":[{"suffix":".png"}]})", "String", "x.jpg", false},
      {R"({"a":[{"equals-ignore-case":"TeNnis"}]})", "String", "tEnNIS", true},
      {R"({"a":[{"equals-ignore-case":"tennis"}]})", "String", "tennis2", false},
      {R"({"a":[{"wildcard":"*ball*"}]})", "String", "baseball-game", true},
      {R"({"a":[{"wildcard":"a*c*e"}]})", "String", "abcde", true},
      {R"({"a":[{"wildcard":"a*c*e"}]})", "String", "abcdef", false},
      {R"({"a":[{"wildcard":"a\\*b"}]})", "String", "a*b", true},
      {R"({"a":[{"wildcard":"a\\*b"}]})", "String", "axb", false},
      {R"({"a":[{"cidr":"10.0.0.0/24"}]})", "String", "10.0.0.255", true},
      {R"({"a":[{"cidr":"10.0.0.0/24"}]})", "String", "10.0.1.0", false},
      {R"({"a":[{"cidr":"10.0.0.0/24"}]})", "String", "not an address", false},
      {R"({"a":[{"cidr":"2001:db8::/32"}]})", "String", "2001:db8::1", true},
      {R"({"a":[{"cidr":"2001:db8::/32"}]})", "String", "2001:db9::1", false},
      {R"({"a":[{"anything-but":["x","y"]}]})", "String", "z", true},
      {R"({"a":[{"anything-but":["x","y"]}]})", "String", "y", false},
      {R"({"a":[{"anything-but":"x"}]})", "String", "x", false},
      {R"({"a":[{"anything-but":[100,500]}]})", "Number", "101", true},
      {R"({"a":[{"anything-but":[100,500]}]})", "Number", "100.0", false},
      {R"({"a":[{"anything-but":{"prefix":"order-"}}]})", "String", "data-entry", true},
      {R"({"a":[{"anything-but":{"prefix":"order-"}}]})", "String", "order-number", false},
      {R"({"a":[{"anything-but":{"prefix":["a-","b-"]}}]})", "String", "b-1", false},
      {R"({"a":[{"anything-but":{"suffix":"ball"}}]})", "String", "baseball", false},
      {R"({"a":[{"anything-but":{"wildcard":"*ball"}}]})", "String", "baseball", false},
      {R"({"a":[{"anything-but":{"equals-ignore-case":"X"}}]})", "String", "x", false},
      {R"({"a":[{"numeric":["=",301.5]}]})", "Number", "301.5", true},
      {R"({"a":[{"numeric":["<",0]}]})", "Number", "-1", true},
      {R"({"a":[{"numeric":["<",0]}]})", "Number", "0", false},
      {R"({"a":[{"numeric":["<=",0]}]})", "Number", "0", true},
      {R"({"a":[{"numeric":[">",0,"<=",150]}]})", "Number", "150", true},
      {R"({"a":[{"numeric":[">",0,"<=",150]}]})", "Number", "0", false},
      {R"({"a":[{"numeric":[">=",0,"<",150]}]})", "Number", "1e2", true},
      {R"({"a":[{"numeric":["=",1]}]})", "String", "1", false},
      {R"({"a":[{"exists":true}]})", "String", "x", true},
      {R"({"a":[{"exists":false}]})", "String", "x", false},
      {R"({"b":[{"exists":false}]})", "String", "x", true},
      {R"({"b":[{"exists":true}]})", "String", "x", false},
      {R"({"b":[{"anything-but":"y"}]})", "String", "x", false},
      {R"({"a":["rugby"]})", "String.Array", R"(["soccer","rugby"])", true},
      {R"({"a":["hockey"]})", "String.Array", R"(["soccer","rugby"])", false},
      {R"({"a":[{"anything-but":["rugby"]}]})", "String.Array", R"(["rugby","tennis"])", true},
      {R"({"a":[{"anything-but":["rugby"]}]})", "String.Array", R"(["rugby"])", false},
      {R"({"a":[{"numeric":[">",5]}]})", "String.Array", R"([1,10])", true},
      {R"({"a":[null]})", "String.Array", R"([null])", true},
      {R"({"a":[true]})", "String.Array", R"([true])", true},
      {R"({"a":["x"],"b":["y"]})", "String", "x", false},
      {R"({"$or":[{"a":["x"]},{"b":["y"]}]})", "String", "x", true},
      {R"({"$or":[{"a":["z"]},{"b":[{"exists":false}]}]})", "String", "x", true},
      {R"({"$or":[{"a":["z"]},{"b":["y"]}]})", "String", "x", false},
      {R"({"a":["x"],"$or":[{"b":["y"]},{"c":["z"]}]})", "String", "x", false},
      {R"({})", "String", "x", true},
  };
  for (const Match& match : cases) {
    auto policy = FilterPolicy::parse(match.policy, FilterScope::attributes);
    ASSERT_TRUE(policy) << match.policy << ": " << policy.error().message;
    EXPECT_EQ(policy->matches({{"a", {match.type, match.value}}}, ""), match.is_match)
        << match.policy << " " << match.type << " " << match.value;
  }
}

TEST(FilterPolicy, OnTheBody) {
  const std::tuple<const char*, const char*, bool> cases[] = {
      {R"({"a":["x"]})", R"({"a":"x"})", true},
      {R"({"a":["x"]})", R"({"a":"y"})", false},
      {R"({"a":["x"]})", "not JSON", false},
      {R"({"a":["x"]})", R"(["x"])", false},
      {R"({"a":[1]})", R"({"a":1.0})", true},
      {R"({"a":[true]})", R"({"a":true})", true},
      {R"({"a":[null]})", R"({"a":null})", true},
      {R"({"a":[null]})", R"({})", false},
      {R"({"a":{"b":{"c":["x"]}}})", R"({"a":{"b":{"c":"x"}}})", true},
      {R"({"a":{"b":{"c":["x"]}}})", R"({"a":{"b":"x"}})", false},
      {R"({"a":["x"]})", R"({"a":["y","x"]})", true},
      {R"({"a":{"b":["x"]}})", R"({"a":[{"b":"y"},{"b":"x"}]})", true},
      {R"({"a":{"b":["x"],"c":["y"]}})", R"({"a":[{"b":"x","c":"n"},{"b":"n","c":"y"}]})", false},
      {R"({"a":{"b":["x"],"c":["y"]}})", R"({"a":[{"b":"n"},{"b":"x","c":"y"}]})", true},
      {R"({"a":{"b":[{"exists":false}]}})", R"({})", true},
      {R"({"a":{"b":[{"exists":true}]}})", R"({"a":{"b":0}})", true},
      {R"({"a":[{"exists":true}]})", R"({"a":{"b":0}})", false},
      {R"({"a":[{"numeric":[">",5]}]})", R"({"a":"10"})", false},
      {R"({"a":[{"prefix":"x"}]})", R"({"a":5})", false},
      {R"({"a":{"$or":[{"b":["x"]},{"c":["y"]}]}})", R"({"a":{"c":"y"}})", true},
      {R"({"$or":["x"]})", R"({"$or":"x"})", true},
      {R"({"$or":[{"prefix":"x"},{"prefix":"y"}]})", R"({"$or":"yes"})", true},
  };
  for (const auto& [text, body, is_match] : cases) {
    auto policy = FilterPolicy::parse(text, FilterScope::body);
    ASSERT_TRUE(policy) << text << ": " << policy.error().message;
    EXPECT_EQ(policy->matches({}, body), is_match) << text << " " << body;
  }
}

TEST(FilterPolicy, SyntaxAndLimits) {
  const std::tuple<std::string, FilterScope, bool> cases[] = {
      {"x", FilterScope::attributes, false},
      {"[]", FilterScope::attributes, false},
      {R"({"a":"x"})", FilterScope::attributes, false},
      {R"({"a":[]})", FilterScope::attributes, false},
      {R"({"a":{"b":["x"]}})", FilterScope::attributes, false},
      {R"({"a":{"b":["x"]}})", FilterScope::body, true},
      {R"({"a":{}})", FilterScope::body, false},
      {R"({"a":[["x"]]})", FilterScope::attributes, false},
      {R"({"a":[{"prefix":"x","suffix":"y"}]})", FilterScope::attributes, false},
      {R"({"a":[{"prefix":5}]})", FilterScope::attributes, false},
      {R"({"a":[{"prefix":""}]})", FilterScope::attributes, false},
      {R"({"a":[{"nonsense":"x"}]})", FilterScope::attributes, false},
      {R"({"a":[{"exists":"x"}]})", FilterScope::attributes, false},
      {R"({"a":[{"numeric":["=","x"]}]})", FilterScope::attributes, false},
      {R"({"a":[{"numeric":["~",1]}]})", FilterScope::attributes, false},
      {R"({"a":[{"numeric":["<",1,">",0]}]})", FilterScope::attributes, false},
      {R"({"a":[{"numeric":[">",1,"<",1]}]})", FilterScope::attributes, false},
      {R"({"a":[{"numeric":["=",1000000001]}]})", FilterScope::attributes, false},
      {R"({"a":[1000000001]})", FilterScope::attributes, false},
      {R"({"a":[{"anything-but":[]}]})", FilterScope::attributes, false},
      {R"({"a":[{"anything-but":{"cidr":"1.2.3.4/5"}}]})", FilterScope::attributes, false},
      {R"({"a":[{"cidr":"10.0.0.0"}]})", FilterScope::attributes, false},
      {R"({"a":[{"cidr":"10.0.0.0/33"}]})", FilterScope::attributes, false},
      {R"({"a":[{"wildcard":"a**b"}]})", FilterScope::attributes, false},
      {R"({"a":[1],"b":[1],"c":[1],"d":[1],"e":[1]})", FilterScope::attributes, true},
      {R"({"a":[1],"b":[1],"c":[1],"d":[1],"e":[1],"f":[1]})", FilterScope::attributes, false},
      {R"({"a":[1,2,3,4,5],"b":[1,2,3,4,5],"c":[1,2,3,4,5,6]})", FilterScope::attributes, true},
      {R"({"a":[1,2,3,4,5],"b":[1,2,3,4,5],"c":[1,2,3,4,5,6,7]})", FilterScope::attributes, false},
      {R"({"a":[")" + std::string(256 * 1024, 'x') + R"("]})", FilterScope::attributes, false},
  };
  for (const auto& [text, scope, is_good] : cases) {
    auto policy = FilterPolicy::parse(text, scope);
    EXPECT_EQ(policy.has_value(), is_good) << text.substr(0, 200);
    if (!policy) {
      EXPECT_EQ(policy.error().code, "InvalidParameter");
      EXPECT_TRUE(policy.error().message.starts_with("Invalid parameter: FilterPolicy: ")) << policy.error().message;
    }
  }
}

TEST(Wildcard, NeverTakesLongerThanItShould) {
  const std::string text(20'000, 'a');
  EXPECT_FALSE(matches_wildcard("*a*a*a*a*a*a*a*a*a*a*b", text));
}

}  // namespace
}  // namespace ads::cloud::sns
