// The formatting library, compiled once: Debian ships it as headers or as a shared object, and as headers it would be
// compiled again into each of our files that formats anything.
#include <fmt/format-inl.h>

namespace fmt::inline v9::detail {

// What the headers declare and leave to a library to instantiate.
template thousands_sep_result<char> thousands_sep_impl<char>(locale_ref);
template char decimal_point_impl<char>(locale_ref);
template dragonbox::decimal_fp<float> dragonbox::to_decimal(float) noexcept;
template dragonbox::decimal_fp<double> dragonbox::to_decimal(double) noexcept;
template void buffer<char>::append(const char*, const char*);
template void vformat_to(buffer<char>&, string_view, basic_format_args<buffer_context<char>>, locale_ref);

}  // namespace fmt::inline v9::detail
