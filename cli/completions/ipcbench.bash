# bash completion for ipcbench. The program supplies the words.

_ipcbench() {
  local program=$1 word words=()
  # readline splits words at '='; they are joined again.
  for word in "${COMP_WORDS[@]:1:COMP_CWORD}"; do
    if ((${#words[@]})) && [[ $word == '=' || ${words[-1]} == *= ]]; then
      words[-1]+=$word
    else
      words+=("$word")
    fi
  done

  local begun=${words[-1]} candidate
  COMPREPLY=()
  while IFS=$'\t' read -r candidate _; do
    # readline replaces only the part after the last '='.
    if [[ $begun == *=* ]]; then
      candidate=${candidate#"${begun%"${begun##*=}"}"}
    fi
    COMPREPLY+=("$candidate")
  done < <("$program" complete -- "${words[@]}" 2>/dev/null)
  if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *= ]]; then
    compopt -o nospace 2>/dev/null
  fi
}

complete -o default -F _ipcbench ipcbench
