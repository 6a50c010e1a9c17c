// A user of the service, as the users table knows them.
#pragma once
#include <map>
#include <string>
#include <string_view>

namespace ads::batch {

// An item's string attributes by name; what is not a string is left out by whoever converts.
using Attributes = std::map<std::string, std::string, std::less<>>;

struct User {
  std::string service_uuid;
  std::string status;
  // The profile; empty where the table has nothing.
  std::string first_name, last_name, detailed_address, last_pinged_location;

  bool operator==(const User&) const = default;

  // Sets the field that the attribute names; other attributes are ignored.
  void set(std::string_view attribute, std::string value);
  static User from_item(const Attributes& item);

  bool is_active() const { return status == "Active"; }
  // How many of the four profile fields are empty.
  int missing_fields() const;
};

// Attribute names in the users table: the key, and the projection that a lookup needs.
inline constexpr std::string_view kUserKey = "serviceUUID";
inline constexpr std::string_view kUserAttributes[] = {"serviceUUID", "status",          "firstName",
                                                       "lastName",    "detailedAddress", "lastPingedLocation"};

}  // namespace ads::batch
