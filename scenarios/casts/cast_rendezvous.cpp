#include "scenarios/casts/cast_rendezvous.h"

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

}  // namespace ipcbench
