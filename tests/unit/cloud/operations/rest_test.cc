#include "cloud/operations/rest.h"

#include <gtest/gtest.h>

namespace ads::cloud::operations {
namespace {

constexpr std::string_view kModel =
    "v\tshelves\t2020-01-01\tbotocore\t1\n"
    "o\tListBooks\tListBooks\t+\tGET\t/books\t200\n"
    "o\tGetBook\tGetBook\t+\tGET\t/books/{Title}\t200\n"
    "o\tGetIndex\tGetBook\t+\tGET\t/books/index\t200\n"
    "o\tPutPage\tPutPage\t+\tPUT\t/books/{Title}/pages/{Path+}\t201\n"
    "r\tListBooks\tLimit:Limit@qlimit\tTags:Tags@qtag\tAuthor:string@qwrittenBy\n"
    "r\tGetBook\tTitle!string@uTitle\n"
    "r\tPutPage\tTitle!string@uTitle\tPath!string@uPath\tText:string\tPrinted:boolean@hx-printed\tSize:integer@nsize\n"
    "i\tLimit\t1\t10\n"
    "l\tTags\t-\t-\t-\tmember\tstring\n";

TEST(RestRoutes, FindTheOperationOfAPath) {
  Model model(kModel);
  const RestRoutes routes(model);
  struct Case {
    std::string_view method, path, operation;
  };
  for (const auto& c : std::initializer_list<Case>{{"GET", "/books", "ListBooks"},
                                                   {"GET", "/books/Faust", "GetBook"},
                                                   {"GET", "/books/a%2Fb", "GetBook"},
                                                   {"GET", "/books/index", "GetIndex"},
                                                   {"PUT", "/books/Faust/pages/1/a", "PutPage"},
                                                   {"PUT", "/books/Faust/pages/", ""},
                                                   {"POST", "/books", ""},
                                                   {"GET", "/books/", ""},
                                                   {"GET", "/books/a/b", ""},
                                                   {"GET", "/", ""},
                                                   {"GET", "", ""}}) {
    const auto found = routes.find(c.method, c.path);
    EXPECT_EQ(found ? found->operation->name : "", c.operation) << c.method << " " << c.path;
  }
}

TEST(RestRequests, CarryEachMemberInItsPlaceAndNowhereElse) {
  Model model(kModel);
  const RestRoutes routes(model);
  struct Case {
    std::string_view name;
    http::Request head;
    std::string_view body, input;
  };
  for (const auto& c :
       std::initializer_list<Case>{{"query",
                                    {"GET", "/books?limit=5&tag=a&tag=b&writtenBy=G%20%26%20S"},
                                    "{}",
                                    R"({"Limit":5,"Tags":["a","b"],"Author":"G & S"})"},
                                   {"not a number", {"GET", "/books?limit=five"}, "{}", R"({"Limit":"five"})"},
                                   {"nothing", {"GET", "/books"}, "{}", "{}"},
                                   {"query in the body", {"GET", "/books"}, R"({"limit":5,"Limit":5})", "{}"},
                                   {"path, header and body",
                                    {"PUT", "/books/Faust%20II/pages/1/a%3Fb", {{"X-Printed", "true"}}},
                                    R"({"Text":"t","size":7,"Title":"Other","Printed":false})",
                                    R"({"Title":"Faust II","Path":"1/a?b","Text":"t","Printed":true,"Size":7})"},
                                   {"body in the query",
                                    {"PUT", "/books/F/pages/1?Text=t&Title=Other"},
                                    "{}",
                                    R"({"Title":"F","Path":"1"})"}}) {
    const auto found = routes.find(c.head.method, http::split_target(c.head.target).first);
    ASSERT_TRUE(found) << c.name;
    const auto input = read_rest(*found->operation->input, *found, c.head, parse_json_object(c.body).value());
    EXPECT_EQ(json::value(input), *parse_json(c.input)) << c.name << ": " << json::serialize(input);
  }
}

}  // namespace
}  // namespace ads::cloud::operations
