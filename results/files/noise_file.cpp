#include "results/files/noise_file.h"

#include <cstddef>

#include "results/files/json_fields.h"
#include "results/files/json_reader.h"
#include "results/files/record_writer.h"

namespace ipcbench {
namespace json {

template <class A, Like<RoundMargin> R>
void fields(A& a, R& r) {
  a("rounds", r.rounds);
  a("margin", r.margin);
}

template <class A, Like<NoiseFigure> R>
void fields(A& a, R& r) {
  a.word("case", r.case_id);
  a.word("metric", r.metric);
  a("pairs", r.pairs);
  a("spread", r.spread);
  a("margin", r.margin);
  a.added("margins", r.margins);
  a("runs", r.runs);
  a("run_margin", r.run_margin);
  a.reason(r.reason);
}

template <class A, Like<NoiseModel> R>
void fields(A& a, R& r) {
  a("machine_class", r.machine_class);
  a.added("inherited", r.inherited);
  a("created", r.created);
  a("suite", r.suite);
  a("payload", r.payload);
  a.optional("workers", r.workers);
  a.added("block_ns", r.block_ns);
  a("seed", r.seed);
  a("rounds", r.rounds);
  a("jobs", r.jobs);
  a("tool", r.build);
  a("figures", r.figures);
}

}  // namespace json

std::string to_json(const NoiseModel& model) {
  constexpr std::size_t kFigureDepth = 2;  // document, figures: a figure is one line
  json::RecordWriter writer(kFigureDepth, json::Form::full);
  writer.document(model, kNoiseSchema);
  return writer.take() + '\n';
}

NoiseModel noise_from_json(std::string_view text, const std::string& file) {
  NoiseModel model = json::read_record<NoiseModel>(text, file, kNoiseSchema);
  // Early builds learnt margins for a single number of rounds.
  for (NoiseFigure& figure : model.figures) {
    if (figure.margins.empty() && figure.margin) figure.margins = {{model.rounds, *figure.margin}};
  }
  return model;
}

}  // namespace ipcbench
