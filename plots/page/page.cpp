#include "plots/page/page.h"

#include <algorithm>
#include <functional>
#include <map>
#include <stdexcept>
#include <string_view>

#include <fmt/format.h>

#include "plots/page/base64.h"
#include "plots/page/page_assets.h"
#include "plots/page/page_sections.h"
#include "plots/table/html_text.h"
#include "plots/table/table_html.h"
#include "results/compare/comparability.h"
#include "results/figures/summary_form.h"

namespace ipcbench {
namespace {

using Slots = std::map<std::string_view, std::string, std::less<>>;

constexpr std::string_view kSlot = "<!--slot:";
constexpr std::string_view kSlotEnd = "-->";

// Fills the slots in one pass: the content of a slot is not searched for slots.
std::string filled(std::string_view text, const Slots& slots) {
  std::string page;
  for (std::size_t at = text.find(kSlot); at != std::string_view::npos; at = text.find(kSlot)) {
    page += text.substr(0, at);
    text.remove_prefix(at + kSlot.size());
    const std::size_t end = text.find(kSlotEnd);
    const auto slot = slots.find(text.substr(0, end));
    if (slot == slots.end()) throw std::logic_error(fmt::format("page.html: no slot '{}'", text.substr(0, end)));
    page += slot->second;
    text.remove_prefix(end + kSlotEnd.size());
  }
  return page += text;
}

std::string policy() {
  const std::string script = page_script().empty() ? "" : fmt::format(" script-src '{}';", page_script_hash());
  return fmt::format("default-src 'none';{} style-src '{}'; img-src data:; base-uri 'none'; form-action 'none'", script,
                     page_style_hash());
}

std::string image(const PageChart& chart, const StaticChart& drawing) {
  return fmt::format("<img alt=\"{}\" src=\"data:image/svg+xml;base64,{}\">", html_escaped(chart.title.english),
                     base64(drawing.svg));
}

// Returns the chart's figure; "" if this page can't show it.
std::string figure(const PageChart& chart, const PageOptions& options) {
  const auto drawing = std::find_if(options.static_charts.begin(), options.static_charts.end(),
                                    [&](const StaticChart& d) { return d.chart == chart.id; });
  const bool drawn = drawing != options.static_charts.end();
  const bool scripted = !page_script().empty();
  if (!drawn && !scripted) return "";
  std::string html = fmt::format(
      "<figure class=\"chart\" id=\"chart-{0}\" data-chart=\"{0}\"><figcaption><h3>{1}</h3><p>{2}</p></figcaption>\n",
      chart.id, html_bilingual(chart.title), html_bilingual(chart.about));
  if (!scripted) {
    html += image(chart, *drawing);
  } else if (drawn) {
    html += fmt::format("<noscript>{}</noscript>", image(chart, *drawing));
  } else {
    html += fmt::format("<noscript><p class=\"notes\">{}</p></noscript>",
                        html_bilingual("This chart needs scripts; the tables below hold its numbers.",
                                       "此图需要脚本；下面的表格包含其数据。"));
  }
  return html + "</figure>\n";
}

struct Contents {
  std::string leading;     // sections above the charts
  std::string sections;    // the others
  std::string navigation;  // links to the sections that aren't empty
};

Contents contents_of(std::span<const PageRun> runs, const PageOptions& options) {
  Contents contents;
  for (const PageSection& section : page_sections(runs)) {
    std::string content = section.content;
    for (const PageChart& chart : section.charts) content += figure(chart, options);
    // Without charts, readers come for the tables.
    const bool folded = section.folded && !page_script().empty();
    for (const BilingualTable& table : section.tables) content += to_html(table, folded);
    if (content.empty()) continue;
    const std::string title = html_bilingual(section.title);
    std::string& part = section.leads ? contents.leading : contents.sections;
    part += fmt::format("<section id=\"{}\"><h2>{}</h2>\n{}</section>\n", section.id, title, content);
    contents.navigation += fmt::format("<a href=\"#{}\">{}</a>\n", section.id, title);
  }
  return contents;
}

std::string joined(const std::vector<std::string>& items, std::string_view separator) {
  std::string text;
  for (const std::string& item : items) {
    if (!item.empty()) text.append(text.empty() ? "" : separator).append(item);
  }
  return text;
}

std::string fact(std::size_t count, const Bilingual& name) {
  return fmt::format("<li><b>{}</b> {}</li>", count, html_bilingual(name));
}

std::string run_header(const PageRun& run) {
  const Result& r = run.compared->result;
  std::size_t measured = 0;
  std::size_t launches = 0;
  for (const CaseRecord& c : r.cases) {
    measured += c.status == Status::ok ? 1 : 0;
    launches += c.launches.size();
  }
  const auto available = static_cast<std::size_t>(
      std::count_if(r.transports.begin(), r.transports.end(), [](const TransportRecord& t) { return t.available; }));
  std::string html = fmt::format("<div class=\"run\"><h2>{}</h2><p>{}</p><ul class=\"facts\">", html_cut(run.name),
                                 html_cut(joined({r.machine.cpu, r.machine.topology, "Linux " + r.machine.kernel,
                                                  r.machine.virtualisation, r.started},
                                                 " · ")));
  html += fact(available, {"mechanisms", "种机制"}) + fact(measured, {"cases measured", "个用例"}) +
          fact(launches, {"launches (pairs of fresh processes)", "次启动（每次一对新进程）"}) +
          fact(r.cases.size() - measured, {"not measured", "个未测量"});
  return html + "</ul></div>\n";
}

// Returns what a reader must know before the first number.
std::string findings(const PageRun& run, bool named) {
  const Result& r = run.compared->result;
  const std::string prefix = named ? html_cut(run.name) + ": " : "";
  std::string items;
  if (!r.complete) {
    items += fmt::format("<li class=\"wrong\">{}{}</li>\n", prefix,
                         html_bilingual("The run was stopped before its end.", "运行在结束前被中止。"));
  }
  if (r.machine.inherited && *r.machine.inherited != kUsualConditions) {
    const std::string conditions = shortened(*r.machine.inherited);
    items += fmt::format(
        "<li class=\"noisy\">{}{}</li>\n", prefix,
        html_bilingual("Measured under inherited conditions: " + conditions, "在继承的条件下测量：" + conditions));
  }
  if (is_summary_form(r)) items += fmt::format("<li>{}{}</li>\n", prefix, html_bilingual(kSummaryFormText));
  for (const Severity severity : {Severity::wrong, Severity::noisy}) {
    for (const HostCheck& check : r.machine.checks) {
      if (check.severity != severity) continue;
      items += fmt::format("<li class=\"{}\">{}{}", to_string(severity), prefix, html_cut(check.text));
      if (!check.fix.empty()) items += fmt::format(" <code>{}</code>", html_cut(check.fix));
      items += "</li>\n";
    }
  }
  for (const std::string& note : r.notes) items += fmt::format("<li>{}{}</li>\n", prefix, html_cut(note));
  return items;
}

// Returns how each run differs from the first one, since the charts show them side by side.
std::string differences_of_runs(std::span<const PageRun> runs) {
  std::string items;
  for (const PageRun& run : runs.subspan(std::min<std::size_t>(1, runs.size()))) {
    const std::vector<Difference> apart =
        differences(conditions_of(runs.front().compared->result), conditions_of(run.compared->result));
    for (const bool forbids : {true, false}) {
      const BilingualString text = bilingual_text(apart, forbids);
      if (text.english.empty()) continue;
      const Bilingual what = forbids ? Bilingual{"not comparable: ", "不可比较："}
                                     : Bilingual{"measured under different conditions: ", "测量条件不同："};
      items += fmt::format(
          "<li{}>{} / {}: {}</li>\n", forbids ? " class=\"wrong\"" : "", html_cut(runs.front().name),
          html_cut(run.name),
          html_bilingual_cut(std::string(what.english) + text.english, std::string(what.chinese) + text.chinese));
    }
  }
  return items;
}

std::string repeat(const PageRun& run) {
  const Result& r = run.compared->result;
  const bool seeded = r.command.find("--seed") != std::string::npos;
  return fmt::format(
      "<pre><code>{}{}</code></pre>\n<p>{}</p>\n", html_cut(r.command), seeded ? "" : fmt::format(" --seed {}", r.seed),
      html_cut(joined({"ipcbench " + r.build.version, r.build.git, r.build.compiler, r.build.flags, r.build.build_type},
                      ", ")));
}

template <class F>
std::string of_all(std::span<const PageRun> runs, const F& html_of) {
  std::string html;
  for (const PageRun& run : runs) html += html_of(run);
  return html;
}

std::string title_of(std::span<const PageRun> runs) {
  std::vector<std::string> names;
  for (const PageRun& run : runs) names.push_back(shortened(run.name));
  return joined(names, ", ");
}

std::string script_parts(std::span<const PageRun> runs) {
  if (page_script().empty()) return "";
  return fmt::format("<script type=\"application/json\" id=\"data\">{}</script>\n<script>{}</script>\n",
                     json_for_html(page_data(runs)), page_script());
}

std::string licences() {
  if (page_script().empty()) {
    return fmt::format("<p>{}</p>",
                       html_bilingual(fmt::format("This page has no interactive charts: {}.", page_script_missing()),
                                      fmt::format("本页没有交互图表：{}。", page_script_missing())));
  }
  return fmt::format("<details><summary>{}</summary><pre>{}</pre></details>",
                     html_bilingual("Licences of what this page contains", "本页所含软件的许可证"),
                     html_escaped(page_script_licences()));
}

}  // namespace

std::string to_page(std::span<const PageRun> runs, const PageOptions& options) {
  const Contents contents = contents_of(runs, options);
  const bool several = runs.size() > 1;
  return filled(page_template(),
                {{"lang", options.language == Language::chinese ? "zh-CN" : "en"},
                 {"policy", policy()},
                 {"title", html_escaped(title_of(runs))},
                 {"style", std::string(page_style())},
                 {"navigation", contents.navigation},
                 {"runs", of_all(runs, run_header)},
                 {"findings",
                  differences_of_runs(runs) + of_all(runs, [&](const PageRun& run) { return findings(run, several); })},
                 {"leading", contents.leading},
                 {"sections", contents.sections},
                 {"repeat", of_all(runs, repeat)},
                 {"licences", licences()},
                 {"scripts", script_parts(runs)}});
}

}  // namespace ipcbench
