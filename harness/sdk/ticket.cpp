#include "harness/sdk/ticket.h"

#include <stdexcept>
#include <utility>

#include <fmt/core.h>

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

}  // namespace ipcbench
