#include "results/claims/source_table.h"

#include <algorithm>

namespace ipcbench {
namespace {

using Names = std::span<const std::string_view>;

constexpr std::array<std::string_view, 3> kPipes = {"pipe", "fifo", "socketpair"};
constexpr std::array<std::string_view, 3> kSignals = {"signal", "rt-signal", "signalfd"};
// Only this signal carries data: a value of 8 bytes.
constexpr std::array<std::string_view, 1> kSignalsWithValue = {"rt-signal"};
constexpr std::array<std::string_view, 2> kQueues = {"sysv-mq", "posix-mq"};
constexpr std::array<std::string_view, 5> kMemories = {"sysv-shm", "posix-shm", "mmap-anon", "mmap-file", "memfd"};
constexpr std::array<std::string_view, 4> kSemaphores = {"sysv-sem", "posix-sem", "eventfd", "futex"};
constexpr std::array<std::string_view, 3> kUnixSockets = {"unix-stream", "unix-seqpacket", "unix-dgram"};
constexpr std::array<std::string_view, 4> kNetworkSockets = {"tcp", "tcp6", "udp", "udp6"};
constexpr std::array<std::string_view, 2> kBuses = {"dbus", "dbus-peer"};

constexpr auto kVeryLow = Word::very_low;
constexpr auto kLow = Word::low;
constexpr auto kMedium = Word::medium;
constexpr auto kHigh = Word::high;
constexpr auto kVeryHigh = Word::very_high;

const std::array<SourceRow, 8> kRows = {{
    {"pipe", {"pipe", "管道"}, {kMedium, kMedium, kLow, kLow}, Names(kPipes)},
    {"signal", {"signal", "信号"}, {kLow, kVeryLow, kLow, kVeryLow}, Names(kSignals), Names(kSignalsWithValue)},
    {"message queue", {"message queue", "消息队列"}, {kMedium, kMedium, kMedium, kMedium}, Names(kQueues)},
    {"shared memory", {"shared memory", "共享内存"}, {kVeryLow, kVeryHigh, kVeryLow, kHigh}, Names(kMemories)},
    {"semaphore", {"semaphore", "信号量"}, {kLow, std::nullopt, kLow, kLow}, Names(kSemaphores)},
    {"UNIX domain socket", {"UNIX domain socket", "UNIX域套接字"}, {kLow, kHigh, kLow, kMedium}, Names(kUnixSockets)},
    {"network socket", {"network socket", "网络套接字"}, {kHigh, kMedium, kHigh, kMedium}, Names(kNetworkSockets)},
    {"D-Bus", {"D-Bus", "D-Bus"}, {kHigh, kLow, kHigh, kHigh}, Names(kBuses)},
}};

constexpr std::array<Bilingual, 5> kWords = {
    {{"very low", "极低"}, {"low", "低"}, {"medium", "中等"}, {"high", "高"}, {"very high", "极高"}}};
constexpr std::array<Bilingual, kCriteria.size()> kMetricNames = {
    {{"latency", "延迟"}, {"throughput", "吞吐量"}, {"CPU overhead", "CPU开销"}, {"memory overhead", "内存开销"}}};
constexpr std::array<std::string_view, kCriteria.size()> kMetricKeys = {"latency", "throughput", "cpu", "memory"};

}  // namespace

Bilingual bilingual_name(Word word) noexcept { return kWords[static_cast<std::size_t>(word)]; }
Bilingual bilingual_name(Criterion criterion) noexcept { return kMetricNames[static_cast<std::size_t>(criterion)]; }
std::string_view to_string(Criterion criterion) noexcept { return kMetricKeys[static_cast<std::size_t>(criterion)]; }
std::string_view to_string(Word word) noexcept { return bilingual_name(word).english; }
std::size_t word_count(Criterion criterion) noexcept { return criterion == Criterion::throughput ? 5 : 4; }
bool more_is_better(Criterion criterion) noexcept { return criterion == Criterion::throughput; }

std::span<const SourceRow> source_table() noexcept { return kRows; }

bool is_sources_sample(std::string_view transport) noexcept {
  return std::ranges::any_of(kRows, [&](const SourceRow& row) { return row.transports.front() == transport; });
}

}  // namespace ipcbench
