import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Suite } from '../../schema/run.ts';
import { listFiles } from '../list-files.ts';

/** Suites of Go, Rust, Ruby, PHP, .NET and the JVM in one folder, each known by the file its tool starts from. */
export function detectOthers(root: string, cwd: string): Suite[] {
  const folder = join(root, cwd);
  const has = (...names: string[]) => names.find((name) => existsSync(join(folder, name)));
  const found: Suite[] = [];
  const add = (runner: string, argv: readonly string[], why: string | undefined, install: string) => {
    if (why) found.push({ runner, argv, cwd, env: {}, why: cwd ? `${cwd}/${why}` : why, install });
  };
  const mod = has('go.mod');
  if (mod && listFiles(folder).some((file) => file.endsWith('_test.go'))) add('go test', ['go', 'test', './...'], mod, 'go mod download');
  add('cargo test', ['cargo', 'test', ...(has('Cargo.lock') ? ['--locked'] : [])], has('Cargo.toml'), 'cargo fetch');
  if (has('spec'))
    add(
      'rspec',
      has('Gemfile') ? ['bundle', 'exec', 'rspec'] : ['rspec'],
      has('.rspec', 'spec/spec_helper.rb', 'Gemfile'),
      'bundle install',
    );
  add('phpunit', [has('vendor/bin/phpunit') ?? 'phpunit'], has('phpunit.xml', 'phpunit.xml.dist', 'phpunit.dist.xml'), 'composer install');
  add('maven', [has('mvnw') ? './mvnw' : 'mvn', 'test'], has('pom.xml'), 'mvn dependency:resolve');
  add('gradle', [has('gradlew') ? './gradlew' : 'gradle', 'test'], has('build.gradle', 'build.gradle.kts'), './gradlew dependencies');
  add('dotnet', ['dotnet', 'test'], projectFile(folder), 'dotnet restore');
  const deno = has('deno.json', 'deno.jsonc');
  if (deno && !has('package.json')) add('deno test', ['deno', 'test', '--allow-all'], deno, 'deno install');
  return found;
}

function projectFile(folder: string): string | undefined {
  try {
    return readdirSync(folder).find((name) => /\.(?:sln|slnx|csproj|fsproj)$/.test(name));
  } catch {
    return undefined;
  }
}
