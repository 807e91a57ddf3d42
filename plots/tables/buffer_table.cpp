#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "plots/table/cells.h"
#include "plots/table/limit_notes.h"
#include "plots/tables/result_tables.h"
#include "results/figures/load_summary.h"
#include "results/model/limits.h"

namespace ipcbench {
namespace {

// One buffer of a transport with its options, over all of its cases.
struct BufferRow {
  std::string transport;
  BufferRange range;  // direction: "each" if both are alike
  BilingualString limit;
};

bool counts_bytes(const std::string& name) { return name != "mq_maxmsg"; }

// Returns a case's buffers, merging those that are alike in both directions.
std::vector<BufferRange> merged(const std::vector<BufferRange>& buffers) {
  std::vector<BufferRange> rows;
  for (const BufferRange& buffer : buffers) {
    const auto twin = std::ranges::find_if(rows, [&](const BufferRange& row) {
      return row.name == buffer.name && row.least == buffer.least && row.most == buffer.most;
    });
    if (twin == rows.end()) {
      rows.push_back(buffer);
    } else {
      twin->direction = "each";
    }
  }
  return rows;
}

BilingualString limit_of(const CaseRecord& c, const std::string& buffer) {
  for (const CaseLimit& limit : c.summary.limits_met) {
    if (limit.met.buffer != buffer) continue;
    return bilingual_text(limit, static_cast<std::size_t>(std::ranges::count_if(c.launches, &LaunchRecord::used)));
  }
  return {};
}

void add_rows(std::vector<BufferRow>& rows, const CaseRecord& c) {
  for (const BufferRange& range : merged(c.summary.buffers)) {
    const std::string label = transport_label(c);
    const auto known = std::ranges::find_if(rows, [&](const BufferRow& row) {
      return row.transport == label && row.range.name == range.name && row.range.direction == range.direction;
    });
    if (known == rows.end()) {
      rows.push_back({label, range, limit_of(c, range.name)});
      continue;
    }
    known->range.least = std::min(known->range.least, range.least);
    known->range.most = std::max(known->range.most, range.most);
    if (known->limit.english.empty()) known->limit = limit_of(c, range.name);
  }
}

Cell size_cell(const BufferRange& range) {
  const auto text = [&](std::uint64_t size) {
    const Unit unit = counts_bytes(range.name) ? Unit::bytes : Unit::count;
    return human(unit, static_cast<double>(size));
  };
  Cell result = cell(range.least);
  result.shown = text(range.least);
  if (range.most != range.least) result.shown += fmt::format(" – {}", text(range.most));
  return result;
}

}  // namespace

Table buffer_table(const Result& result) {
  Table table{.id = "buffers",
              .title = "Kernel buffers: the sizes that took effect",
              .columns = {{.key = "transport", .title = "transport"},
                          {.key = "buffer", .title = "buffer"},
                          {.key = "direction", .title = "direction"},
                          {.key = "size", .title = "size", .unit = Unit::count},
                          {.key = "size_most", .title = "size_most", .unit = Unit::count, .audience = Audience::data},
                          {.key = "unit", .title = "unit", .audience = Audience::data},
                          {.key = "limit_met", .title = "limit met", .wrap = 60}},
              .parts = {TablePart{}},
              .notes = {std::string(kBufferNote)}};
  std::vector<BufferRow> rows;
  for (const CaseRecord& c : result.cases) add_rows(rows, c);
  for (const BufferRow& row : rows) {
    if (!row.limit.english.empty()) table.bilingual.push_back(row.limit);
    table.parts[0].rows.push_back({cell(row.transport), cell(row.range.name), cell(row.range.direction),
                                   size_cell(row.range), cell(row.range.most),
                                   cell(std::string(counts_bytes(row.range.name) ? "bytes" : "messages")),
                                   cell(row.limit.english)});
  }
  return table;
}

}  // namespace ipcbench
