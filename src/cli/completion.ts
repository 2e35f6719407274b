import type { Command } from './command.ts';
import { flagsOf, sharedFlags } from './flags.ts';

export const shells = ['bash', 'zsh', 'fish'] as const;

/** A completion script for a shell, made from the table of verbs. */
export function completion(shell: (typeof shells)[number], commands: readonly Command[]): string {
  const verbs = commands.map((one) => ({
    name: one.name,
    summary: one.summary,
    flags: [...flagsOf(one.input), ...sharedFlags(one)].map((flag) => `--${flag.name}`),
  }));
  if (shell === 'fish') {
    const quoted = (text: string) => `'${text.replaceAll("'", "\\'")}'`;
    return [
      ...verbs.map(({ name, summary }) => `complete -c glm-skill -n __fish_use_subcommand -f -a ${name} -d ${quoted(summary)}`),
      ...verbs.flatMap(({ name, flags }) =>
        flags.map((flag) => `complete -c glm-skill -n '__fish_seen_subcommand_from ${name}' -l ${flag.slice(2)}`),
      ),
      '',
    ].join('\n');
  }
  const cases = verbs.map(({ name, flags }) => `    ${name}) words="${flags.join(' ')}" ;;`).join('\n');
  const body = `_glm_skill() {
  local current="\${COMP_WORDS[COMP_CWORD]}" words="${verbs.map(({ name }) => name).join(' ')}"
  if [ "$COMP_CWORD" -gt 1 ]; then case "\${COMP_WORDS[1]}" in
${cases}
    *) words="" ;;
  esac; fi
  if [ "$COMP_CWORD" -gt 1 ] && [ "\${current#-}" = "$current" ]; then
    local IFS=$'\\n'
    COMPREPLY=($(compgen -f -- "$current"))
    compopt -o filenames 2>/dev/null
  else COMPREPLY=($(compgen -W "$words" -- "$current")); fi
}
complete -F _glm_skill glm-skill
`;
  return shell === 'zsh'
    ? `(( $+functions[compdef] )) || { autoload -U +X compinit && compinit; }\nautoload -U +X bashcompinit && bashcompinit\n${body}`
    : body;
}
