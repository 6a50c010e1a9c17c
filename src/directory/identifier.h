// Identifiers that a directory keeps as bytes, as the text that people know.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace ads::directory {

// Active Directory's objectGUID: 16 bytes whose first three groups are little-endian, as 8-4-4-4-12 hex digits in lower
// case (learn.microsoft.com/windows/win32/api/guiddef/ns-guiddef-guid). Nothing for another number of bytes.
std::optional<std::string> guid_text(std::string_view bytes);

// objectSid: "S-1-5-21-..." ([MS-DTYP] 2.4.2). Nothing where the bytes are not a SID.
std::optional<std::string> sid_text(std::string_view bytes);

}  // namespace ads::directory
