#include "harness/plugin/plugin_program.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <exception>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "results/model/utf8.h"

namespace ipcbench {
namespace {

constexpr std::size_t kMostObjectName = 32, kMostText = 4000, kMostError = 255;  // bytes
constexpr std::size_t kMostEntries = 64;                                         // of a ticket, of each kind

std::optional<ObjectKind> kind_of(std::uint32_t object) noexcept {
  switch (object) {
    case IPCBENCH_FILE:
      return ObjectKind::file;
    case IPCBENCH_MEMORY_FILE:
      return ObjectKind::memory_file;
    case IPCBENCH_POSIX_SHM:
      return ObjectKind::posix_shm;
    case IPCBENCH_POSIX_SEM:
      return ObjectKind::posix_sem;
    case IPCBENCH_POSIX_MQ:
      return ObjectKind::posix_mq;
    default:
      return std::nullopt;
  }
}

// Returns whether a text is there and has 1 to `most` bytes.
bool fits(const char* text, std::size_t most) noexcept {
  return text != nullptr && *text != '\0' && ::strnlen(text, most + 1) <= most;
}

// Returns whether a text passes through a ticket as it is: tickets travel as JSON.
bool is_utf8(std::string_view text) { return valid_utf8(text) == text; }

bool is_stem(const char* stem) noexcept {
  return fits(stem, kMostObjectName) && std::all_of(stem, stem + std::strlen(stem), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
         });
}

// Runs what may throw behind a C function; an exception becomes a negative errno.
template <class Body>
int guarded(Body body) noexcept {
  try {
    return body();
  } catch (const std::system_error& error) {
    return -std::max(error.code().value(), 1);
  } catch (const std::exception&) {
    return -ENOMEM;
  }
}

}  // namespace

PluginProgram& PluginProgram::of(const ipcbench_program* program) noexcept {
  return *reinterpret_cast<const Functions*>(program)->self;
}

PluginProgram::PluginProgram(const Means& means) : means_(means), functions_{} {
  functions_.self = this;
  ipcbench_program& program = functions_.program;
  program.size = sizeof program;
  program.fail = [](const ipcbench_program* self, const char* text) {
    if (text != nullptr) guarded([&] { return of(self).text_.assign(text, ::strnlen(text, kMostError)), 0; });
  };
  program.claim_name = [](const ipcbench_program* self, std::uint32_t object, const char* stem, char* name,
                          std::size_t room) {
    return guarded([&] { return of(self).claim_name(object, stem, name, room); });
  };
  program.put_text = [](const ipcbench_program* self, const char* name, const char* text) {
    return guarded([&] { return of(self).put_text(name, text); });
  };
  program.put_descriptor = [](const ipcbench_program* self, const char* name, int descriptor) {
    return guarded([&] { return of(self).put_descriptor(name, descriptor); });
  };
  program.get_text = [](const ipcbench_program* self, const char* name) -> const char* {
    const Ticket* ticket = of(self).means_.read;
    if (ticket == nullptr || name == nullptr) return nullptr;
    const auto found = ticket->text.find(std::string_view(name));
    return found == ticket->text.end() ? nullptr : found->second.c_str();
  };
  program.take_descriptor = [](const ipcbench_program* self, const char* name) {
    return guarded([&] { return of(self).take_descriptor(name); });
  };
  program.publish = [](const ipcbench_program* self, const char* text) {
    const Means& own = of(self).means_;
    if (own.rendezvous == nullptr || !fits(text, RendezvousCell::kMostText)) return -EINVAL;
    return guarded([&] { return own.rendezvous->publish(own.seat, text), 0; });
  };
  program.await_peer = [](const ipcbench_program* self) -> const char* {
    const char* text = nullptr;
    guarded([&] { return text = of(self).await_peer(), 0; });
    return text;
  };
}

int PluginProgram::claim_name(std::uint32_t object, const char* stem, char* name, std::size_t room) {
  const std::optional<ObjectKind> kind = kind_of(object);
  if (means_.run_dir == nullptr || !kind || !is_stem(stem) || name == nullptr) return -EINVAL;
  // Hosts of one launch count their names alike.
  const std::string claimed = means_.run_dir->claim_name(*kind, fmt::format("{}-{}", stem, ::getpid()));
  if (claimed.size() >= room) return -ENAMETOOLONG;
  std::memcpy(name, claimed.c_str(), claimed.size() + 1);
  return 0;
}

int PluginProgram::put_text(const char* name, const char* text) {
  if (means_.written == nullptr || !fits(name, kMostObjectName) || text == nullptr) return -EINVAL;
  if (::strnlen(text, kMostText + 1) > kMostText || means_.written->text.size() == kMostEntries) return -E2BIG;
  if (!is_utf8(name) || !is_utf8(text)) return -EILSEQ;
  means_.written->text[name] = text;
  return 0;
}

int PluginProgram::put_descriptor(const char* name, int descriptor) {
  UniqueFd owned(descriptor);
  if (means_.written == nullptr || !fits(name, kMostObjectName)) return -EINVAL;
  if (::fcntl(descriptor, F_SETFD, FD_CLOEXEC) != 0) return owned.release(), -EBADF;
  if (means_.written->descriptors.size() == kMostEntries) return -E2BIG;
  if (!is_utf8(name)) return -EILSEQ;
  means_.written->descriptors[name] = std::move(owned);
  return 0;
}

int PluginProgram::take_descriptor(const char* name) {
  if (means_.read == nullptr || name == nullptr) return -EINVAL;
  const auto found = means_.read->descriptors.find(std::string_view(name));
  if (found == means_.read->descriptors.end() || !found->second) return -ENOENT;
  return found->second.release();
}

const char* PluginProgram::await_peer() {
  if (means_.rendezvous == nullptr) return nullptr;
  from_peer_ = means_.rendezvous->await(peer_of(means_.seat));
  return from_peer_.c_str();
}

PluginOptions::PluginOptions(const OptionValues& options) {
  for (const auto& [name, value] : options) {
    if (name != kThreadsOption) values_.push_back({.name = name.c_str(), .value = value.c_str()});
  }
}

}  // namespace ipcbench
