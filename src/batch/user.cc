#include "batch/user.h"

#include <array>
#include <utility>

namespace ads::batch {

void User::set(std::string_view attribute, std::string value) {
  constexpr std::array<std::pair<std::string_view, std::string User::*>, 6> fields{{
      {"serviceUUID", &User::service_uuid},
      {"status", &User::status},
      {"firstName", &User::first_name},
      {"lastName", &User::last_name},
      {"detailedAddress", &User::detailed_address},
      {"lastPingedLocation", &User::last_pinged_location},
  }};
  for (auto [name, member] : fields)
    if (name == attribute) this->*member = std::move(value);
}

User User::from_item(const Attributes& item) {
  User user;
  for (const auto& [name, value] : item) user.set(name, value);
  return user;
}

int User::missing_fields() const {
  return first_name.empty() + last_name.empty() + detailed_address.empty() + last_pinged_location.empty();
}

}  // namespace ads::batch
