#include "harness/sdk/injection.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <vector>

#include <fmt/core.h>

#include "harness/base/usage_error.h"
#include "harness/sdk/registry.h"

namespace ipcbench {
namespace {

constexpr std::uint64_t kLongestWaitNs = 1'000'000'000;

[[noreturn]] void refuse_syntax(std::string_view text) {
  throw UsageError(
      fmt::format("{}: '{}' is neither TRANSPORT:+NUMBERns (at most {}) nor TRANSPORT:+syscall; example: pipe:+400ns; "
                  "in place of a transport, {} slows the measuring loops down",
                  kInjectionVariable, text, kLongestWaitNs, kInjectIntoHarness));
}

const char* wanted_injection() noexcept {
  const char* text = std::getenv(kInjectionVariable);
  return text == nullptr || *text == '\0' ? nullptr : text;
}

}  // namespace

Injection parse_injection(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) refuse_syntax(text);
  Injection injection{.transport = std::string(text.substr(0, colon))};
  std::string_view what = text.substr(colon + 1);
  if (injection.transport != kInjectIntoHarness && find_registered(injection.transport) == nullptr) {
    std::vector<std::string> names = {std::string(kInjectIntoHarness)};
    for (const RegisteredTransport& entry : registered_transports()) names.emplace_back(entry.name);
    throw UsageError(fmt::format("{}: unknown transport '{}'{}", kInjectionVariable, injection.transport,
                                 suggestion(injection.transport, names)));
  }
  if (what == "+syscall") {
    injection.calls = true;
    return injection;
  }
  if (!what.starts_with('+') || !what.ends_with("ns")) refuse_syntax(text);
  what = what.substr(1, what.size() - 3);
  const auto [end, error] = std::from_chars(what.data(), what.data() + what.size(), injection.wait_ns);
  const bool whole = error == std::errc() && end == what.data() + what.size();
  if (!whole || injection.wait_ns > kLongestWaitNs) refuse_syntax(text);
  return injection;
}

void check_injection() {
  const char* wanted = wanted_injection();
  if (wanted == nullptr) return;
#if defined(IPCBENCH_INJECTION)
  parse_injection(wanted);
#else
  throw UsageError(
      fmt::format("{} is set, but this build can't inject anything: unset it, or build with the preset inject",
                  kInjectionVariable));
#endif
}

#if defined(IPCBENCH_INJECTION)

void InjectedDelay::happen() const noexcept {
  if (calls) ::syscall(SYS_getppid);
  if (wait_ns == 0) return;
  const std::uint64_t begin = clock.begin();
  while (clock.to_ns(clock.begin() - begin) + overhead_ns < wait_ns) {
  }
}

InjectedDelay& injected_delay() noexcept {
  static InjectedDelay delay;
  return delay;
}

namespace {

// Returns by how many ns a wait exceeds what it is told: the clock's readings around it, and half a step. Subtracting
// it makes "+200ns" 200 ns. The minimum of some batches.
std::uint64_t wait_overhead(const Clock& clock) {
  constexpr std::uint64_t kWaitNs = 300, kWaits = 200;
  const InjectedDelay delay{.wait_ns = kWaitNs, .clock = clock};
  std::uint64_t least = kWaitNs;
  for (int batch = 0; batch < 5; ++batch) {
    const std::uint64_t begin = clock.begin();
    for (std::uint64_t n = 0; n < kWaits; ++n) delay.happen();
    const std::uint64_t each = clock.to_ns(clock.end() - begin) / kWaits;
    least = std::min(least, each - std::min(each, kWaitNs));
  }
  return least;
}

}  // namespace

void inject_into(std::string_view transport, const Clock& clock) {
  injected_delay() = injected_into_harness = {};
  const char* wanted = wanted_injection();
  if (wanted == nullptr) return;
  const Injection injection = parse_injection(wanted);
  const bool harness = injection.transport == kInjectIntoHarness;
  if (!harness && injection.transport != transport) return;
  (harness ? injected_into_harness : injected_delay()) = {
      .wait_ns = injection.wait_ns,
      .calls = injection.calls,
      .clock = clock,
      .overhead_ns = injection.wait_ns > 0 ? wait_overhead(clock) : 0};
}

#endif

}  // namespace ipcbench
