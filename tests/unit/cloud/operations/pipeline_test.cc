#include "cloud/operations/pipeline.h"

#include <gmock/gmock.h>

#include "cloud/operations/input.h"
#include "run_task.h"
#include "temporary_directory.h"

namespace ads::cloud::operations {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::string_view kModel =
    "v\tjars\t2020-01-01\tbotocore\t1\n"
    "o\tFillJar\tFillJar\t-\n"
    "o\tLabelJar\tFillJar\t+\n"
    "o\tListJars\t-\t+\n"
    "r\tFillJar\tName!Name\tAmount:integer\n"
    "s\tName\t1\t5\t-\n";

struct Context {
  std::vector<std::string>& done;
  const Call& call;
};

Needs jar(const Context& context, const Request& request, std::string_view member) {
  context.done.push_back("needs of " + std::string(request.operation));
  const auto name = request.text(member);
  return name.empty() ? Needs{} : Needs{{"", "arn:aws:jars:::" + name}};
}

Reply fill(Context& context, const json::object& input) {
  context.done.push_back("fill " + text(input, "Name"));
  return json::object{{"Filled", text(input, "Name")}};
}

Answer list(Context& context, const json::object&) {
  context.done.push_back("list");
  co_return json::object{};
}

std::optional<WireError> invalid(std::string_view operation, const Violations& found) {
  return WireError{400, "Invalid" + std::string(operation), describe(found)};
}

const Api kApi{.model = kModel,
               .permission = "jars",
               .json = {.content_type = "application/x-amz-json-1.1", .target_prefix = "Jars."},
               .query = {.xml_namespace = "http://jars/"},
               .cbor_path = "/service/Jars/operation/",
               .denied = access::kJsonStyle,
               .invalid = invalid};

constexpr Row<Context> kOperations[] = {
    {"FillJar", Effect::write, {jar, "Name"}, fill, 64},
    {"ListJars", Effect::read, jar, list},
};

class TextBody : public http::IncomingBody {
 public:
  explicit TextBody(std::string text) : text_(std::move(text)) {}
  Task<Result<std::size_t>> read_some(char* buffer, std::size_t capacity) override {
    const auto count = text_.copy(buffer, capacity);
    text_.erase(0, count);
    co_return count;
  }
  std::optional<std::uint64_t> declared_length() const override { return text_.size(); }

 private:
  std::string text_;
};

class PipelineTest : public ::testing::Test {
 public:
  ~PipelineTest() override { ads::testing::run(io, store->close()); }

  // "200 body" or "400 Code"; what ran on the way is in `done`.
  std::string ask(http::Request head, std::string text) {
    done.clear();
    TextBody body(std::move(text));
    http::IncomingRequest request{std::move(head), body, ""};
    const auto enforcement = principal ? Enforcement::on : Enforcement::off;
    Call call{request,    {.arn = "someone", .principal = principal, .enforcement = enforcement}, "1", "r", "id",
              clock.now()};
    auto reply = ads::testing::run(io, pipeline.answer(call));
    return std::to_string(reply.status) + " " + std::get<std::string>(reply.body);
  }
  std::string ask_json(const std::string& operation, std::string body) {
    return ask({"POST", "/", {{"X-Amz-Target", "Jars." + operation}}}, std::move(body));
  }
  std::string ask_query(std::string form) { return ask({"POST", "/"}, std::move(form)); }
  void as_user(std::string_view document) {
    auto user = std::make_shared<access::Principal>();
    user->kind = access::Principal::Kind::user;
    user->arn = user->entity_arn = "arn:aws:iam::1:user/u";
    auto policy = access::parse_policy(document, access::PolicyKind::identity);
    ASSERT_TRUE(policy) << policy.error().message;
    user->policies.push_back(std::make_shared<access::NamedPolicy>(access::NamedPolicy{"p", *std::move(policy)}));
    principal = user;
  }

  asio::io_context io;
  ads::testing::TemporaryDirectory directory;
  std::unique_ptr<Store> store = std::move(*Store::open(io.get_executor(), directory.path(), Durability::ephemeral));
  ManualClock clock{SystemTime(std::chrono::milliseconds(1))};
  Environment environment{.executor = io.get_executor(), .store = *store, .clock = clock};
  std::vector<std::string> done;
  Pipeline pipeline{environment, kApi, kOperations, [this](const Call& call) { return Context{done, call}; }};
  std::shared_ptr<const access::Principal> principal;
};

TEST_F(PipelineTest, AnswersInTheCallersProtocol) {
  EXPECT_EQ(ask_json("FillJar", R"({"Name":"tea"})"), R"(200 {"Filled":"tea"})");
  EXPECT_THAT(ask_query("Action=FillJar&Name=tea"),
              HasSubstr("<FillJarResponse xmlns=\"http://jars/\"><FillJarResult><Filled>tea</Filled></FillJarResult>"));
  EXPECT_THAT(ask({"POST", "/service/Jars/operation/FillJar"}, "\xA1\x64Name\x63tea"), HasSubstr("Filled\x63tea"));
  EXPECT_THAT(done, ElementsAre("fill tea"));
  EXPECT_THAT(ask_query("Action=ListJars"), HasSubstr("<ListJarsResult>\n</ListJarsResult>"));
}

TEST_F(PipelineTest, RefusesInTheCallersProtocol) {
  struct Case {
    std::string answer, status, text;
  };
  for (const auto& c :
       {Case{ask_json("LabelJar", "{}"), "501", R"("__type":"NotImplemented")"},
        Case{ask_json("BreakJar", "{}"), "400", R"("__type":"UnknownOperationException")"},
        Case{ask_json("FillJar", "{"), "400", R"("__type":"SerializationException")"},
        Case{ask_json("FillJar", "{}" + std::string(64, ' ')), "413", "RequestEntityTooLarge"},
        Case{ask_json("FillJar", R"({"Name":"coffee"})"), "400", R"("__type":"InvalidFillJar")"},
        Case{ask_query("Action=LabelJar"), "501", "<Code>NotImplemented</Code>"},
        Case{ask_query("Action=BreakJar"), "400", "<Code>InvalidAction</Code>"},
        Case{ask_query("Action=BreakJar"), "400", "Could not find operation BreakJar for version 2020-01-01"},
        Case{ask_query("Name=tea"), "400", "<Code>MissingAction</Code>"},
        Case{ask_query("Action=FillJar&Name=t&Amount=much"), "400", "<Code>MalformedInput</Code>"},
        Case{ask({"POST", "/service/Jars/operation/LabelJar"}, ""), "501", "NotImplemented"},
        Case{ask({"POST", "/service/Jars/operation/Break"}, ""), "404", "UnknownOperation"},
        Case{ask({"POST", "/service/Jars/operation/FillJar"}, "\xff"), "400", "SerializationEx"}}) {
    EXPECT_TRUE(c.answer.starts_with(c.status)) << c.answer;
    EXPECT_THAT(c.answer, HasSubstr(c.text));
  }
}

TEST_F(PipelineTest, AsksForPermissionBeforeItSaysWhatIsInvalid) {
  as_user(R"({"Statement":[{"Effect":"Allow","Action":"jars:*","Resource":"arn:aws:jars:::tea"}]})");
  EXPECT_THAT(ask_json("FillJar", R"({"Name":"coffee"})"),
              HasSubstr("is not authorized to perform: jars:FillJar on resource: arn:aws:jars:::coffee because"));
  EXPECT_THAT(done, ElementsAre("needs of FillJar"));
  EXPECT_THAT(ask_json("FillJar", R"({"Name":"tea"})"), ::testing::StartsWith("200 "));
  EXPECT_THAT(done, ElementsAre("needs of FillJar", "fill tea"));
}

// A request that names no resource, and an operation that has none, need permission for everything.
TEST_F(PipelineTest, FailsClosed) {
  as_user(R"({"Statement":[{"Effect":"Allow","Action":"jars:*","Resource":"arn:aws:jars:::*"}]})");
  for (const auto& [operation, body] : {std::pair("FillJar", "{}"), {"FillJar", R"({"Name":5})"}, {"ListJars", "{}"}})
    EXPECT_THAT(ask_json(operation, body), HasSubstr("on resource: * because")) << operation << body;
  as_user(R"({"Statement":[{"Effect":"Allow","Action":"jars:*","Resource":"*"}]})");
  EXPECT_THAT(ask_json("FillJar", "{}"), HasSubstr("Value null at 'name'"));
  EXPECT_THAT(ask_json("ListJars", "{}"), ::testing::StartsWith("200 "));
}

TEST_F(PipelineTest, PerformsForTheCloudWithoutAskingButNotWithoutChecking) {
  as_user(R"({"Statement":[{"Effect":"Allow","Action":"other:*","Resource":"*"}]})");
  auto filled = ads::testing::run(io, pipeline.perform("r", "FillJar", {{"Name", "tea"}}));
  EXPECT_TRUE(filled);
  auto refused = ads::testing::run(io, pipeline.perform("r", "FillJar", {{"Name", "coffee"}}));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "InvalidFillJar");
  EXPECT_EQ(ads::testing::run(io, pipeline.perform("r", "LabelJar", {})).error().code, "NotImplemented");
}

}  // namespace
}  // namespace ads::cloud::operations
