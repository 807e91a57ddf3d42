#include "scenarios/casts/cast_rendezvous.h"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <atomic>

#include "harness/memory/futex.h"

namespace ipcbench {

void meet(Board& board, std::size_t seats) noexcept {
  const std::atomic_ref rounds(board.rounds);
  const std::uint32_t number = rounds.load();
  if (std::atomic_ref(board.arrived).fetch_add(1) + 1 == seats) {
    std::atomic_ref(board.arrived).store(0);
    rounds.store(number + 1);
    futex_wake(&board.rounds);
    return;
  }
  while (rounds.load() == number) futex_wait(&board.rounds, number);
}

void wait_a_moment(const std::uint32_t* word, std::uint32_t seen) noexcept {
  const timespec moment{.tv_sec = 0, .tv_nsec = 1'000'000};
  ::syscall(SYS_futex, word, FUTEX_WAIT, seen, &moment, nullptr, 0);
}

}  // namespace ipcbench
