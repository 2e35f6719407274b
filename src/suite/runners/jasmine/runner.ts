import { makeLocate } from '../../locate.ts';
import { readRecords } from '../../reports/records.ts';
import { dropFlags, narrowFiles, pattern, programOf, type Runner } from '../../runner.ts';
import { writePlugin } from '../plugin.ts';
import reporter from './reporter.cjs?raw';

/** jasmine 3.6 and later. Before 5.2 its results hold no file: the name is searched for. */
export const jasmine: Runner = {
  name: 'jasmine',
  owns: (argv) => programIndex(argv) >= 0 && !['init', 'examples', 'version', '-v'].includes(argv[programIndex(argv) + 1] ?? ''),
  bare: { dependency: 'jasmine', argv: ['jasmine'] },
  engine: 'node',
  async start({ suite, scratch, folder, only, files }) {
    const argv = dropFlags(suite.argv, { '--reporter': true, '--fail-fast': false, ...(only && { '--filter': true }) });
    const program = programIndex(argv) + 1;
    const plugin = await writePlugin(scratch, 'jasmine-reporter.cjs', reporter, { argv: suite.argv.slice(program) });
    const rest = argv.slice(program);
    const kept = narrowFiles(rest, { files, folder });
    const filter = only ? [`--filter=^(?:${only.map(({ name }) => pattern(name)).join('|')})$`] : [];
    return { argv: [...argv.slice(0, program), `--reporter=${plugin.path}`, ...filter, ...kept], report: plugin.report };
  },
  read({ report, folder }) {
    const reading = readRecords(report);
    const locate = makeLocate(folder);
    const isTest = (name: string | undefined) => name !== undefined && !name.startsWith('<');
    return {
      ...reading,
      tests: reading.tests.map((test) =>
        test.file || !isTest(test.names[0]) ? test : { ...test, file: locate.byTitle(test.names.at(-1) ?? '') },
      ),
    };
  },
};

function programIndex(argv: readonly string[]): number {
  const program = programOf(argv[0]);
  if (program === 'jasmine' || program === 'jasmine-ts') return 0;
  return program === 'node' || program === 'tsx'
    ? argv.findIndex((argument, index) => index > 0 && /(?:^|[\\/])jasmine(?:\.js)?$/.test(argument))
    : -1;
}
