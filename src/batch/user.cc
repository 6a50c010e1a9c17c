#include "batch/user.h"

#include <array>
#include <utility>

#include "base/json.h"

namespace ads::batch {

ProfileField::ProfileField(std::string_view text) : json_(json::serialize(json::string_view(text))) {}

ProfileField ProfileField::of_json(std::string json) {
  ProfileField field;
  field.json_ = std::move(json);
  return field;
}

ProfileField* User::field(std::string_view attribute) {
  constexpr std::array<std::pair<std::string_view, ProfileField User::*>, 4> fields{{
      {"firstName", &User::first_name},
      {"lastName", &User::last_name},
      {"detailedAddress", &User::detailed_address},
      {"lastPingedLocation", &User::last_pinged_location},
  }};
  for (auto [name, member] : fields)
    if (name == attribute) return &(this->*member);
  return nullptr;
}

int User::missing_fields() const {
  return first_name.is_missing() + last_name.is_missing() + detailed_address.is_missing() +
         last_pinged_location.is_missing();
}

}  // namespace ads::batch
