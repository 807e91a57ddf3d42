#include "harness/descriptors/pipe_buffer.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <charconv>
#include <cstdint>
#include <system_error>

#include "harness/base/error.h"
#include "harness/base/io.h"
#include "harness/base/page_size.h"

namespace ipcbench {
namespace {

constexpr std::size_t kUsualPages = 16;
constexpr std::size_t kLargestPipe = std::size_t{1} << 31;
constexpr const char* kHardLimit = "/proc/sys/fs/pipe-user-pages-hard";

std::optional<std::uint64_t> number_of(HostLimit limit) {
  const std::string text = value_of(limit).value_or("");
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} ? std::optional(number) : std::nullopt;
}

// Names what ENFILE of pipe2() may mean besides the system's table of files; a limit of 0 is none.
std::string hard_limit_behind(int error_number) {
  const std::string pages = read_line(kHardLimit).value_or("0");
  if (error_number != ENFILE || pages == "0") return "";
  return fmt::format(" ({} is {})", kHardLimit, pages);
}

// Says why the kernel refuses a size that fs.pipe-max-size permits.
std::string budget_text() {
  const std::uint64_t pages = number_of(HostLimit::pipe_user_pages_soft).value_or(0);
  return fmt::format("{} is {} pages, which this user's pipes have used up", path_of(HostLimit::pipe_user_pages_soft),
                     pages);
}

bool is_over_the_largest(std::size_t bytes) {
  return rounded_pipe_size(bytes) > number_of(HostLimit::pipe_max_size).value_or(kLargestPipe);
}

}  // namespace

std::array<UniqueFd, 2> make_pipe() {
  std::array<int, 2> ends;
  if (::pipe2(ends.data(), O_CLOEXEC) == 0) return {UniqueFd(ends[0]), UniqueFd(ends[1])};
  const int error = errno;
  const std::string limit = hard_limit_behind(error);
  errno = error;
  throw_errno("pipe2{}", limit);
}

std::size_t usual_pipe_size() noexcept { return kUsualPages * page_size(); }

std::size_t rounded_pipe_size(std::size_t bytes) noexcept {
  const std::size_t page = page_size();
  const std::size_t least = std::min(std::max(bytes, page), kLargestPipe + 1);
  return std::bit_ceil((least + page - 1) / page) * page;
}

void set_pipe_size(int fd, std::size_t bytes) {
  if (is_over_the_largest(bytes)) {
    errno = EPERM;
    throw_errno("F_SETPIPE_SZ of {} bytes: {} is {}", bytes, path_of(HostLimit::pipe_max_size),
                value_of(HostLimit::pipe_max_size).value_or("unknown"));
  }
  if (::fcntl(fd, F_SETPIPE_SZ, static_cast<unsigned>(bytes)) >= 0) return;
  const int error = errno;
  const std::string cause = error == EPERM ? ": " + budget_text() : "";
  errno = error;
  throw_errno("F_SETPIPE_SZ of {} bytes{}", bytes, cause);
}

BufferSize pipe_buffer(int fd, BufferDirection direction, std::optional<std::size_t> asked) {
  const auto size = static_cast<std::uint64_t>(std::max(::fcntl(fd, F_GETPIPE_SZ), 0));
  if (asked) {
    return size_of_asked(Buffer::pipe, direction, size, rounded_pipe_size(*asked), HostLimit::pipe_user_pages_soft,
                         HostLimit::none);
  }
  if (size >= usual_pipe_size()) return plain_size(Buffer::pipe, direction, size);
  // fs.pipe-max-size also bounds the default of a user without CAP_SYS_RESOURCE, if it is less than 16 pages.
  const std::uint64_t most = number_of(HostLimit::pipe_max_size).value_or(0);
  const bool by_largest = size == most && most < usual_pipe_size();
  return size_of_default(Buffer::pipe, direction, size, usual_pipe_size(),
                         by_largest ? HostLimit::pipe_max_size : HostLimit::pipe_user_pages_soft);
}

std::string pipe_refusal(std::optional<std::size_t> bytes) {
  if (bytes && *bytes > kLargestPipe)
    return fmt::format("a pipe has at most {} bytes, the case needs {}", kLargestPipe, *bytes);
  if (bytes && is_over_the_largest(*bytes)) {
    return fmt::format("{} is {}, the case needs {}: sudo sysctl {}={}", path_of(HostLimit::pipe_max_size),
                       value_of(HostLimit::pipe_max_size).value_or("unknown"), rounded_pipe_size(*bytes),
                       to_string(HostLimit::pipe_max_size), rounded_pipe_size(*bytes));
  }
  try {
    const std::array<std::array<UniqueFd, 2>, 2> channel{make_pipe(), make_pipe()};
    if (!bytes) return "";
    for (const auto& pipe : channel) {
      if (::fcntl(pipe[1].get(), F_SETPIPE_SZ, static_cast<unsigned>(*bytes)) >= 0) continue;
      if (errno != EPERM) throw_errno("F_SETPIPE_SZ of {} bytes", *bytes);
      const std::uint64_t pages = number_of(HostLimit::pipe_user_pages_soft).value_or(0);
      return fmt::format("{}, the case needs two of {} bytes: close some, or sudo sysctl {}={}", budget_text(),
                         rounded_pipe_size(*bytes), to_string(HostLimit::pipe_user_pages_soft), 4 * pages);
    }
  } catch (const std::system_error& error) {
    return error.what();
  }
  return "";
}

}  // namespace ipcbench
