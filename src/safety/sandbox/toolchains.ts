import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Environment } from '../../config.ts';
import { gradleHome } from './gradle-home.ts';
import type { Reach } from './mounts.ts';

/** Where toolchains and their stores of packages lie below the home folder. */
const below =
  'go/pkg/mod .pyenv .nvm .volta .local/share/mise .asdf .local/lib .local/share/uv .cache/node/corepack .rustup .cargo .m2 .gradle .nuget .dotnet .local/share/NuGet .cache/ms-playwright .cache/puppeteer .sdkman .jdks .gem .bundle .rbenv .rvm .composer .cache/composer .config/composer .deno .bun .local/share/pnpm .local/share/fnm'.split(
    ' ',
  );

/** What a runtime reads of the system's settings: by its name, whatever its version. */
const settings = /^(?:php|php\d.*|maven|gradle|java-.*|jvm-.*|\.java|ruby|gemrc|perl|python3.*|dotnet|fonts|chromium.*|ant|mono)$/;

function ofSystem(): string[] {
  return existsSync('/etc') ? readdirSync('/etc').flatMap((name) => (settings.test(name) ? [join('/etc', name)] : [])) : [];
}

/** A reach with what the user's toolchains need: their folders, and a home of its own for what would write into the user's. */
export function withToolchains(reach: Reach, env: Environment): Reach {
  const { links = [], set } = gradleHome(env);
  return { ...reach, readable: [...reach.readable, ...toolchains(env)], links: [...(reach.links ?? []), ...links], set };
}

/** Folders of the programs on PATH and of their libraries, as far as they lie outside the system's. */
function toolchains(env: Environment): string[] {
  const home = env.HOME ?? '';
  const bins = (env.PATH ?? '')
    .split(':')
    .filter((path) => path.startsWith('/') && path !== '/' && !/^\/(?:usr|bin|sbin|lib|opt)(?:\/|$)/.test(path));
  const prefixes = bins
    .map((path) => (/\/(?:s?bin|shims)$/.test(path) ? dirname(path) : path))
    .filter((path) => path !== home && path !== '/');
  const stores = [
    'GOROOT',
    'GOMODCACHE',
    'GOPATH',
    'PYENV_ROOT',
    'VIRTUAL_ENV',
    'CONDA_PREFIX',
    'UV_PROJECT_ENVIRONMENT',
    'NVM_DIR',
    'VOLTA_HOME',
    'JAVA_HOME',
    'RUSTUP_HOME',
    'CARGO_HOME',
    'GRADLE_USER_HOME',
    'MAVEN_HOME',
    'M2_HOME',
    'NUGET_PACKAGES',
    'DOTNET_ROOT',
    'PLAYWRIGHT_BROWSERS_PATH',
    'COMPOSER_HOME',
    'GEM_HOME',
    'BUNDLE_PATH',
  ].flatMap((name) => env[name] ?? []);
  const usual = home ? below.map((path) => join(home, path)) : [];
  return [...new Set([...prefixes, ...stores, ...usual, ...ofSystem()])].filter((path) => path !== home && existsSync(path));
}
