# fish completion for ipcbench. The program supplies the words.

function __ipcbench_complete
    set -l words (commandline -opc)
    set -l candidates ($words[1] complete -- $words[2..-1] (commandline -ct | string collect --allow-empty) 2>/dev/null)
    if test (count $candidates) -gt 0
        printf '%s\n' $candidates
    else
        __fish_complete_path (commandline -ct)
    end
end

complete -c ipcbench -f -a '(__ipcbench_complete)'
