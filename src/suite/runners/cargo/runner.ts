import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { condense } from '../../output-text.ts';
import { readCargo } from '../../reports/cargo-text.ts';
import { plainName, programOf, type Runner } from '../../runner.ts';

/** `cargo test`. Its stable output is text; libtest's JSON needs a nightly compiler. */
/** Lines of libtest: what tests print with `--nocapture` may be endless. */
const results = /^running \d+ tests?$|(?:^|.)test \S.* \.\.\.|^failures:$|^---- .* stdout ----$|^test result: |panicked at /;

export const cargo: Runner = {
  name: 'cargo test',
  settings: ['nextest.toml'],
  claims: /^[^\n]*\.rs\n/,
  owns: (argv) => programOf(argv[0]) === 'cargo' && (argv[1] === 'test' || argv[1] === 't'),
  install: 'cargo fetch',
  find(folder) {
    const has = (name: string) => existsSync(join(folder, name));
    return has('Cargo.toml') ? { argv: ['cargo', 'test', ...(has('Cargo.lock') ? ['--locked'] : [])], why: 'Cargo.toml' } : undefined;
  },
  async start({ suite, only }) {
    const end = suite.argv.indexOf('--');
    const own = end < 0 ? suite.argv : suite.argv.slice(0, end);
    const inner = end < 0 ? [] : suite.argv.slice(end + 1).filter((argument) => argument !== '-q' && argument !== '--quiet');
    const names = only ? ['--exact', ...only.map(({ name }) => plainName(name))] : [];
    return {
      argv: [...own.filter((argument) => argument !== '-q' && argument !== '--quiet'), '--no-fail-fast', '--', ...inner, ...names],
      env: { CARGO_TERM_COLOR: 'never', RUST_BACKTRACE: '0' },
    };
  },
  // Names of binaries are on stderr, their results on stdout: cargo prints both in order, and so do we in pairs.
  read({ stdout, stderr }) {
    const binaries = stderr.split('\n').filter((line) => /^\s*(?:Running|Doc-tests) /.test(line));
    let next = 0;
    const joined = condense(stdout, results).replace(/^running \d+ tests?$/gm, (line) => `${binaries[next++] ?? ''}\n${line}`);
    return readCargo(`${joined}\n${stderr.replace(/^\s*(?:Running|Doc-tests) .*$/gm, '')}`);
  },
};
