// A user of the service, as the users table knows them.
#pragma once
#include <string>
#include <string_view>

#include "batch/active_status.h"

namespace ads::batch {

// What the users table has for a field of the profile, as the JSON that is published: text, or whatever else an
// attribute can hold. Kept as text, so that a number of 38 digits stays what it is.
class ProfileField {
 public:
  ProfileField() = default;  // the table has nothing, or NULL
  ProfileField(std::string_view text);
  ProfileField(const char* text) : ProfileField(std::string_view(text)) {}
  // `json` is well-formed JSON.
  static ProfileField of_json(std::string json);

  bool is_missing() const { return json_.empty(); }
  // What is published: an empty string where the field is missing.
  std::string_view json() const { return is_missing() ? std::string_view("\"\"") : json_; }

  bool operator==(const ProfileField&) const = default;

 private:
  std::string json_;
};

struct User {
  std::string service_uuid;
  std::string status;
  ProfileField first_name, last_name, detailed_address, last_pinged_location;

  bool operator==(const User&) const = default;

  // The field that the attribute of the table is about; null where it is none of the profile.
  ProfileField* field(std::string_view attribute);

  bool is_active(const ActiveStatuses& active) const { return active.contains(status); }
  // How many of the four profile fields are missing.
  int missing_fields() const;
};

// Attribute names in the users table: the key, and the projection that a lookup needs.
inline constexpr std::string_view kUserKey = "serviceUUID";
inline constexpr std::string_view kUserStatus = "status";
inline constexpr std::string_view kUserAttributes[] = {"serviceUUID", "status",          "firstName",
                                                       "lastName",    "detailedAddress", "lastPingedLocation"};

}  // namespace ads::batch
