#include "harness/sdk/ticket.h"

#include <fcntl.h>

#include <charconv>
#include <stdexcept>
#include <utility>

#include <fmt/core.h>

#include "harness/base/error.h"

namespace ipcbench {

Ticket&& Ticket::with(std::string_view name, std::string value) && {
  text.insert_or_assign(std::string(name), std::move(value));
  return std::move(*this);
}

Ticket&& Ticket::with(std::string_view name, UniqueFd descriptor) && {
  descriptors.insert_or_assign(std::string(name), std::move(descriptor));
  return std::move(*this);
}

const std::string& Ticket::value(std::string_view name) const {
  const auto found = text.find(name);
  if (found == text.end()) throw std::out_of_range(fmt::format("the ticket has no text '{}'", name));
  return found->second;
}

UniqueFd Ticket::take(std::string_view name) {
  const auto found = descriptors.find(name);
  if (found == descriptors.end() || !found->second) {
    throw std::out_of_range(fmt::format("the ticket has no descriptor '{}'", name));
  }
  return std::move(found->second);
}

std::int64_t number_in(const Ticket& ticket, std::string_view name) {
  const std::string& text = ticket.value(name);
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) {
    throw std::invalid_argument(fmt::format("the ticket's '{}' is no whole number: '{}'", name, text));
  }
  return number;
}

UniqueFd copy_of(const UniqueFd& descriptor) {
  UniqueFd copy(::fcntl(descriptor.get(), F_DUPFD_CLOEXEC, 0));
  if (!copy) throw_errno("fcntl F_DUPFD_CLOEXEC of descriptor {}", descriptor.get());
  return copy;
}

}  // namespace ipcbench
