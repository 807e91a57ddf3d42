#include "plots/page/page_sections.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/core.h>

#include "plots/table/table_chinese.h"
#include "plots/tables/guide_table.h"
#include "plots/tables/result_tables.h"
#include "plots/tables/sources_html.h"

namespace ipcbench {
namespace {

constexpr std::array kLatencyCharts = {
    PageChart{
        "distribution",
        {"How long round trips take", "往返延迟的分布"},
        {"All round trips of a case's launches together. The percentile curve shows tails: each step to the right "
         "is ten times rarer. The dashed line is the floor, what no blocking mechanism can beat on these CPUs.",
         "一个用例所有启动的往返合在一起。百分位曲线显示尾部：每向右一格，稀少十倍。虚线是下限：这些 CPU "
         "上任何阻塞机制都无法更快。"}},
    PageChart{
        "latency-size",
        {"Latency against message size", "延迟与消息大小"},
        {"Round trip, median over launches. The band is the 95 % interval of that median; where bands overlap there "
         "is no order.",
         "往返延迟，各次启动的中位数。色带是该中位数的 95 % 区间；色带重叠处不分先后。"}},
};

constexpr std::array kThroughputCharts = {
    PageChart{"throughput",
              {"Throughput against message size", "吞吐量与消息大小"},
              {"Verified bytes, or messages, per second, one way. The dashed line is one memcpy of the same size.",
               "单向、经过校验的每秒字节数或消息数。虚线是同样大小的一次 memcpy。"}},
};

constexpr std::array kCostCharts = {
    PageChart{
        "cpu-latency",
        {"CPU time against latency", "CPU 开销与延迟"},
        {"One point per mechanism and way of waiting; hollow points wait otherwise than by blocking. CPU time is that "
         "of both processes, and of a broker where there is one. Nothing is both faster and cheaper than the points on "
         "the line (the Pareto front).",
         "每种机制与等待方式一个点；空心点不用阻塞方式等待。CPU "
         "时间包括两个进程以及代理（如果有）。没有别的点比连线上的点（帕累托前沿）既更快又更省。"}},
    PageChart{"counts",
              {"What a round trip makes the kernel do", "一次往返让内核做什么"},
              {"System calls of both sides, and context switches, per round trip. After a +: calls made again after an "
               "error. A broker's calls are not counted.",
               "每次往返双方的系统调用与上下文切换。加号之后：出错后重试的调用。代理的调用未计入。"}},
    PageChart{
        "memory",
        {"Memory of a channel", "一条通道的内存"},
        {"What one channel takes, both directions: idle, and filled until a sender would wait. ≥: filled to the cap of "
         "1 MiB, it would take more; or part of it lies in kernel objects that were not seen.",
         "一条双向通道占用的内存：空闲时，以及装到发送方必须等待时。≥：装到 1 MiB 的上限为止，实际会更多；"
         "或有一部分在未能看到的内核对象中。"}},
    PageChart{
        "setup",
        {"What a channel costs before the first message", "第一条消息之前的开销"},
        {"Create: before the two sides exist. Connect: until both are open. Teardown: both close, names are removed.",
         "创建：双方存在之前；连接：直到双方打开；拆除：双方关闭并删除名称。"}},
};

constexpr std::array kPlacementCharts = {
    PageChart{"placements",
              {"Where the two processes run", "两个进程在哪里运行"},
              {"The same round trip on one CPU and on two. A line joins a mechanism's placements.",
               "同样的往返，在一个 CPU 上与在两个 CPU 上。连线连接同一机制的各种放置。"}},
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

// Distributes the result's tables to their sections.
struct Tables {
  explicit Tables(std::span<const PageRun> runs) {
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
  PageSection guide{.id = "guide", .title = {"Selection guide", "选用指南"}};
  PageSection measured{.id = "tables", .title = {"All tables", "全部表格"}, .folded = true};
  PageSection missing{.id = "missing", .title = {"Not measured, and why", "未测量及原因"}};
  PageSection machine{.id = "machine", .title = {"Machine and run", "机器与运行"}, .charts = kRunCharts};
};

}  // namespace

std::vector<PageSection> page_sections(std::span<const PageRun> runs) {
  Tables tables(runs);
  std::vector<PageSection> sections = {
      std::move(tables.sources),
      {.id = "latency", .title = {"Latency", "延迟"}, .charts = kLatencyCharts},
      {.id = "throughput", .title = {"Throughput", "吞吐量"}, .charts = kThroughputCharts},
      {.id = "cost", .title = {"Cost", "开销"}, .charts = kCostCharts},
      {.id = "placement", .title = {"Placement", "放置"}, .charts = kPlacementCharts},
  };
  for (PageSection* section : {&tables.claims, &tables.guide, &tables.measured, &tables.missing, &tables.machine}) {
    sections.push_back(std::move(*section));
  }
  std::erase_if(sections, [](const PageSection& section) {
    return section.content.empty() && section.tables.empty() && section.charts.empty();
  });
  return sections;
}

}  // namespace ipcbench
