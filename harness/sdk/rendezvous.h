#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "harness/measure/bytes.h"
#include "harness/sdk/ticket.h"

namespace ipcbench {

// Where one seat leaves a text for the others. Lies zeroed in shared memory.
struct RendezvousCell {
  static constexpr std::size_t kMostText = 119;  // bytes

  std::uint32_t is_published;  // futex word: 0 or 1
  std::uint32_t size;
  std::array<char, kMostText + 1> text;
};

// Lets the seats of a launch tell each other what is known only once a side is open: a process id, a port. The cells
// are the launch's, in shared memory, one a seat; they outlive it.
class Rendezvous {
 public:
  using PairCells = std::array<RendezvousCell, 2>;  // by Role

  explicit Rendezvous(PairCells& cells) noexcept : Rendezvous(cells.data(), 1) {}
  // `cells` are those of `producers` producers, and behind them the consumers'.
  Rendezvous(RendezvousCell* cells, std::uint16_t producers) noexcept : cells_(cells), producers_(producers) {}

  // Leaves `text` in the cell of `seat`, once. Throws std::length_error for more than RendezvousCell::kMostText bytes.
  void publish(Seat seat, std::string_view text) const;
  // Returns the text of `seat`, and sleeps until it is there; what that seat did before is then done. If it never
  // comes, the coordinator ends the launch.
  std::string await(Seat seat) const;

 private:
  RendezvousCell& cell(Seat seat) const noexcept {
    return cells_[seat.role == Role::producer ? seat.index : producers_ + seat.index];
  }

  RendezvousCell* cells_;
  std::size_t producers_;
};

}  // namespace ipcbench
