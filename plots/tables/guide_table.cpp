#include "plots/tables/guide_table.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "plots/table/cells.h"
#include "plots/table/limit_notes.h"
#include "results/claims/source_table.h"
#include "results/figures/capability.h"
#include "results/model/limits.h"
#include "results/rows/ranking.h"

namespace ipcbench {
namespace {

constexpr std::size_t kShownBest = 3;

// A use that the articles name, and the row of their table that they recommend for it.
struct Use {
  Bilingual text;
  std::string_view row;
  Need need;
};

const std::array<Use, 8>& uses() {
  static const std::array<Use, 8> list = {{
      {{"a simple one-way flow of 4 KiB", "简单的单向数据流（4 KiB）"},
       "pipe",
       {.size = 4096, .pattern = NeedPattern::stream, .self_synchronising = true}},
      {{"events, process control: notifications", "事件通知与进程控制（只有通知）"},
       "signal",
       {.size = 0, .unrelated = true}},
      {{"structured messages of 64 B, many to many", "结构化消息（64 B），多对多"},
       "message queue",
       {.size = 64,
        .pattern = NeedPattern::many_to_many,
        .by = Criterion::latency,
        .unrelated = true,
        .boundaries = true,
        .reliable = true}},
      {{"large data: a stream of 64 KiB messages", "大量数据（64 KiB单向传输）"},
       "shared memory",
       {.size = 65536, .pattern = NeedPattern::stream}},
      {{"synchronisation", "进程同步"}, "semaphore", {.size = 0, .self_synchronising = true}},
      {{"a local client and its server, with flow control: 64 B", "本机客户端与服务器，带流量控制（64 B）"},
       "UNIX domain socket",
       {.size = 64, .unrelated = true, .self_synchronising = true, .reliable = true, .access_control = true}},
      {{"across machines: requests of 64 B", "跨机器通信（64 B请求）"},
       "network socket",
       {.size = 64, .unrelated = true, .crosses_hosts = true}},
      {{"desktop applications and services: one to many", "桌面应用与系统服务（一对多）"},
       "D-Bus",
       {.size = 64,
        .pattern = NeedPattern::one_to_many,
        .by = Criterion::latency,
        .unrelated = true,
        .boundaries = true,
        .reliable = true,
        .access_control = true}},
  }};
  return list;
}

constexpr Bilingual kGuideTitle = {"What to use for what: {}, without spinning", "选用指南：{}，不自旋"};
constexpr Bilingual kUse = {"use", "用途"};
constexpr Bilingual kRecommended = {"the sources recommend", "来源推荐"};
constexpr Bilingual kBestHere = {"qualify and are best here", "符合要求且实测最佳"};
constexpr Bilingual kRanked = {"{} {} (#{})", "{} {}（第{}名）"};
constexpr Bilingual kUnranked = {"{} {}", "{} {}"};
constexpr Bilingual kNoneOfThem = {"not among what qualifies", "不在符合要求者之中"};
constexpr Bilingual kNothingMeasured = {"nothing that was measured", "没有测量过"};
constexpr Bilingual kGuideNote = {
    "#: ranks by the measured figure, from 1 + those surely better to all not surely worse; for one to many and many "
    "to many the figures are of one sender and one receiver; more in ipcbench recommend --help",
    "#：按实测值排名，从“1 + 确定更优者之数”到“不确定更差者之数”；一对多、多对多的数值来自一个发送者和一个接收者；详见 "
    "ipcbench recommend --help"};

std::string entry_of(const Recommendation& answer, const Rank& place, Language language) {
  const Qualified& qualified = answer.qualified[place.index];
  const Unit unit = answer.by == Criterion::throughput ? Unit::bytes_per_s : Unit::ns;
  std::string value = qualified.compared->median ? human(unit, *qualified.compared->median) : "—";
  if (qualified.limited) value += fmt::format(" {}", kLimitMark);
  const WaitName& waits = qualified.measured->wait;
  const std::string wait = waits == WaitStrategy::block ? "" : fmt::format(" {}", to_string(waits));
  if (place.first == 0) return format_in(language, kUnranked, qualified.measured->transport + wait, value);
  return format_in(language, kRanked, qualified.measured->transport + wait, value, to_string(place));
}

std::vector<Cell> use_row(const Result& result, const Use& use, Language language) {
  const Recommendation answer = recommend(result, use.need);
  // A figure that a limit changed is placed by value alone and never counts as best.
  std::vector<Figure> figures;
  for (const Qualified& qualified : answer.qualified) {
    figures.push_back(*qualified.compared);
    if (qualified.limited) figures.back().ci95.reset();
  }
  std::vector<Contender> rows;
  for (std::size_t i = 0; i < figures.size(); ++i) {
    rows.push_back(
        {.figure = &figures[i], .measured = answer.qualified[i].limited ? nullptr : answer.qualified[i].measured});
  }
  const std::vector<Rank> ranks = rank(rows, answer.by == Criterion::throughput ? Better::larger : Better::smaller);

  std::vector<std::string> best;
  for (const Rank& place : ranks) {
    if (best.size() < kShownBest && !answer.qualified[place.index].limited)
      best.push_back(entry_of(answer, place, language));
  }
  const auto is_recommended = [&](const Rank& place) {
    const TransportRecord* record = find_transport_record(result, answer.qualified[place.index].measured->transport);
    return record != nullptr && record->row == use.row;
  };
  const auto row = std::ranges::find(source_table(), use.row, &SourceRow::row);
  Cell recommended = cell(std::string(in(language, row->name)));
  const auto found = std::ranges::find_if(ranks, is_recommended);
  recommended.below = {found == ranks.end() ? std::string(in(language, kNoneOfThem))
                                            : entry_of(answer, *found, language)};
  Cell measured = cell(best.empty() ? std::string(in(language, kNothingMeasured)) : best.front());
  for (std::size_t i = 1; i < best.size(); ++i) measured.below.push_back(best[i]);
  return {cell(std::string(in(language, use.text))), std::move(recommended), std::move(measured)};
}

}  // namespace

Table guide_table(const Result& result, Language language) {
  Table table{.id = "guide",
              .title = format_in(language, kGuideTitle, to_string(recommend(result, {}).need.placement)),
              .columns = {{.key = "use", .title = std::string(in(language, kUse)), .wrap = 40},
                          {.key = "recommended", .title = std::string(in(language, kRecommended)), .wrap = 36},
                          {.key = "best", .title = std::string(in(language, kBestHere)), .wrap = 40}},
              .parts = {TablePart{}},
              .notes = {std::string(in(language, kGuideNote))}};
  for (const Use& use : uses()) table.parts[0].rows.push_back(use_row(result, use, language));
  if (std::ranges::any_of(result.cases, is_limited)) {
    table.notes.emplace_back(language == Language::chinese ? kLimitMarkNoteChinese : kLimitMarkNote);
  }
  return table;
}

}  // namespace ipcbench
