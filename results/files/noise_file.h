#pragma once

#include <string>
#include <string_view>

#include "results/compare/noise_model.h"
#include "results/model/result_error.h"

// A calibration, noise.json, as JSON text. docs/result-format.md says what every key means.

namespace ipcbench {

inline constexpr std::string_view kNoiseSchema = "ipcbench-noise";

// A document with a newline at its end: one figure a line.
std::string to_json(const NoiseModel& model);
// Strict, as results are read. `file` names the text in errors. Throws ResultError, whatever the text holds.
NoiseModel noise_from_json(std::string_view text, const std::string& file);

}  // namespace ipcbench
