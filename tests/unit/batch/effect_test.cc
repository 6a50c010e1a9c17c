// What a record leads to: its route, its notification, its retry message.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "batch/notification.h"
#include "batch/retry_message.h"
#include "batch/routing.h"

namespace ads::batch {
namespace {

TEST(Routing, FollowsTheTable) {
  struct {
    int status, retries, max;
    Route route;
  } cases[] = {
      {500, 0, 1, Route::retry},  {503, 1, 1, Route::retry},  {599, 1, 1, Route::retry},
      {503, 2, 1, Route::lookup}, {503, 0, 0, Route::retry},  {503, 1, 0, Route::lookup},
      {499, 0, 1, Route::lookup}, {200, 0, 1, Route::lookup}, {404, 9, 1, Route::lookup},
      {100, 0, 1, Route::lookup}, {503, 9, 9, Route::retry},  {503, 1000, 999, Route::lookup},
  };
  for (const auto& c : cases)
    EXPECT_EQ(route(c.status, c.retries, c.max), c.route) << c.status << " " << c.retries << " " << c.max;
}

TEST(User, KnowsItsProfileFieldsByTheirAttributes) {
  User user{"u-1", "Active"};
  EXPECT_EQ(user.missing_fields(), 4);
  for (const char* name : {"firstName", "lastName", "detailedAddress", "lastPingedLocation"}) *user.field(name) = name;
  EXPECT_EQ(user, (User{"u-1", "Active", "firstName", "lastName", "detailedAddress", "lastPingedLocation"}));
  EXPECT_EQ(user.missing_fields(), 0);
  for (const char* name : {"serviceUUID", "status", "shoeSize", "FirstName", ""})
    EXPECT_EQ(user.field(name), nullptr) << name;
  EXPECT_EQ((User{"u-1", "Active", ""}.missing_fields()), 3) << "an empty text is a text";
}

TEST(ActiveStatuses, AreComparedWithoutCaseAndOuterBlanks) {
  struct {
    const char *list, *status;
    bool is_active;
  } cases[] = {
      {"Active", "Active", true},
      {"Active", "active", true},
      {"Active", " ACTIVE\t", true},
      {"Active", "", false},
      {"Active", "Inactive", false},
      {"Active", "Act ive", false},
      {"Active", "Aktiv", false},
      {"Active, Aktiv ,On Leave", "aktiv", true},
      {"Active, Aktiv ,On Leave", "on leave", true},
      {"Active, Aktiv ,On Leave", "on", false},
      {"\u00c9tabli", "\u00e9TABLI", true},
      {"\u0391\u039a\u03a4\u0399\u03a3", "\u03b1\u03ba\u03c4\u03b9\u03c2", true},
      {"\u0410\u043a\u0442\u0438\u0432\u0435\u043d", "\u0430\u041a\u0422\u0418\u0412\u0415\u041d", true},
      {"\u0160", "\u0161", true},
      {"\u0179", "\u017a", true},
      {"\u0401", "\u0451", true},
      {"\u00d7", "\u00f7", false},
      {"1", "1", true},
      {"true", "true", true},
  };
  for (const auto& c : cases) {
    auto statuses = ActiveStatuses::parse(c.list);
    ASSERT_TRUE(statuses) << c.list;
    EXPECT_EQ(statuses->contains(c.status), c.is_active) << c.list << " / " << c.status;
  }
  EXPECT_TRUE(ActiveStatuses().contains("active"));
  EXPECT_FALSE(ActiveStatuses().contains(""));
  for (const char* list : {"", " ", ",", "Active,", "Active,,On"})
    EXPECT_EQ(ActiveStatuses::parse(list).error().code, "BadActiveStatus") << list;
}

TEST(Notification, OfAnActiveUser) {
  User user{"u-1", "Active", "Ada", "Love\"lace", "12 St", "51.5"};
  Notification n = notify("u-1", &user, "run", "rec", {});
  EXPECT_EQ(n.outcome, Outcome::processed);
  EXPECT_EQ(
      n.body,
      R"({"firstName":"Ada","lastName":"Love\"lace","detailedAddress":"12 St","lastPingedLocation":"51.5","serviceUUID":"u-1"})");
  EXPECT_THAT(n.attributes(), testing::ElementsAre(MessageAttribute{"Status", "Number", "200"},
                                                   MessageAttribute{"Outcome", "String", "processed"},
                                                   MessageAttribute{"RecordId", "String", "rec"},
                                                   MessageAttribute{"RunId", "String", "run"}));
  EXPECT_EQ(n.missing_fields, 0);
  EXPECT_EQ(n.size(),
            n.body.size() + std::string("StatusNumber200OutcomeStringprocessedRecordIdStringrecRunIdStringrun").size());
}

TEST(Notification, HasProfileFieldsAsTheirJson) {
  User user{"u-1", "active"};
  user.first_name = ProfileField::of_json("12345678901234567890123456789012345678");
  user.last_name = ProfileField::of_json("true");
  user.detailed_address = ProfileField::of_json(R"({"street":"12 St","floors":[1,2]})");
  user.last_pinged_location = "";
  Notification n = notify("u-1", &user, "run", "rec", {});
  EXPECT_EQ(n.body, R"({"firstName":12345678901234567890123456789012345678,"lastName":true,"detailedAddress":)"
                    R"({"street":"12 St","floors":[1,2]},"lastPingedLocation":"","serviceUUID":"u-1"})");
  EXPECT_EQ(n.missing_fields, 0);
}

TEST(Notification, IsAboutTheStatusesOfTheStack) {
  User user{"u-1", "Aktiv"};
  EXPECT_EQ(notify("u-1", &user, "run", "rec", {}).outcome, Outcome::not_active);
  EXPECT_EQ(notify("u-1", &user, "run", "rec", *ActiveStatuses::parse("active,aktiv")).outcome, Outcome::processed);
}

TEST(Notification, OfAnActiveUserWithoutProfileHasEmptyStrings) {
  User user{"u-1", "Active"};
  Notification n = notify("u-1", &user, "run", "rec", {});
  EXPECT_EQ(n.body,
            R"({"firstName":"","lastName":"","detailedAddress":"","lastPingedLocation":"","serviceUUID":"u-1"})");
  EXPECT_EQ(n.missing_fields, 4);
}

TEST(Notification, OfUsersThatCannotBeServed) {
  constexpr std::string_view body =
      R"({"serviceUUID":"u-1","message":"Cannot process the request: the user is not a member or has not been onboarded yet."})";
  User user{"u-1", "Suspended", "Ada"};
  Notification not_active = notify("u-1", &user, "run", "rec", {}),
               not_found = notify("u-1", nullptr, "run", "rec", {});
  EXPECT_EQ(not_active.body, body);
  EXPECT_EQ(not_found.body, body);
  EXPECT_EQ(not_active.missing_fields, 0) << "nothing of the profile is published";
  EXPECT_EQ(not_active.attributes()[0], (MessageAttribute{"Status", "Number", "403"}));
  EXPECT_EQ(not_active.attributes()[1], (MessageAttribute{"Outcome", "String", "not-active"}));
  EXPECT_EQ(not_found.attributes()[0], (MessageAttribute{"Status", "Number", "404"}));
  EXPECT_EQ(not_found.attributes()[1], (MessageAttribute{"Outcome", "String", "not-found"}));
}

TEST(Outcome, IsReadBack) {
  for (Outcome outcome : {Outcome::processed, Outcome::not_active, Outcome::not_found})
    EXPECT_EQ(parse_outcome(to_string(outcome)), outcome);
  EXPECT_EQ(parse_outcome("Processed"), std::nullopt);
}

constexpr const char* kRun = "0123456789abcdef0123456789abcdef";

TEST(RetryMessage, IsWrittenAndReadBack) {
  Record record{503, 1, "u-1", 4711, 45};
  std::string id = record_id(kRun, 4711);
  RetryMessage message = retry_message(record, kRun, id, "DES_Manually_Process_22-11-2026");
  EXPECT_EQ(message.body(), R"({"serviceUUID":"u-1","statusCode":503,"retryCount":1,"recordId":")" + id +
                                R"(","runId":")" + kRun +
                                R"(","batch":"DES_Manually_Process_22-11-2026","offset":4711,"length":45})");
  auto back = parse_retry_message(message.body());
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(*back, message);
  EXPECT_THAT(message.attributes(), testing::ElementsAre(MessageAttribute{"RecordId", "String", id},
                                                         MessageAttribute{"RunId", "String", kRun},
                                                         MessageAttribute{"StatusCode", "Number", "503"}));
  EXPECT_EQ(message.size(),
            message.body().size() + ("RecordIdString" + id + "RunIdString" + kRun + "StatusCodeNumber503").size());
}

TEST(RetryMessage, NamesWhatIsWrong) {
  std::string good = retry_message({503, 1, "u-1", 4711, 45}, kRun, record_id(kRun, 4711), "b").body();
  auto with = [&](const char* member, json::value value) {
    json::object object = *parse_json_object(good);
    object[member] = std::move(value);
    return parse_retry_message(json::serialize(object));
  };
  for (const char* member :
       {"serviceUUID", "statusCode", "retryCount", "recordId", "runId", "batch", "offset", "length"}) {
    for (json::value wrong : {json::value(nullptr), json::value(-1), json::value("")}) {
      auto message = with(member, wrong);
      ASSERT_FALSE(message) << member;
      EXPECT_THAT(message.error().message, testing::HasSubstr(member));
      EXPECT_EQ(message.error().kind, ErrorKind::invalid);
    }
  }
  EXPECT_FALSE(parse_retry_message("not json"));
  EXPECT_FALSE(parse_retry_message("[]"));
  struct {
    const char* member;
    json::value value;
  } bounds[] = {{"recordId", json::value(std::string(3000, 'A'))},
                {"recordId", json::value(record_id(kRun, 4712))},
                {"runId", json::value(std::string(33, '0'))},
                {"runId", "fedcba9876543210fedcba9876543210"},  // another run's
                {"runId", "0123456789ABCDEF0123456789ABCDEF"},
                {"batch", json::value(std::string(1025, 'b'))},
                {"length", std::int64_t{1} << 40},
                {"offset", 4712},
                {"serviceUUID", json::value(std::string(129, 'u'))}};
  for (const auto& [member, value] : bounds) {
    auto message = with(member, value);
    ASSERT_FALSE(message) << member << json::serialize(value).substr(0, 80);
    EXPECT_LT(message.error().message.size(), 120u) << "the value itself is not repeated";
  }
}

}  // namespace
}  // namespace ads::batch
