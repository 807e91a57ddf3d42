// Checks the test vectors of docs/foreign-workers.md, from which other languages write their payload.

#include <array>
#include <cinttypes>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "harness/measure/payload.h"

namespace ipcbench {
namespace {

std::string digits_of(const std::vector<std::byte>& message) {
  std::string digits;
  for (const std::byte byte : message) digits += fmt::format("{:02x}", static_cast<unsigned>(byte));
  return digits;
}

TEST(ForeignPayload, IsAsTheDocumentsVectorsSay) {
  constexpr std::uint64_t kSeed = 1;
  std::ifstream page(IPCBENCH_SOURCE_DIR "/docs/foreign-workers.md");
  bool key_is_there = false;
  int vectors = 0;
  for (std::string line; std::getline(page, line);) {
    const std::string key = fmt::format("{:#018x}", Payload(PayloadMode::full, kSeed, Role::producer).first_word(0));
    key_is_there = key_is_there || line.find("With the key `" + key) != line.npos;
    std::uint64_t sequence = 0;
    std::size_t size = 0;
    std::array<char, 16> words{};
    std::array<char, 256> digits{};
    if (std::sscanf(line.c_str(), "| %" SCNu64 " | `%15[a-z]` | %zu | `%255[0-9a-f]` |", &sequence, words.data(), &size,
                    digits.data()) != 4)
      continue;
    const std::optional<PayloadMode> mode = parse_payload_mode(words.data());
    ASSERT_TRUE(mode) << line;
    std::vector<std::byte> message(size);
    Payload(*mode, kSeed, Role::producer).write(message, sequence);
    EXPECT_EQ(digits_of(message), digits.data()) << line;
    ++vectors;
  }
  EXPECT_TRUE(key_is_there);
  EXPECT_GE(vectors, 6);
}

}  // namespace
}  // namespace ipcbench
