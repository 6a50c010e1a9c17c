// How host names are resolved in a program that is linked statically.
#pragma once

namespace ads::http {

// Only /etc/hosts and DNS from now on, whatever /etc/nsswitch.conf says. The modules that it names are shared objects
// made for the image's C library: a static program that loads one has two C libraries, and dies of it. Call it before
// the first name is resolved.
void resolve_by_files_and_dns();

}  // namespace ads::http
