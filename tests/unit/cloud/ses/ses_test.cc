// Addresses, MIME, verification and the sandbox, the mailbox.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/encoding.h"
#include "cloud/ses/actions.h"
#include "cloud/ses/address.h"
#include "run_task.h"
#include "temporary_directory.h"

namespace ads::cloud::ses {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(Address, Lists) {
  EXPECT_THAT(split_addresses(R"("Doe, Jane" <j@x.org>, bob@x.org ,, <"a,b"@x.org>)"),
              ElementsAre(R"("Doe, Jane" <j@x.org>)", "bob@x.org", R"(<"a,b"@x.org>)"));
  EXPECT_EQ(bare_address("Jane <j@x.org>"), "j@x.org");
  EXPECT_EQ(bare_address(" j@x.org "), "j@x.org");
  const std::pair<const char*, bool> cases[] = {{"a@b", true},    {"a", false},          {"@b", false},   {"a@", false},
                                                {"a b@c", false}, {"\xc3\xa9@b", false}, {"a@b@c", false}};
  for (const auto& [text, is_good] : cases) EXPECT_EQ(is_address(text), is_good) << text;
}

TEST(Mime, WhatIsRenderedCanBeRead) {
  Mail mail{.id = "1",
            .region = "eu-central-1",
            .source = "J <j@x.org>",
            .subject = "gr\xc3\xbc\xc3\x9f dich, a subject that is longer than one word \xe2\x82\xac",
            .text = "plain\n\xe2\x82\xac",
            .html = "<b>html</b>",
            .to = {"a@x.org", "b@x.org"},
            .headers = {{"X-A", "line\r\nInjected: no"}},
            .attachments = {{.file_name = "a.csv", .content_type = "text/plain", .bytes = "not the text"}}};
  const std::string mime = render_mime(mail);
  Mail back;
  read_parts(mime, back);
  EXPECT_EQ(back.subject, mail.subject);
  EXPECT_EQ(back.text, mail.text);
  EXPECT_EQ(back.html, mail.html);
  EXPECT_EQ(header_of(mime, "to"), "a@x.org, b@x.org");
  EXPECT_EQ(header_of(mime, "injected"), std::nullopt);
}

TEST(Mime, OtherPeoplesMail) {
  const std::string mime =
      "From: j@x.org\nTo: a@x.org,\n b@x.org\nSubject: =?utf-8?q?a=20=E2=82=AC?= =?utf-8?B?IQ==?=\n"
      "Content-Type: multipart/alternative; boundary=xx\n\nignored\n--xx\nContent-Type: text/plain\n"
      "Content-Transfer-Encoding: quoted-printable\n\nlong=\n line =E2=82=AC\n--xx\nContent-Type: "
      "text/html\n\n<p>\n--xx--\n";
  Mail mail;
  read_parts(mime, mail);
  EXPECT_EQ(mail.subject, "a \xe2\x82\xac!");
  EXPECT_EQ(mail.text, "long line \xe2\x82\xac");
  EXPECT_EQ(mail.html, "<p>");
  EXPECT_EQ(header_of(mime, "To"), "a@x.org, b@x.org");
  for (std::size_t size = 0; size < mime.size(); ++size) {
    Mail cut;
    read_parts(std::string_view(mime).substr(0, size), cut);
  }
}

class NoBody : public http::IncomingBody {
 public:
  Task<Result<std::size_t>> read_some(char*, std::size_t) override { co_return std::size_t{0}; }
  std::optional<std::uint64_t> declared_length() const override { return 0; }
};

class SesTest : public ::testing::Test {
 protected:
  ~SesTest() override { testing::run(io_, store_->close()); }

  json::object call(Action action, json::object body, std::string identity = "") {
    NoBody nobody;
    http::IncomingRequest request{{}, nobody, ""};
    Call call{request, {"", "", "", nullptr, Enforcement::off}, "000000000000", "eu-central-1", "r", clock_.now()};
    auto outcome = testing::run(io_, action(ses_, call, {std::move(body), std::move(identity), ""}));
    refused_ = outcome ? "" : outcome.error().code;
    message_ = outcome ? "" : outcome.error().message;
    return outcome ? std::move(*outcome) : json::object();
  }
  void verify(const std::string& identity) { call(create_email_identity, {{"EmailIdentity", identity}}); }
  void enter_sandbox() {
    call(put_account_details,
         {{"MailType", "TRANSACTIONAL"}, {"WebsiteURL", "https://x.org"}, {"ProductionAccessEnabled", false}});
  }
  json::object send(const std::string& from, std::vector<std::string> to, json::object more = {}) {
    json::array list;
    for (auto& one : to) list.emplace_back(one);
    more["FromEmailAddress"] = from;
    more["Destination"] = json::object{{"ToAddresses", std::move(list)}};
    if (!more.contains("Content")) more["Content"] = simple("s", "t");
    return call(send_email, std::move(more));
  }
  static json::object simple(const std::string& subject, const std::string& text) {
    return {{"Simple", json::object{{"Subject", json::object{{"Data", subject}}},
                                    {"Body", json::object{{"Text", json::object{{"Data", text}}}}}}}};
  }
  json::object mailbox(const std::string& method, const std::string& query = "") {
    NoBody nobody;
    http::Request head{.method = method, .target = "/_aws/ses" + query};
    http::IncomingRequest request{head, nobody, ""};
    Call call{request, {"", "", "", nullptr, Enforcement::off}, "000000000000", "eu-central-1", "r", clock_.now()};
    const auto reply = testing::run(io_, ses_.answer(call));
    const auto& body = std::get<std::string>(reply.body);
    return body.empty() ? json::object() : parse_json_object(body).value();
  }

  testing::TemporaryDirectory directory_;
  asio::io_context io_{1};
  ManualClock clock_{SystemTime(std::chrono::milliseconds(1'790'000'000'000))};
  std::unique_ptr<Store> store_ =
      std::move(*Store::open(io_.get_executor(), directory_.path() / "d", Durability::durable));
  Environment environment_{io_.get_executor(), *store_, clock_};
  Ses ses_{environment_};
  std::string refused_, message_;
};

TEST_F(SesTest, InTheSandboxSenderAndRecipientsMustBeVerified) {
  enter_sandbox();
  send("a@x.org", {"b@y.org", "Bob <b@y.org>"});
  EXPECT_EQ(refused_, "MessageRejected");
  EXPECT_EQ(message_,
            "Email address is not verified. The following identities failed the check in region EU-CENTRAL-1: a@x.org, "
            "b@y.org, Bob <b@y.org>");
  verify("a@x.org");
  send("A <a@x.org>", {"b@y.org"});
  EXPECT_EQ(message_,
            "Email address is not verified. The following identities failed the check in region EU-CENTRAL-1: b@y.org");
  send("a@x.org", {"success@simulator.amazonses.com"});
  EXPECT_EQ(refused_, "");
  verify("y.org");
  send("a@x.org", {"b@y.org", "c@sub.y.org"});
  EXPECT_EQ(refused_, "");
  send("z@y.org", {"a@x.org"});
  EXPECT_EQ(refused_, "");
}

TEST_F(SesTest, OutsideTheSandboxOnlyTheSenderMust) {
  verify("a@x.org");
  EXPECT_TRUE(call(get_account, {}).at("ProductionAccessEnabled").as_bool());
  send("a@x.org", {"anybody@y.org"});
  EXPECT_EQ(refused_, "");
  EXPECT_EQ(call(get_account, {}).at("SendQuota").at("SentLast24Hours").to_number<double>(), 1);
  call(put_account_sending_attributes, {{"SendingEnabled", false}});
  send("a@x.org", {"anybody@y.org"});
  EXPECT_EQ(refused_, "SendingPausedException");
}

TEST_F(SesTest, TheSandboxSendsTwoHundredADay) {
  enter_sandbox();
  verify("a@x.org");
  for (int i = 0; i < 4; ++i) send("a@x.org", std::vector<std::string>(50, "a@x.org"));
  EXPECT_EQ(refused_, "");
  send("a@x.org", {"a@x.org"});
  EXPECT_EQ(refused_, "LimitExceededException");
  clock_.advance(std::chrono::hours(24));
  send("a@x.org", {"a@x.org"});
  EXPECT_EQ(refused_, "");
}

TEST_F(SesTest, RulesOfAMail) {
  verify("x.org");
  const std::tuple<const char*, std::vector<std::string>, json::object, const char*> cases[] = {
      {"a@x.org", {}, {}, "BadRequestException"},
      {"", {"a@x.org"}, {}, "BadRequestException"},
      {"nonsense", {"a@x.org"}, {}, "BadRequestException"},
      {"a@x.org", {"nonsense"}, {}, "BadRequestException"},
      {"a@x.org", std::vector<std::string>(51, "a@x.org"), {}, "MessageRejected"},
      {"a@x.org", {"a@x.org"}, {{"ConfigurationSetName", "c"}}, "NotFoundException"},
      {"a@x.org", {"a@x.org"}, {{"TenantName", "c"}}, "NotImplemented"},
      {"a@x.org", {"a@x.org"}, {{"Content", json::object{{"Template", json::object()}}}}, "NotImplemented"},
      {"a@x.org", {"a@x.org"}, {{"Content", json::object()}}, "BadRequestException"},
      {"a@x.org", {"a@x.org"}, {{"Content", simple("s", std::string(41u << 20, 'a'))}}, "MessageRejected"},
  };
  for (const auto& [from, to, more, refusal] : cases) {
    send(from, to, more);
    EXPECT_EQ(refused_, refusal) << from << message_;
  }
}

TEST_F(SesTest, TheMailboxShowsWhatWasSent) {
  verify("x.org");
  const std::string id(
      send("a@x.org", {"b@x.org"}, {{"Content", simple("first", "text")}}).at("MessageId").as_string());
  const std::string raw = "From: c@x.org\r\nTo: d@x.org\r\nSubject: second\r\n\r\nraw text";
  call(send_email, {{"Content", json::object{{"Raw", json::object{{"Data", to_base64(raw)}}}}}});
  EXPECT_EQ(refused_, "") << message_;
  auto all = mailbox("GET").at("messages").as_array();
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].at("Id"), json::value(id));
  EXPECT_EQ(all[0].at("Region"), "eu-central-1");
  EXPECT_EQ(all[0].at("Source"), "a@x.org");
  EXPECT_EQ(all[0].at("Destination").at("ToAddresses").at(0), "b@x.org");
  EXPECT_EQ(all[0].at("Subject"), "first");
  EXPECT_EQ(all[0].at("Body").at("text_part"), "text");
  EXPECT_TRUE(all[0].at("Body").at("html_part").is_null());
  EXPECT_EQ(all[1].at("RawData"), json::value(raw));
  EXPECT_EQ(all[1].at("Source"), "c@x.org");
  EXPECT_EQ(all[1].at("Body").at("text_part"), "raw text");
  EXPECT_EQ(mailbox("GET", "?email=d%40x.org").at("messages").as_array().size(), 1u);
  EXPECT_EQ(mailbox("GET", "?email=nobody%40x.org").at("messages").as_array().size(), 0u);
  all = mailbox("GET", "?id=" + id).at("messages").as_array();
  ASSERT_EQ(all.size(), 1u);
  EXPECT_THAT(std::string(all[0].at("RawData").as_string()), HasSubstr("Subject: first\r\n"));
  mailbox("DELETE", "?id=" + id);
  EXPECT_EQ(mailbox("GET").at("messages").as_array().size(), 1u);
  mailbox("DELETE");
  EXPECT_EQ(mailbox("GET").at("messages").as_array().size(), 0u);
}

TEST_F(SesTest, IdentitiesAreVerifiedAtOnce) {
  auto made = call(create_email_identity, {{"EmailIdentity", "Example.org"},
                                           {"Tags", json::array{json::object{{"Key", "k"}, {"Value", "v"}}}}});
  EXPECT_TRUE(made.at("VerifiedForSendingStatus").as_bool());
  EXPECT_EQ(made.at("IdentityType"), "DOMAIN");
  EXPECT_EQ(made.at("DkimAttributes").at("Tokens").as_array().size(), 3u);
  verify("example.org");
  EXPECT_EQ(refused_, "AlreadyExistsException");
  for (const char* bad : {"", "nodots", "a@b@c.org", "a b@c.org"}) {
    verify(bad);
    EXPECT_EQ(refused_, "BadRequestException") << bad;
  }
  EXPECT_EQ(call(get_email_identity, {}, "example.org").at("Tags").at(0).at("Key"), "k");
  EXPECT_EQ(call(list_email_identities, {}).at("EmailIdentities").as_array().size(), 1u);
  call(delete_email_identity, {}, "example.org");
  call(delete_email_identity, {}, "example.org");
  EXPECT_EQ(refused_, "NotFoundException");
}

}  // namespace
}  // namespace ads::cloud::ses
