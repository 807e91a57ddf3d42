#include "results/figures/capability.h"

#include <algorithm>
#include <string>

namespace ipcbench {
namespace {

template <class T>
const T* capability(const TransportRecord& transport, std::string_view name) noexcept {
  for (const auto& [key, value] : transport.capabilities) {
    if (key == name) return std::get_if<T>(&value);
  }
  return nullptr;
}

}  // namespace

std::optional<bool> capability_flag(const TransportRecord& transport, std::string_view name) noexcept {
  const bool* flag = capability<bool>(transport, name);
  return flag == nullptr ? std::nullopt : std::optional(*flag);
}

std::optional<std::int64_t> capability_number(const TransportRecord& transport, std::string_view name) noexcept {
  const std::int64_t* number = capability<std::int64_t>(transport, name);
  return number == nullptr ? std::nullopt : std::optional(*number);
}

std::string_view capability_text(const TransportRecord& transport, std::string_view name) noexcept {
  const std::string* text = capability<std::string>(transport, name);
  return text == nullptr ? std::string_view() : std::string_view(*text);
}

const TransportRecord* find_transport_record(const Result& result, std::string_view name) noexcept {
  const auto found = std::ranges::find(result.transports, name, &TransportRecord::name);
  return found == result.transports.end() ? nullptr : &*found;
}

}  // namespace ipcbench
