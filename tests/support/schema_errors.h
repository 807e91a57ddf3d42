#pragma once

// Validates documents by the project's JSON Schemas. Without valijson, IPCBENCH_HAS_VALIDATOR is 0 and nothing else is
// defined.

#if __has_include(<valijson/validator.hpp>)
#define IPCBENCH_HAS_VALIDATOR 1

#if defined(__GNUC__) && !defined(__clang__)
// With the sanitizers, g++ 12 warns of uninitialised members in std::regex, which the validator uses.
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

#include <fstream>
#include <sstream>
#include <string>

#include <nlohmann/json.hpp>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

namespace ipcbench {

// Says what violates results/schema/NAME in the document; "" if nothing does.
inline std::string schema_errors(const std::string& name, const nlohmann::json& document) {
  std::ifstream in(IPCBENCH_SOURCE_DIR "/results/schema/" + name + ".schema.json");
  const nlohmann::json schema_document = nlohmann::json::parse(in);
  valijson::Schema schema;
  valijson::SchemaParser().populateSchema(valijson::adapters::NlohmannJsonAdapter(schema_document), schema);
  valijson::ValidationResults results;
  if (valijson::Validator().validate(schema, valijson::adapters::NlohmannJsonAdapter(document), &results)) return "";
  std::ostringstream text;
  valijson::ValidationResults::Error error;
  while (results.popError(error)) {
    for (const std::string& part : error.context) text << part;
    text << ": " << error.description << "\n";
  }
  return text.str() + "not valid";
}

}  // namespace ipcbench

#else
#define IPCBENCH_HAS_VALIDATOR 0
#endif
