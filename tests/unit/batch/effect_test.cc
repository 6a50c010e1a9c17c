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

TEST(User, IsReadFromAnItem) {
  User user = User::from_item({{"serviceUUID", "u-1"},
                               {"status", "Active"},
                               {"firstName", "Ada"},
                               {"lastName", "Lovelace"},
                               {"detailedAddress", "12 St James's Square"},
                               {"lastPingedLocation", "51.5,-0.1"},
                               {"shoeSize", "38"}});
  EXPECT_EQ(user, (User{"u-1", "Active", "Ada", "Lovelace", "12 St James's Square", "51.5,-0.1"}));
  EXPECT_TRUE(user.is_active());
  EXPECT_EQ(user.missing_fields(), 0);
  EXPECT_EQ(User::from_item({{"serviceUUID", "u-1"}, {"firstName", "Ada"}}).missing_fields(), 3);
  for (const char* status : {"", "active", "ACTIVE", "Inactive", "Active "})
    EXPECT_FALSE((User{"u-1", status}.is_active())) << status;
}

TEST(Notification, OfAnActiveUser) {
  User user{"u-1", "Active", "Ada", "Love\"lace", "12 St", "51.5"};
  Notification n = notify("u-1", &user, "run", "rec");
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

TEST(Notification, OfAnActiveUserWithoutProfileHasEmptyStrings) {
  User user{"u-1", "Active"};
  Notification n = notify("u-1", &user, "run", "rec");
  EXPECT_EQ(n.body,
            R"({"firstName":"","lastName":"","detailedAddress":"","lastPingedLocation":"","serviceUUID":"u-1"})");
  EXPECT_EQ(n.missing_fields, 4);
}

TEST(Notification, OfUsersThatCannotBeServed) {
  constexpr std::string_view body =
      R"({"serviceUUID":"u-1","message":"Cannot process the request: the user is not a member or has not been onboarded yet."})";
  User user{"u-1", "Suspended", "Ada"};
  Notification not_active = notify("u-1", &user, "run", "rec"), not_found = notify("u-1", nullptr, "run", "rec");
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

TEST(RetryMessage, IsWrittenAndReadBack) {
  Record record{503, 1, "u-1", 4711, 45};
  RetryMessage message = retry_message(record, "run", "rec", "DES_Manually_Process_22-11-2026");
  EXPECT_EQ(
      message.body(),
      R"({"serviceUUID":"u-1","statusCode":503,"retryCount":1,"recordId":"rec","runId":"run","batch":"DES_Manually_Process_22-11-2026","offset":4711,"length":45})");
  auto back = parse_retry_message(message.body());
  ASSERT_TRUE(back);
  EXPECT_EQ(*back, message);
  EXPECT_THAT(message.attributes(), testing::ElementsAre(MessageAttribute{"RecordId", "String", "rec"},
                                                         MessageAttribute{"RunId", "String", "run"},
                                                         MessageAttribute{"StatusCode", "Number", "503"}));
  EXPECT_EQ(message.size(),
            message.body().size() + std::string("RecordIdStringrecRunIdStringrunStatusCodeNumber503").size());
}

TEST(RetryMessage, NamesWhatIsWrong) {
  std::string good = retry_message({503, 1, "u-1", 4711, 45}, "run", "rec", "b").body();
  for (const char* member :
       {"serviceUUID", "statusCode", "retryCount", "recordId", "runId", "batch", "offset", "length"}) {
    for (json::value wrong : {json::value(nullptr), json::value(-1), json::value("")}) {
      json::object object = *parse_json_object(good);
      object[member] = wrong;
      auto message = parse_retry_message(json::serialize(object));
      ASSERT_FALSE(message) << member;
      EXPECT_THAT(message.error().message, testing::HasSubstr(member));
      EXPECT_EQ(message.error().kind, ErrorKind::invalid);
    }
  }
  EXPECT_FALSE(parse_retry_message("not json"));
  EXPECT_FALSE(parse_retry_message("[]"));
}

}  // namespace
}  // namespace ads::batch
