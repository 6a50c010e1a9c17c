#include "function/stack_trace.h"

#include <fmt/core.h>
#include <unwind.h>

#include <array>
#include <cstdint>
#include <typeinfo>

extern "C" {
// Absent where the linker was not told to wrap.
[[noreturn]] void __real___cxa_throw(void* object, std::type_info* type, void (*destroy)(void*)) __attribute__((weak));
}

namespace ads::function {
namespace {

struct Trace {
  std::array<std::uintptr_t, 32> addresses{};
  std::size_t count = 0;
};
thread_local Trace last_throw;

_Unwind_Reason_Code add_frame(_Unwind_Context* context, void* into) {
  auto& trace = *static_cast<Trace*>(into);
  if (trace.count == trace.addresses.size()) return _URC_END_OF_STACK;
  if (std::uintptr_t address = _Unwind_GetIP(context)) trace.addresses[trace.count++] = address;
  return _URC_NO_REASON;
}

}  // namespace

std::vector<std::string> thrown_from() {
  std::vector<std::string> frames;
  for (std::size_t i = 1; i < last_throw.count; ++i)  // the first is the hook
    frames.push_back(fmt::format("{:#x}", last_throw.addresses[i]));
  last_throw.count = 0;
  return frames;
}

}  // namespace ads::function

extern "C" [[noreturn]] void __wrap___cxa_throw(void* object, std::type_info* type, void (*destroy)(void*)) {
  using namespace ads::function;
  last_throw.count = 0;
  _Unwind_Backtrace(add_frame, &last_throw);
  __real___cxa_throw(object, type, destroy);
}
