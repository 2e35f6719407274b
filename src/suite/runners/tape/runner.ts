import { expandGlobs } from '../../globs.ts';
import { condense } from '../../output-text.ts';
import { readFlatTap } from '../../reports/tap-tests.ts';
import { tapLine } from '../../reports/tap-tree.ts';
import { programOf, type Runner } from '../../runner.ts';

/** tape and its kin (zora, `node test.js` that loads one), by the TAP they print. */
export const tape: Runner = {
  name: 'tape',
  claims: /['"](?:@?[\w-]*\/?tape|zora)['"]/,
  owns: (argv) => ['tape', 'tape-es', 'blue-tape', 'ts-tape', 'zora', 'pta'].includes(programOf(argv[0])),
  bare: { dependency: 'tape', argv: ['tape', 'test/**/*.js'] },
  refuse: (argv) => (argv.includes('--watch') || argv.includes('-w') ? '--watch never ends' : undefined),
  engine: 'node',
  async start({ suite, files, folder }) {
    const [program = 'tape', ...rest] = suite.argv;
    const bin = programOf(program) === 'tape';
    const kept =
      files && bin ? rest.filter((argument, index) => argument.startsWith('-') || /^(?:-r|--require)$/.test(rest[index - 1] ?? '')) : rest;
    // tape cannot run one test by name without an edit: a narrowed run is its file.
    return { argv: [program, ...(bin ? kept : expandGlobs(kept, folder)), ...(files && bin ? files : [])] };
  },
  read: ({ stdout, folder }) => readFlatTap(condense(stdout, tapLine), folder),
};
