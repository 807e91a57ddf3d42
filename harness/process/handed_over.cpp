#include "harness/process/handed_over.h"

#include <fcntl.h>
#include <unistd.h>

#include "harness/base/error.h"

namespace ipcbench {
namespace {

constexpr int kFirst = kOrdersFd + 1;

UniqueFd moved(int number) {
  UniqueFd copy(::fcntl(number, F_DUPFD_CLOEXEC, kFirst));
  if (!copy) throw_errno("fcntl F_DUPFD_CLOEXEC of descriptor {}", number);
  return copy;
}

// Child::spawn() may have left a pipe's end there, which tells of the program's end as long as it is open.
void clear_the_orders_place() {
  const int flags = ::fcntl(kOrdersFd, F_GETFD);
  if (flags < 0 || (flags & FD_CLOEXEC) != 0) return;
  if (::fcntl(kOrdersFd, F_DUPFD, kFirst) < 0) throw_errno("fcntl F_DUPFD of descriptor {}", kOrdersFd);
}

}  // namespace

void HandedOver::add(UniqueFd& descriptor) {
  if (descriptor.get() < kFirst) descriptor = moved(descriptor.get());
  numbers_.push_back(descriptor.get());
}

void HandedOver::add_copy(int& number) {
  if (number < 0) return;
  if (number < kFirst) number = copies_.emplace_back(moved(number)).get();
  numbers_.push_back(number);
}

void HandedOver::take_over(int orders_end) const {
  for (const int number : numbers_) {
    if (::fcntl(number, F_SETFD, 0) != 0) throw_errno("fcntl F_SETFD of descriptor {}", number);
  }
  clear_the_orders_place();
  if (::dup2(orders_end, kOrdersFd) < 0) throw_errno("dup2 of the orders' socket");
  if (orders_end == kOrdersFd && ::fcntl(kOrdersFd, F_SETFD, 0) != 0) throw_errno("fcntl F_SETFD");
}

}  // namespace ipcbench
