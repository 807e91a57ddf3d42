#include "results/claims/claims.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "results/claims/queue_bounds.h"
#include "results/figures/capability.h"
#include "results/figures/summary.h"
#include "results/model/limits.h"
#include "results/rows/at_largest.h"

namespace ipcbench {
namespace {

constexpr std::uint64_t kLargeRegion = std::uint64_t{256} << 10;  // bytes of a message; the shared region holds four
constexpr const char* kSharedMemory = "shared memory";

struct Claim {
  std::string_view sources;
  Bilingual text;
  void (*judge)(const Result&, JudgedClaim&);
};

// Claims judged by measurement.

// Combines several tests into a judgement. Undecided ones keep a claim from holding, and alone they decide nothing.
ClaimJudgement judgement_of(std::ptrdiff_t agreed, std::ptrdiff_t opposed, std::ptrdiff_t all) {
  if (agreed == 0 && opposed == 0) return ClaimJudgement::undecided;
  if (agreed == all) return ClaimJudgement::holds;
  return agreed == 0 ? ClaimJudgement::fails : ClaimJudgement::depends;
}

// Describes how the matches went, and whether they were undecided for lack of launches.
BilingualString reason_of(const std::vector<Match>& all) {
  BilingualString reason = outcomes_of(all);
  if (std::ranges::none_of(all, has_intervals)) {
    reason.english += ". Without 6 launches a figure has no interval, and nothing can be told apart";
    reason.chinese += "。不足6次启动则没有置信区间，无法区分";
  }
  return reason;
}

// Refuses a judgement, because a limit of the host changed all the measurements.
void leave_unjudged(JudgedClaim& claim, const BilingualString& limits) {
  claim.judgement = ClaimJudgement::not_judged;
  claim.why = limits;
}

// Adds how many matches were left out, and why.
void add_limited(BilingualString& why, const HeadToHead& matches) {
  if (matches.limited == 0) return;
  why.english += fmt::format(". Not judged {}: {}", matches.limited, matches.limits.english);
  why.chinese += fmt::format("。未作判断{}：{}", matches.limited, matches.limits.chinese);
}

void judge_by_matches(JudgedClaim& claim, const HeadToHead& found, const BilingualString& untested) {
  const std::vector<Match>& all = found.all;
  if (all.empty() && found.limited > 0) return leave_unjudged(claim, found.limits);
  if (all.empty()) {
    claim.why = untested;
    return;
  }
  claim.judgement = judgement_of(std::ranges::count(all, 1, &Match::outcome),
                                 std::ranges::count(all, -1, &Match::outcome), std::ssize(all));
  claim.why = reason_of(all);
  add_limited(claim.why, found);
  claim.matches = clearest_of(all);
}

const BilingualString kNotBothMeasured = {"this result has not measured both alike",
                                          "这次结果没有在相同条件下测量两者"};

bool is_shared_memory(const Result& result, const CaseRecord& c) {
  const TransportRecord* record = find_transport_record(result, c.transport);
  return record != nullptr && record->row == kSharedMemory;
}

void shared_memory_is_fastest(const Result& result, JudgedClaim& claim) {
  const auto is_shared = [&](const CaseRecord& c) { return is_shared_memory(result, c); };
  judge_by_matches(claim, head_to_head(result, is_shared, [&](const CaseRecord& c) { return !is_shared(c); }),
                   kNotBothMeasured);
}

void unix_sockets_beat_network_sockets(const Result& result, JudgedClaim& claim) {
  judge_by_matches(claim,
                   head_to_head(result, any_of({"unix-stream"}), any_of({"tcp"}),
                                {Contest::round_trip, Contest::stream, Contest::cpu}),
                   kNotBothMeasured);
}

void queues_beat_pipes(const Result& result, JudgedClaim& claim) {
  judge_by_matches(claim, head_to_head(result, any_of({"sysv-mq"}), any_of({"pipe"})), kNotBothMeasured);
}

void mapping_beats_read_and_write(const Result& result, JudgedClaim& claim) {
  judge_by_matches(claim, head_to_head(result, any_of({"mmap-file", "mmap-file-loan"}), any_of({"file"})),
                   kNotBothMeasured);
}

void sockets_beat_mappings(const Result& result, JudgedClaim& claim) {
  judge_by_matches(claim, head_to_head(result, any_of({"unix-stream"}), any_of({"mmap-anon", "mmap-file"})),
                   kNotBothMeasured);
}

// Judges both parts of the claim: mmap suits large regions, shmget small ones.
void mappings_suit_large_regions(const Result& result, JudgedClaim& claim) {
  const HeadToHead found =
      head_to_head(result, any_of({"mmap-anon-loan", "mmap-file-loan"}), any_of({"sysv-shm-loan"}));
  const std::vector<Match>& all = found.all;
  if (all.empty() && found.limited > 0) return leave_unjudged(claim, found.limits);
  const auto is_large = [](const Match& match) { return match.size >= kLargeRegion; };
  if (std::ranges::none_of(all, is_large)) {
    claim.why = {"decided by regions of 1 MiB and more: ipcbench run standard, or --size 64,1MiB",
                 "需要1 MiB以上的区域才能判断：ipcbench run standard，或 --size 64,1MiB"};
    return;
  }
  const auto foretold = [&](const Match& match) { return is_large(match) ? 1 : -1; };
  const auto agreed = std::ranges::count_if(all, [&](const Match& match) { return match.outcome == foretold(match); });
  const auto opposed =
      std::ranges::count_if(all, [&](const Match& match) { return match.outcome == -foretold(match); });
  claim.judgement = judgement_of(agreed, opposed, std::ssize(all));
  const BilingualString outcomes = reason_of(all);
  claim.why = {"mmap beside shmget: " + outcomes.english, "mmap与shmget相比：" + outcomes.chinese};
  add_limited(claim.why, found);
  claim.matches = clearest_of(all);
}

// Claims judged by what the result states about the host and its channels.

void queues_are_bounded(const Result& result, JudgedClaim& claim) {
  for (const char* name : {"msgmax", "msgmnb"}) {
    const std::string value = stated_limit(result, name);
    if (!value.empty()) claim.evidence.push_back(fmt::format("/proc/sys/kernel/{} is {}", name, value));
  }
  for (const CaseRecord& c : result.cases) {
    if (c.transport != "sysv-mq" || c.status != Status::skipped) continue;
    claim.evidence.push_back(fmt::format("{}: {}", c.id, c.reason));
    break;
  }
  if (const CaseRecord* largest = queue_at_largest(result)) {
    claim.evidence.push_back(fmt::format("{}: {}", largest->id, at_largest_text(*largest).english));
  }
  std::ptrdiff_t met = 0;
  std::ptrdiff_t all = 0;
  BilingualString limits;
  for (const QueueBound& bound : {bound_of_message(result), bound_of_queue(result)}) {
    if (!bound.limits.english.empty()) limits = bound.limits;
    if (!bound.is_met) continue;
    met += *bound.is_met ? 1 : 0;
    claim.why.english += (all > 0 ? "; " : "") + bound.why.english;
    claim.why.chinese += (all > 0 ? "；" : "") + bound.why.chinese;
    ++all;
  }
  if (all == 0 && !limits.english.empty()) return leave_unjudged(claim, limits);
  if (all == 0) {
    claim.why = {"decided by messages of 64 KiB, or the memory, of sysv-mq and pipe: ipcbench run quick",
                 "需要sysv-mq和pipe的64 KiB消息或通道内存：ipcbench run quick"};
    return;
  }
  claim.judgement = judgement_of(met, all - met, all);
}

std::optional<double> calls_of(const Result& result, std::string_view transport) {
  for (const CaseRecord& c : result.cases) {
    const CaseSummary& s = c.summary;
    if (c.transport != transport || c.scenario != Scenario::ping_pong || c.wait != WaitStrategy::block ||
        c.status != Status::ok)
      continue;
    if (is_limited(c)) continue;
    if (s.syscalls_producer.median && s.syscalls_consumer.median) {
      return *s.syscalls_producer.median + *s.syscalls_consumer.median;
    }
  }
  return std::nullopt;
}

// Returns the limits of the first case of a side that they changed.
BilingualString limits_of_any(const Result& result, const CaseFilter& filter) {
  for (const CaseRecord& c : result.cases) {
    if (filter(c) && is_limited(c)) return launch_limits_of(c);
  }
  return {};
}

void queues_copy_and_shared_memory_does_not(const Result& result, JudgedClaim& claim) {
  const std::optional<double> queue = calls_of(result, "sysv-mq");
  const std::optional<double> memory = calls_of(result, "sysv-shm-loan");
  const HeadToHead found = head_to_head(result, any_of({"sysv-shm-loan"}), any_of({"sysv-shm"}), {Contest::stream});
  const std::vector<Match>& all = found.all;
  if (const BilingualString limits = limits_of_any(result, any_of({"sysv-mq", "sysv-shm", "sysv-shm-loan"}));
      (!queue || !memory || all.empty()) && !limits.english.empty()) {
    return leave_unjudged(claim, limits);
  }
  if (!queue || !memory || all.empty()) {
    claim.why = {"decided by counted system calls and streams of sysv-mq, sysv-shm and sysv-shm-loan",
                 "需要sysv-mq、sysv-shm和sysv-shm-loan的系统调用计数与单向传输"};
    return;
  }
  for (const auto& [name, calls] : {std::pair("sysv-mq", *queue), std::pair("sysv-shm-loan", *memory)}) {
    claim.evidence.push_back(fmt::format("{}: {:.2f} system calls in a round trip", name, calls));
  }
  // Each of two messages is sent and received by a system call, and copied each time.
  constexpr double kCallsOfCopies = 4;
  const std::string calls = fmt::format("{:.2f}", *queue);
  claim.matches = clearest_of(all);
  if (*queue < kCallsOfCopies) {
    claim.judgement = ClaimJudgement::fails;
    claim.why = {
        fmt::format("a round trip over sysv-mq made {} system calls, fewer than its sends and receives", calls),
        fmt::format("sysv-mq的一次往返只有{}次系统调用，少于收发次数", calls)};
    return;
  }
  // The gain of loans: a message built in shared memory against one copied in and out.
  const auto lends_faster = std::ranges::count(all, 1, &Match::outcome);
  const auto lends_slower = std::ranges::count(all, -1, &Match::outcome);
  const BilingualString outcomes = reason_of(all);
  claim.judgement = lends_faster > 0   ? ClaimJudgement::depends
                    : lends_slower > 0 ? ClaimJudgement::holds
                                       : ClaimJudgement::undecided;
  claim.why = {fmt::format("sysv-mq made {} system calls in a round trip, one for each send and receive. Shared memory "
                           "without copies (sysv-shm-loan) beside that with copies (sysv-shm): {}",
                           calls, outcomes.english),
               fmt::format("sysv-mq一次往返有{}次系统调用，每次收发各一次。不复制的共享内存（sysv-shm-loan）"
                           "与复制的（sysv-shm）相比：{}",
                           calls, outcomes.chinese)};
}

// Claims judged by experiment: the judgements of the facts.

void judge_by_facts(const Result& result, JudgedClaim& claim) {
  const std::string number = std::to_string(claim.number);
  std::size_t agrees = 0;
  std::size_t contradicts = 0;
  std::size_t all = 0;
  std::string exceptions;
  std::string reasons;
  BilingualString limits;
  for (const TransportRecord& transport : result.transports) {
    for (const FactRecord& fact : transport.facts) {
      if (fact.claim != number) continue;
      if (fact.limit) limits = bilingual_text(*fact.limit);
      if (fact.agreement.empty()) {
        reasons += fmt::format("{}{}: {}", reasons.empty() ? "" : "; ", transport.name, fact.reason);
        continue;
      }
      ++all;
      agrees += fact.agreement == "agrees" ? 1 : 0;
      contradicts += fact.agreement == "contradicts" ? 1 : 0;
      claim.evidence.push_back(
          fmt::format("{}: {} {} ({})", transport.name, fact.question, fact.answer, fact.evidence));
      if (fact.agreement == "agrees") continue;
      exceptions += fmt::format("{}{}: {}", exceptions.empty() ? "" : "; ", transport.name, fact.answer);
    }
  }
  const std::string open = reasons.empty() ? "" : "; not found out: " + reasons;
  const std::string open_chinese = reasons.empty() ? "" : "；未能查明：" + reasons;
  if (all == 0 && !limits.english.empty()) return leave_unjudged(claim, limits);
  if (all == 0) {
    claim.why = {reasons.empty() ? "this result holds no experiment on it; a new run makes it" : reasons,
                 reasons.empty() ? "这次结果没有相应的实验，重新运行即可" : reasons};
    return;
  }
  claim.judgement = agrees == all        ? ClaimJudgement::holds
                    : contradicts == all ? ClaimJudgement::fails
                                         : ClaimJudgement::depends;
  claim.why = {fmt::format("experiments that agree: {} of {}{}{}{}", agrees, all,
                           exceptions.empty() ? "" : "; otherwise ", exceptions, open),
               fmt::format("一致的实验：{}/{}{}{}{}", agrees, all, exceptions.empty() ? "" : "；不同者：", exceptions,
                           open_chinese)};
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
     judge_by_facts},
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

constexpr std::array<Bilingual, 6> kJudgements = {{{"holds here", "成立"},
                                                   {"does not hold", "不成立"},
                                                   {"depends", "视情况"},
                                                   {"not tested", "未测试"},
                                                   {"can't be told apart", "无法区分"},
                                                   {"not judged", "不作判断"}}};
constexpr std::array<std::string_view, 6> kJudgementKeys = {"holds",      "fails",     "depends",
                                                            "not tested", "undecided", "not judged"};

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

Bilingual bilingual_name(ClaimJudgement judgement) noexcept { return kJudgements[static_cast<std::size_t>(judgement)]; }
std::string_view to_string(ClaimJudgement judgement) noexcept {
  return kJudgementKeys[static_cast<std::size_t>(judgement)];
}

}  // namespace ipcbench
