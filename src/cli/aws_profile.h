// A profile in the files that every AWS client reads: ~/.aws/config and ~/.aws/credentials.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"

namespace ads::cli {

using Settings = std::vector<std::pair<std::string, std::string>>;

// The file's text with these settings in that section: where it has the section, its lines for these names are replaced
// and all others stay; else it is added at the end. Comments and other sections stay as they are.
std::string with_settings(const std::string& text, const std::string& section, const Settings& settings);
// Nothing where there is no such section, or no such name in it.
std::string setting_of(const std::string& text, const std::string& section, const std::string& name);

// Letters, digits and -_.@: nothing that would end a section's line.
bool is_profile_name(const std::string& name);

struct LocalProfile {
  std::string name, endpoint, region, access_key_id, secret_access_key;
};
struct ProfileFiles {
  std::string config, credentials;
};
// AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE, else those below HOME.
ProfileFiles profile_files();

// Writes both files, mode 0600, each replaced as a whole. Errors: invalid / "BadProfile"; conflict / "ProfileExists"
// for one that is not a local cloud's; unavailable / "WriteFailed".
Result<void> write_profile(const ProfileFiles& files, const LocalProfile& profile);

}  // namespace ads::cli
