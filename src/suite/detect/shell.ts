import { parse } from 'shell-quote';

/** One simple command of a script. `opaque` where only a shell can say what it does (substitutions, subshells, loops). */
export type Command = {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly opaque: boolean;
};

const assignment = /^([A-Za-z_]\w*)=(.*)$/s;
const mark = '\u0001';

/**
 * Splits a script line as `sh` would, without running anything. Unquoted globs keep the meaning they have in `sh`, where `**` is `*`;
 * quoted ones are left to the program. Redirections are dropped: we read the streams ourselves.
 */
export function readCommands(line: string): Command[] {
  const commands: Command[] = [];
  let words: string[] = [];
  let opaque = false;
  const close = () => {
    const env: Record<string, string> = {};
    let at = 0;
    for (; at < words.length; at++) {
      const pair = assignment.exec(words[at] ?? '');
      if (!pair?.[1]) break;
      env[pair[1]] = pair[2] ?? '';
    }
    const argv = words.slice(at);
    if (argv.length > 0) commands.push({ argv, env, opaque: opaque || words.some((word) => word.includes(mark)) });
    words = [];
    opaque = false;
  };
  let redirected = false;
  for (const token of tokensOf(line)) {
    if (typeof token === 'string') {
      if (redirected) redirected = false;
      else words.push(token);
    } else if ('comment' in token) continue;
    else if (token.op === 'glob') words.push('pattern' in token ? token.pattern.replaceAll('**', '*') : '');
    else if (['&&', '||', ';', '|', '&', '|&', ';;'].includes(token.op)) close();
    else if (['>', '>>', '<', '>&', '<&'].includes(token.op)) {
      if (/^[12]$/.test(words.at(-1) ?? '')) words.pop();
      redirected = true;
    } else opaque = true;
  }
  close();
  return commands;
}

function tokensOf(line: string) {
  try {
    return parse(line, (name: string) => `${mark}${name}`);
  } catch {
    return [line];
  }
}
