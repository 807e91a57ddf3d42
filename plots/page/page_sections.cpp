#include "plots/page/page_sections.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include <fmt/core.h>

#include "plots/table/table_chinese.h"
#include "plots/tables/claims_table.h"
#include "plots/tables/guide_table.h"
#include "plots/tables/result_tables.h"
#include "plots/tables/sources_html.h"
#include "results/claims/builtin_claims.h"
#include "results/claims/claims.h"
#include "results/figures/cast_lines.h"
#include "results/figures/idle_rows.h"
#include "results/figures/load_curves.h"

namespace ipcbench {
namespace {

// Charts of a pair's figures don't show casts, which have some of them as well.
template <Figure CaseFigures::*figure>
bool has_figure(const Result& result) {
  return std::ranges::any_of(
      result.cases, [](const CaseRecord& c) { return !c.summary.has_cast && (c.summary.*figure).median.has_value(); });
}

template <Figure CaseFigures::*figure>
bool has_seat_figure(const Result& result) {
  const auto has_it = [](const CastPoint& point) { return (point.measured->summary.*figure).median.has_value(); };
  return std::ranges::any_of(lines_by_seats(result),
                             [&](const CastLine& line) { return std::ranges::any_of(line.points, has_it); });
}

bool has_seat_lines(const Result& result) { return !lines_by_seats(result).empty(); }
bool has_service_lines(const Result& result) { return !lines_by_service(result).empty(); }

bool has_curves(const Result& result) { return !curves_by_placement(result).empty(); }
bool has_idle_rows(const Result& result) { return !idle_rows(result).empty(); }

constexpr auto kHasRoundTrips = has_figure<&CaseFigures::rtt_mean>;

constexpr std::array kLatencyCharts = {
    PageChart{
        "distribution",
        {"How long round trips take", "往返延迟的分布"},
        {"All round trips of a case's launches together. The percentile curve shows tails: each step to the right "
         "is ten times rarer. The dashed line is the floor, what no blocking mechanism can beat on these CPUs.",
         "一个用例所有启动的往返合在一起。百分位曲线显示尾部：每向右一格，稀少十倍。虚线是下限：这些 CPU "
         "上任何阻塞机制都无法更快。"},
        kHasRoundTrips},
    PageChart{
        "latency-size",
        {"Latency against message size", "延迟与消息大小"},
        {"Round trip, median over launches. The band is the 95 % interval of that median; where bands overlap there "
         "is no order.",
         "往返延迟，各次启动的中位数。色带是该中位数的 95 % 区间；色带重叠处不分先后。"},
        kHasRoundTrips},
};

constexpr std::array kThroughputCharts = {
    PageChart{"throughput",
              {"Throughput against message size", "吞吐量与消息大小"},
              {"Verified bytes, or messages, per second, one way. The dashed line is one memcpy of the same size.",
               "单向、经过校验的每秒字节数或消息数。虚线是同样大小的一次 memcpy。"},
              has_figure<&CaseFigures::bytes_per_s>},
};

constexpr std::array kLoadCharts = {
    PageChart{
        "load-latency",
        {"Latency against load", "延迟与负载"},
        {"Messages are sent by a schedule, whether or not the receiver keeps up; both axes are logarithmic. The band "
         "is "
         "the 95 % interval of the median over launches. The arrow on the axis is the channel's saturation, the rate "
         "at which all messages are due at once. Where a timer drives the sender the time is service, from the send, "
         "since the timer's lateness is part of the response; else it is response, from the planned time.",
         "消息按计划时刻发送，不论接收方是否跟得上；两轴均为对数刻度。色带是各次启动中位数的 95 % "
         "区间。轴上的箭头是该通道的饱和速率，即所有消息同时到期时的速率。由定时器驱动发送时，所示为服务时间（自发送起"
         "），"
         "因为定时器的迟到计入响应；否则为响应时间（自计划时刻起）。"},
        has_curves},
    PageChart{"load-cpu",
              {"CPU time per message against load", "每条消息的 CPU 时间与负载"},
              {"Of both sides, less what the pacer takes with nothing to send; or the receiver's part. Where that "
               "leaves less than the receiver's part, the figure isn't known: a pacer that is late sleeps less often "
               "than alone.",
               "双方之和，减去节拍器空转所耗；或仅接收方的部分。若所余少于接收方的部分，则数值未知：迟到的节拍器比空转"
               "时睡得少。"},
              has_curves},
    PageChart{
        "load-times",
        {"Response beside service", "响应与服务"},
        {"Response, the line with symbols, counts from a message's planned time; service, the dotted line below, from "
         "the begin of its send. Between them is what a message waits before it is sent: the pacer's lateness, and, "
         "near the saturation, the messages before it. Who measures only the service doesn't see that wait.",
         "响应（带符号的线）自消息的计划时刻算起；服务（其下的点线）自开始发送算起。两者之差是消息发送前的等待："
         "节拍器的迟到，以及接近饱和时排在前面的消息。只测服务时间就看不到这段等待。"},
        has_curves},
    PageChart{
        "load-idle",
        {"Round trips after silence", "静默之后的往返"},
        {"What one round trip takes after nothing was sent for a while, from its send to its answer; both axes are "
         "logarithmic. The band is the 95 % interval of the median over launches; a point without one has too few "
         "round "
         "trips in a launch for a median, and is that of all launches together. The dotted line above is the longest "
         "of "
         "all. What CPUs do when they are idle is in the table of that name.",
         "一段时间没有发送任何消息之后，一次往返的耗时（自发送至收到应答）；两轴均为对数刻度。色带是各次启动中位数的 "
         "95 % 区间；没有色带的点，每次启动的往返太少，取所有启动合并后的中位数。其上的点线是最长的一次。空闲 CPU "
         "的行为见同名表格。"},
        has_idle_rows},
};

constexpr std::array kCastCharts = {
    PageChart{
        "cast-rate",
        {"Rate against the number of processes or channels", "速率与进程数或通道数"},
        {"All messages together, from the first send to the last verified message; both axes are logarithmic. The band "
         "is the 95 % interval of the median over launches. How processes share is part of a line's name: one object "
         "for all, an inbox for each receiver, or a channel for each pair. Where one process waits for many channels "
         "of another, it is how it waits. Of a lock it is turns: taken, held, given back.",
         "所有消息合计，从第一次发送到最后一条经校验的消息；两轴均为对数刻度。色带是各次启动中位数的 95 % "
         "区间。共享方式是线名的一部分：所有进程共用一个对象、每个接收方一个收件箱，或每对进程一条通道；"
         "一个进程等待另一进程的多条通道时，则为其等待方式。对锁则为轮次：取得、持有、归还。"},
        has_seat_lines},
    PageChart{
        "cast-worst",
        {"The worst process's p99", "最差进程的 p99"},
        {"Of all producers, the largest p99 of a send, waiting for room included; of a server's clients, that of a "
         "round trip; of those who want a lock, that of a wait. A mean over all would hide the one that waits longest.",
         "所有生产者中发送时间 p99 的最大值（含等待空间）；对服务器的客户端则为往返时间；对争用锁的进程则为等待时间。"
         "取平均会掩盖等待最久的那一个。"},
        has_seat_figure<&CaseFigures::worst_seat_p99>},
    PageChart{
        "cast-handover",
        {"What the next one who waits for a lock costs", "下一个等锁者的代价"},
        {"From the moment at which a process gives the lock back to the one at which another, which had waited, has "
         "it: nobody works in between. A lock that is given to the one who has waited longest pays this at each turn.",
         "从一个进程归还锁，到另一个已在等待的进程取得锁：其间没有任何进程在工作。总把锁交给等待最久者的锁，"
         "每一轮都要付出这一代价。"},
        has_seat_figure<&CaseFigures::handover_p50>},
    PageChart{"cast-fairness",
              {"Fairness against the number of processes", "公平性与进程数"},
              {"Jain's index of what came of each producer while all had something to send: 1 if all had the same, 1/N "
               "if one of N had everything. Notifications carry no sender, and one producer alone has no index. "
               "Of a lock, of the turns of each process.",
               "所有生产者都有消息可发期间各自送达数量的 Jain 指数：全部相同为 1，N 个中一个独占则为 1/N。"
               "通知不含发送者，单个生产者没有指数。对锁则为各进程的轮次。"},
              has_seat_figure<&CaseFigures::fairness>},
    PageChart{
        "cast-service",
        {"A server's rate against its service time", "服务器的速率与服务时间"},
        {"Answers a second of all clients together against what the server does for each request; left, nothing. The "
         "more it does, the less the mechanism matters: below is the highest rate over the lowest. Rows that don't "
         "block, don't touch their payload or met a limit are no part of it.",
         "所有客户端每秒收到的应答合计，横轴为服务器处理每个请求的时间，最左为零。处理越久，机制越不重要："
         "下方是最高速率与最低速率之比。不以阻塞方式等待、不触碰消息数据或受限制影响的行不计入该比值。"},
        has_service_lines},
};

constexpr std::array kCostCharts = {
    PageChart{
        "cpu-latency",
        {"CPU time against latency", "CPU 开销与延迟"},
        {"One point per mechanism and way of waiting; hollow points wait otherwise than by blocking. CPU time is that "
         "of both processes, and of a broker where there is one. Nothing is both faster and cheaper than the points on "
         "the line (the Pareto front).",
         "每种机制与等待方式一个点；空心点不用阻塞方式等待。CPU "
         "时间包括两个进程以及代理（如果有）。没有别的点比连线上的点（帕累托前沿）既更快又更省。"},
        kHasRoundTrips},
    PageChart{"counts",
              {"What a round trip makes the kernel do", "一次往返让内核做什么"},
              {"System calls of both sides, and context switches, per round trip. After a +: calls made again after an "
               "error. A broker's calls are not counted.",
               "每次往返双方的系统调用与上下文切换。加号之后：出错后重试的调用。代理的调用未计入。"},
              kHasRoundTrips},
    PageChart{
        "memory",
        {"Memory of a channel", "一条通道的内存"},
        {"What one channel takes, both directions: idle, and filled until a sender would wait. ≥: filled to the cap of "
         "1 MiB, it would take more; or part of it lies in kernel objects that were not seen.",
         "一条双向通道占用的内存：空闲时，以及装到发送方必须等待时。≥：装到 1 MiB 的上限为止，实际会更多；"
         "或有一部分在未能看到的内核对象中。"},
        has_figure<&CaseFigures::channel_idle>},
    PageChart{
        "setup",
        {"What a channel costs before the first message", "第一条消息之前的开销"},
        {"Create: before the two sides exist. Connect: until both are open. Teardown: both close, names are removed.",
         "创建：双方存在之前；连接：直到双方打开；拆除：双方关闭并删除名称。"},
        has_figure<&CaseFigures::setup_connect>},
};

constexpr std::array kPlacementCharts = {
    PageChart{"placements",
              {"Where the two processes run", "两个进程在哪里运行"},
              {"The same round trip on one CPU and on two. A line joins a mechanism's placements.",
               "同样的往返，在一个 CPU 上与在两个 CPU 上。连线连接同一机制的各种放置。"},
              kHasRoundTrips},
};

constexpr std::array kRunCharts = {
    PageChart{
        "launches",
        {"The run, launch by launch", "逐次启动"},
        {"Every launch in the order in which it was measured, as a multiple of its case's median: a drift of the "
         "machine shows as a slope over all of them. Below, the distance of the two CPUs around each launch, which "
         "on virtual machines has states.",
         "所有启动按测量顺序排列，以其用例中位数的倍数表示：机器的漂移表现为整体的斜率。下方是每次启动前后两个 "
         "CPU 的距离，在虚拟机上它有几种状态。"}},
};

// Returns the charts that any of the runs has data for.
template <std::size_t N>
std::vector<PageChart> charts_for(const std::array<PageChart, N>& charts, std::span<const PageRun> runs) {
  std::vector<PageChart> chosen;
  for (const PageChart& chart : charts) {
    const auto holds = [&](const PageRun& run) { return chart.has_data(run.compared->result); };
    if (chart.has_data == nullptr || std::ranges::any_of(runs, holds)) chosen.push_back(chart);
  }
  return chosen;
}

bool has_rows(const Table& table) {
  return std::any_of(table.parts.begin(), table.parts.end(), [](const TablePart& part) { return !part.rows.empty(); });
}

void add(PageSection& section, Table table, Table chinese, const std::string& run) {
  if (!run.empty()) {
    table.id = fmt::format("{}/{}", run, table.id);
    table.title = fmt::format("{}: {}", run, table.title);
    chinese.title = fmt::format("{}: {}", run, chinese.title);
  }
  section.tables.push_back({std::move(table), std::move(chinese)});
}

void add(PageSection& section, Table table, const std::string& run) {
  if (!has_rows(table)) return;
  Table chinese = in_chinese(table);
  add(section, std::move(table), std::move(chinese), run);
}

// Adds the claims made in public, judged by all runs together; nothing if these runs decide none.
void add_public_claims(PageSection& section, std::span<const PageRun> runs) {
  std::vector<ClaimResult> results;
  for (const PageRun& run : runs)
    results.push_back({.result = &run.compared->result, .name = runs.size() > 1 ? run.name : ""});
  const std::vector<JudgedClaim> claims = judge(public_claims(), results);
  const auto is_decided = [](const JudgedClaim& claim) { return claim.judgement != ClaimJudgement::not_tested; };
  if (std::ranges::none_of(claims, is_decided)) return;
  Table table = judged_claims_table(claims, Language::english);
  table.id = "public-claims";
  add(section, std::move(table), judged_claims_table(claims, Language::chinese), "");
}

// Distributes the result's tables to their sections.
struct Tables {
  explicit Tables(std::span<const PageRun> runs) {
    machine.charts = charts_for(kRunCharts, runs);
    for (const PageRun& run : runs) {
      const std::string name = runs.size() > 1 ? run.name : "";
      add_what_the_sources_say(*run.compared, name);
      for (Table& table : measurement_tables(run.compared->result, run.reference))
        add(measured, std::move(table), name);
      add(missing, at_largest_table(run.compared->result), name);
      add(missing, not_measured_table(run.compared->result), name);
      add(measured, buffer_table(run.compared->result), name);
      add(machine, run_table(run.compared->result), name);
      for (Table& table : floor_tables(run.compared->result)) add(machine, std::move(table), name);
      add(machine, state_table(run.compared->result), name);
      add(machine, noise_table(run.compared->result), name);
      add(machine, transport_table(run.compared->result), name);
    }
    add_public_claims(in_public, runs);
  }

  // Adds the comparison with the articles; nothing if the result measured no row of their table.
  void add_what_the_sources_say(const ComparedResult& compared, const std::string& name) {
    if (compared.sources.empty()) return;
    const Result& result = compared.result;
    for (const SourcesTable& one : compared.sources) sources.content += sources_html(one, name);
    claims.content += claims_html(result, name);
    add(guide, guide_table(result, Language::english), guide_table(result, Language::chinese), name);
  }

  PageSection sources{
      .id = "comparison", .title = {"The sources' table, measured", "性能比较：来源与实测"}, .leads = true};
  PageSection claims{.id = "claims", .title = {"Claims", "论断"}};
  PageSection in_public{.id = "public-claims", .title = {"Claims made in public", "公开的论断"}};
  PageSection guide{.id = "guide", .title = {"Selection guide", "选用指南"}};
  PageSection measured{.id = "tables", .title = {"All tables", "全部表格"}, .folded = true};
  PageSection missing{.id = "missing", .title = {"Not measured, and why", "未测量及原因"}};
  PageSection machine{.id = "machine", .title = {"Machine and run", "机器与运行"}};
};

}  // namespace

std::vector<PageSection> page_sections(std::span<const PageRun> runs) {
  Tables tables(runs);
  std::vector<PageSection> sections = {
      std::move(tables.sources),
      {.id = "latency", .title = {"Latency", "延迟"}, .charts = charts_for(kLatencyCharts, runs)},
      {.id = "throughput", .title = {"Throughput", "吞吐量"}, .charts = charts_for(kThroughputCharts, runs)},
      {.id = "load", .title = {"Load", "负载"}, .charts = charts_for(kLoadCharts, runs)},
      {.id = "casts", .title = {"Many processes", "多个进程"}, .charts = charts_for(kCastCharts, runs)},
      {.id = "cost", .title = {"Cost", "开销"}, .charts = charts_for(kCostCharts, runs)},
      {.id = "placement", .title = {"Placement", "放置"}, .charts = charts_for(kPlacementCharts, runs)},
  };
  for (PageSection* section :
       {&tables.claims, &tables.in_public, &tables.guide, &tables.measured, &tables.missing, &tables.machine}) {
    sections.push_back(std::move(*section));
  }
  std::erase_if(sections, [](const PageSection& section) {
    return section.content.empty() && section.tables.empty() && section.charts.empty();
  });
  return sections;
}

}  // namespace ipcbench
