# Sourced by tools/format and tools/tidy: selects the sources that their arguments mean.
# shellcheck shell=bash

refuse() {
  printf '%s: %s\n' "$(basename "$0")" "$*" >&2
  exit 2
}

# changed_files [--all | --since COMMIT]: sets `files` to the selected C and C++ sources, relative to the tree.
changed_files() {
  local sources=('*.h' '*.hpp' '*.cpp' '*.c') since=HEAD names
  case ${1:-} in
    "") ;;
    --all) since= ;;
    --since)
      since=${2:?--since takes a commit}
      git rev-parse --quiet --verify "$since^{commit}" >/dev/null || refuse "'$since' is not a commit"
      ;;
    *) refuse "unknown argument '$1'; valid: --all, --since COMMIT" ;;
  esac
  if [[ -z $since ]]; then
    names=$(git ls-files -- "${sources[@]}")
  else
    names=$(git diff --name-only --diff-filter=d "$since" -- "${sources[@]}"; git ls-files --others --exclude-standard -- "${sources[@]}")
  fi
  files=()
  [[ -z $names ]] || mapfile -t files < <(sort -u <<<"$names")
}
