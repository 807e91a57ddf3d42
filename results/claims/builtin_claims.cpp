#include "results/claims/builtin_claims.h"

#include <string>
#include <vector>

#include <fmt/format.h>

#include "results/claims/claim_file.h"

namespace ipcbench {
namespace {

std::vector<Claim> read_builtin(bool of_articles) {
  std::vector<Claim> claims;
  for (const ClaimText& file : builtin_claim_texts()) {
    Claim claim = parse_claim(std::string(file.text), fmt::format("claims/{}.toml", file.name));
    if (claim.is_of_articles == of_articles) claims.push_back(std::move(claim));
  }
  return claims;
}

}  // namespace

std::span<const Claim> articles_claims() {
  static const std::vector<Claim> claims = read_builtin(true);
  return claims;
}

std::span<const Claim> public_claims() {
  static const std::vector<Claim> claims = read_builtin(false);
  return claims;
}

}  // namespace ipcbench
