// Mail addresses as SES takes them: ASCII throughout, international domain names as punycode (RFC 3492).
#pragma once
#include <string>
#include <string_view>

#include "base/result.h"

namespace ads::cli {

// "ops@bücher.example" -> "ops@xn--bcher-kva.example". Errors: invalid / "BadAddress", with the address and what is
// wrong with it: a local part that is not ASCII (SES has none such), a label that is no domain's.
Result<std::string> sendable_address(std::string_view address);

// The same of each in a list separated by commas; blanks around them go. Every bad one is named.
Result<std::string> sendable_addresses(std::string_view list);

// One label without its dots: "bücher" -> "xn--bcher-kva"; of ASCII only: as it is. Errors: invalid / "BadAddress".
Result<std::string> punycode_label(std::string_view label);

}  // namespace ads::cli
