import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readTrx } from '../../reports/trx.ts';
import { plainName, programOf, type Runner } from '../../runner.ts';
import { joinReadings } from '../junit-report.ts';

/** `dotnet test`, by the trx logger; one file per test project. */
export const dotnet: Runner = {
  name: 'dotnet',
  settings: ['*.runsettings'],
  claims: /^[^\n]*\.(?:cs|fs|vb)\n/,
  owns: (argv) => programOf(argv[0]) === 'dotnet' && argv[1] === 'test',
  install: 'dotnet restore',
  find(folder) {
    const why = namesIn(folder).find((name) => /\.(?:sln|slnx|csproj|fsproj)$/.test(name));
    return why ? { argv: ['dotnet', 'test'], why } : undefined;
  },
  async start({ suite, scratch, only }) {
    const filter = only
      ? ['--filter', only.map(({ name }) => `FullyQualifiedName~${plainName(name).split(' > ').at(-1)?.split('(')[0]}`).join('|')]
      : [];
    return {
      argv: [...suite.argv, '--logger', 'trx', '--results-directory', join(scratch, 'trx'), ...filter],
      env: { DOTNET_CLI_TELEMETRY_OPTOUT: '1', DOTNET_NOLOGO: '1' },
    };
  },
  read: ({ scratch }) => joinReadings(filesIn(join(scratch, 'trx'), '.trx').map((text) => readTrx(text))),
};

function filesIn(folder: string, ending: string): string[] {
  const names = namesIn(folder).filter((name) => name.endsWith(ending));
  return names.sort().map((name) => readFileSync(join(folder, name), 'utf8'));
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
