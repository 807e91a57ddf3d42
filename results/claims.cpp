#include "results/claims.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "harness/os/usage_error.h"
#include "results/capability.h"
#include "results/summary.h"

namespace ipcbench {
namespace {

constexpr std::uint64_t kLargeRegion = std::uint64_t{256} << 10;  // bytes of a message; its region holds four
constexpr const char* kSharedMemory = "shared memory";

struct Claim {
  std::string_view sources;
  Term text;
  void (*judge)(const Result&, JudgedClaim&);
};

// By measurement.

void judge_by_duels(JudgedClaim& claim, std::vector<Duel> all, const Phrase& untested) {
  if (all.empty()) {
    claim.why = untested;
    return;
  }
  const auto won = std::ranges::count(all, 1, &Duel::outcome);
  claim.verdict = won == std::ssize(all) ? ClaimVerdict::holds : won == 0 ? ClaimVerdict::fails : ClaimVerdict::depends;
  claim.why = outcomes_of(all);
  claim.duels = clearest_of(all);
}

const Phrase kNotBothMeasured = {"this result has not measured both alike", "这次结果没有在相同条件下测量两者"};

bool is_shared_memory(const Result& result, const CaseRecord& c) {
  const TransportRecord* record = transport_named(result, c.transport);
  return record != nullptr && record->row == kSharedMemory;
}

void shared_memory_is_fastest(const Result& result, JudgedClaim& claim) {
  const auto is_shared = [&](const CaseRecord& c) { return is_shared_memory(result, c); };
  judge_by_duels(claim, duels(result, is_shared, [&](const CaseRecord& c) { return !is_shared(c); }), kNotBothMeasured);
}

void unix_sockets_beat_network_sockets(const Result& result, JudgedClaim& claim) {
  judge_by_duels(
      claim,
      duels(result, any_of({"unix-stream"}), any_of({"tcp"}), {Contest::round_trip, Contest::stream, Contest::cpu}),
      kNotBothMeasured);
}

void queues_beat_pipes(const Result& result, JudgedClaim& claim) {
  judge_by_duels(claim, duels(result, any_of({"sysv-mq"}), any_of({"pipe"})), kNotBothMeasured);
}

void mapping_beats_read_and_write(const Result& result, JudgedClaim& claim) {
  judge_by_duels(claim, duels(result, any_of({"mmap-file", "mmap-file-loan"}), any_of({"file"})), kNotBothMeasured);
}

void sockets_beat_mappings(const Result& result, JudgedClaim& claim) {
  judge_by_duels(claim, duels(result, any_of({"unix-stream"}), any_of({"mmap-anon", "mmap-file"})), kNotBothMeasured);
}

// Both parts: large regions by mmap, small ones by shmget.
void mappings_suit_large_regions(const Result& result, JudgedClaim& claim) {
  std::vector<Duel> all = duels(result, any_of({"mmap-anon-loan", "mmap-file-loan"}), any_of({"sysv-shm-loan"}));
  const auto is_large = [](const Duel& duel) { return duel.size >= kLargeRegion; };
  if (std::ranges::none_of(all, is_large)) {
    claim.why = {"decided by regions of 1 MiB and more: ipcbench run standard, or --size 64,1MiB",
                 "需要1 MiB以上的区域才能判断：ipcbench run standard，或 --size 64,1MiB"};
    return;
  }
  const auto agrees = [&](const Duel& duel) { return duel.outcome == (is_large(duel) ? 1 : -1); };
  const auto count = std::ranges::count_if(all, agrees);
  claim.verdict = count == std::ssize(all) ? ClaimVerdict::holds
                  : count == 0             ? ClaimVerdict::fails
                                           : ClaimVerdict::depends;
  const Phrase outcomes = outcomes_of(all);
  claim.why = {"mmap beside shmget: " + outcomes.english, "mmap与shmget相比：" + outcomes.chinese};
  claim.duels = clearest_of(all);
}

// By what the result states.

std::string limit_of(const Result& result, std::string_view name) {
  for (const auto& [key, value] : result.machine.limits) {
    if (key != name) continue;
    if (const std::string* text = std::get_if<std::string>(&value)) return *text;
    if (const std::int64_t* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
  }
  return "";
}

void queues_are_bounded(const Result& result, JudgedClaim& claim) {
  for (const char* name : {"msgmax", "msgmnb"}) {
    const std::string value = limit_of(result, name);
    if (!value.empty()) claim.evidence.push_back(fmt::format("/proc/sys/kernel/{} is {}", name, value));
  }
  const auto refused = std::ranges::find_if(result.cases, [](const CaseRecord& c) {
    return c.transport == "sysv-mq" && c.status == Status::skipped && c.reason.find("msgmax") != std::string::npos;
  });
  if (refused != result.cases.end()) claim.evidence.push_back(fmt::format("{}: {}", refused->id, refused->reason));
  if (claim.evidence.empty()) {
    claim.why = {"this result doesn't hold the limits", "这次结果没有记录这些限制"};
    return;
  }
  claim.verdict = ClaimVerdict::holds;
  claim.why = {"the limits are settings (sysctl), which root may raise", "这些限制是内核参数（sysctl），root可以调高"};
}

void they_synchronise_by_themselves(const Result& result, JudgedClaim& claim) {
  bool holds = true;
  for (const char* name : {"pipe", "sysv-mq"}) {
    const TransportRecord* record = transport_named(result, name);
    const auto alone = record == nullptr ? std::nullopt : capability_flag(*record, "self_synchronising");
    if (!alone) {
      claim.why = {"this result doesn't hold the capabilities of both", "这次结果没有记录两者的能力"};
      return;
    }
    holds = holds && *alone;
    claim.evidence.push_back(fmt::format("{}: when it is full it {}", name, capability_text(*record, "when_full")));
  }
  if (const TransportRecord* memory = transport_named(result, "sysv-shm"); memory != nullptr) {
    for (const auto& [option, value] : memory->options) {
      if (option != "wake") continue;
      claim.evidence.push_back(fmt::format("sysv-shm: has to be given something to wait with (wake={})", value));
    }
  }
  claim.verdict = holds ? ClaimVerdict::holds : ClaimVerdict::fails;
  claim.why = {"capabilities, proved by the conformance tests of each transport",
               "依据传输方式的能力，由一致性测试验证"};
}

std::optional<double> calls_of(const Result& result, std::string_view transport) {
  for (const CaseRecord& c : result.cases) {
    const CaseSummary& s = c.summary;
    if (c.transport != transport || c.scenario != kPingPong || c.wait != "block" || c.status != Status::ok) continue;
    if (s.syscalls_producer.median && s.syscalls_consumer.median) {
      return *s.syscalls_producer.median + *s.syscalls_consumer.median;
    }
  }
  return std::nullopt;
}

void queues_copy_and_shared_memory_does_not(const Result& result, JudgedClaim& claim) {
  const std::optional<double> queue = calls_of(result, "sysv-mq");
  const std::optional<double> memory = calls_of(result, "sysv-shm-loan");
  std::vector<Duel> all = duels(result, any_of({"sysv-shm-loan"}), any_of({"sysv-shm"}), {Contest::stream});
  if (!queue || !memory || all.empty()) {
    claim.why = {"decided by counted system calls and streams of sysv-mq, sysv-shm and sysv-shm-loan",
                 "需要sysv-mq、sysv-shm和sysv-shm-loan的系统调用计数与单向传输"};
    return;
  }
  for (const auto& [name, calls] : {std::pair("sysv-mq", *queue), std::pair("sysv-shm-loan", *memory)}) {
    claim.evidence.push_back(fmt::format("{}: {:.2f} system calls in a round trip", name, calls));
  }
  // A call for each send and each receive, both ways; and what a copy costs, where memory saves it.
  const bool queue_enters_kernel = *queue >= 4;
  const bool lending_is_faster = std::ranges::any_of(all, [](const Duel& duel) { return duel.outcome == 1; });
  claim.verdict = queue_enters_kernel && lending_is_faster ? ClaimVerdict::depends
                  : queue_enters_kernel                    ? ClaimVerdict::holds
                                                           : ClaimVerdict::fails;
  claim.why = {
      "on how the memory is used: messages put into shared memory are copied by the processes themselves, "
      "messages made in it (sysv-shm-loan) are not",
      "取决于共享内存的用法：把消息写入共享内存仍由进程自己复制；直接在其中构造消息（sysv-shm-loan）才不复制"};
  claim.duels = clearest_of(all);
}

// By experiment: the verdicts of the facts.

void judge_by_facts(const Result& result, JudgedClaim& claim) {
  const std::string number = std::to_string(claim.number);
  std::size_t agrees = 0;
  std::size_t contradicts = 0;
  std::size_t all = 0;
  std::string exceptions;
  std::string reasons;
  for (const TransportRecord& transport : result.transports) {
    for (const FactRecord& fact : transport.facts) {
      if (fact.claim != number) continue;
      if (fact.verdict.empty()) {
        reasons += fmt::format("{}{}: {}", reasons.empty() ? "" : "; ", transport.name, fact.reason);
        continue;
      }
      ++all;
      agrees += fact.verdict == "agrees" ? 1 : 0;
      contradicts += fact.verdict == "contradicts" ? 1 : 0;
      claim.evidence.push_back(
          fmt::format("{}: {} {} ({})", transport.name, fact.question, fact.answer, fact.evidence));
      if (fact.verdict == "agrees") continue;
      exceptions += fmt::format("{}{}: {}", exceptions.empty() ? "" : "; ", transport.name, fact.answer);
    }
  }
  if (all == 0) {
    claim.why = {reasons.empty() ? "this result holds no experiment on it; a new run makes it" : reasons,
                 reasons.empty() ? "这次结果没有相应的实验，重新运行即可" : reasons};
    return;
  }
  claim.verdict = agrees == all        ? ClaimVerdict::holds
                  : contradicts == all ? ClaimVerdict::fails
                                       : ClaimVerdict::depends;
  claim.why = {fmt::format("experiments that agree: {} of {}{}{}", agrees, all,
                           exceptions.empty() ? "" : "; otherwise ", exceptions),
               fmt::format("一致的实验：{}/{}{}{}", agrees, all, exceptions.empty() ? "" : "；不同者：", exceptions)};
}

const std::array<Claim, 24> kClaims = {{
    {"S1 S2 S4", {"shared memory is the fastest IPC", "共享内存是最快的IPC方式"}, shared_memory_is_fastest},
    {"S1 S4",
     {"UNIX domain sockets are far more efficient than network sockets on one host",
      "同一主机上UNIX域套接字比网络套接字高效得多"},
     unix_sockets_beat_network_sockets},
    {"S4",
     {"pipes are inefficient and unsuited to frequent exchange; message queues solve that",
      "管道效率低，不适合频繁交换数据；消息队列解决了这个问题"},
     queues_beat_pipes},
    {"S4",
     {"message queues are unsuited to large data: MSGMAX bounds a message, MSGMNB a queue",
      "消息队列不适合较大数据：MSGMAX限制一条消息，MSGMNB限制一个队列"},
     queues_are_bounded},
    {"S1", {"a pipe holds a few KB", "管道容量有限，通常为几KB"}, judge_by_facts},
    {"S1 S2 S4",
     {"a pipe is one-way; s_pipe and sockets are two-way", "管道是单向的；流管道和套接字是双向的"},
     judge_by_facts},
    {"S1 S2",
     {"an anonymous pipe works only between related processes, a FIFO between any",
      "匿名管道只能用于有亲缘关系的进程，命名管道可用于任意进程"},
     judge_by_facts},
    {"S1 S4",
     {"an anonymous pipe disappears with its processes, a FIFO's name stays until it is removed",
      "匿名管道随进程消失，命名管道的名字直到删除才消失"},
     judge_by_facts},
    {"S2 S4",
     {"System V queues, shared memory and semaphores outlast their processes until removed",
      "System V消息队列、共享内存和信号量随内核存在，直到被删除"},
     judge_by_facts},
    {"S4", {"pipes are first-in first-out and don't support lseek", "管道先进先出，不支持lseek"}, judge_by_facts},
    {"S4", {"a message is gone from the queue once received", "消息被接收后即从队列中删除"}, judge_by_facts},
    {"S1", {"System V messages can be received by type", "System V消息可以按类型接收"}, judge_by_facts},
    {"S2",
     {"pipes and queues synchronise by themselves, shared memory doesn't", "管道和队列自带同步，共享内存没有"},
     they_synchronise_by_themselves},
    {"S1 S4",
     {"signals carry only their number; they have a priority and an order", "信号只携带编号；有优先级和次序"},
     judge_by_facts},
    {"S4", {"SIGKILL and SIGSTOP can't be caught or ignored", "SIGKILL和SIGSTOP不能被捕获或忽略"}, judge_by_facts},
    {"S4",
     {"a semaphore initialised to 1 is a mutex, to 0 a synchroniser", "信号量初值为1是互斥，为0是同步"},
     judge_by_facts},
    {"S1",
     {"SEM_UNDO gives a semaphore back when its holder dies", "SEM_UNDO在持有者退出时归还信号量"},
     judge_by_facts},
    {"S3",
     {"MAP_PRIVATE changes never reach the file, MAP_SHARED ones do", "MAP_PRIVATE的修改不会写回文件，MAP_SHARED会"},
     judge_by_facts},
    {"S3",
     {"mmap of a file saves the copy that read/write makes", "mmap文件省去了read/write的一次复制"},
     mapping_beats_read_and_write},
    {"S3", {"POSIX shared memory is a file under /dev/shm", "POSIX共享内存是/dev/shm下的文件"}, judge_by_facts},
    {"S3",
     {"mmap suits very large regions, shmget smaller ones", "mmap适合很大的区域，shmget适合较小的"},
     mappings_suit_large_regions},
    {"S4",
     {"a message queue copies on every send and receive, shared memory copies nothing",
      "消息队列每次收发都要在用户态与内核态之间复制，共享内存不复制"},
     queues_copy_and_shared_memory_does_not},
    {"S2",
     {"a message queue keeps message boundaries, a pipe doesn't", "消息队列保留消息边界，管道是字节流"},
     judge_by_facts},
    {"S3",
     {"prefer sockets to hand-made synchronisation over mmap", "宁用套接字，不要在mmap上自己做同步"},
     sockets_beat_mappings},
}};

constexpr std::array<Term, 4> kVerdicts = {
    {{"holds here", "成立"}, {"does not hold", "不成立"}, {"depends", "视情况"}, {"not tested", "未测试"}}};
constexpr std::array<std::string_view, 4> kVerdictKeys = {"holds", "fails", "depends", "not tested"};

}  // namespace

std::vector<JudgedClaim> judge_claims(const Result& result) {
  std::vector<JudgedClaim> judged;
  for (std::size_t i = 0; i < kClaims.size(); ++i) {
    JudgedClaim claim{.number = static_cast<int>(i) + 1, .sources = kClaims[i].sources, .text = kClaims[i].text};
    kClaims[i].judge(result, claim);
    judged.push_back(std::move(claim));
  }
  return judged;
}

Term term_of(ClaimVerdict verdict) noexcept { return kVerdicts[static_cast<std::size_t>(verdict)]; }
std::string_view key_of(ClaimVerdict verdict) noexcept { return kVerdictKeys[static_cast<std::size_t>(verdict)]; }

}  // namespace ipcbench
