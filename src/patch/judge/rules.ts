import { GlmError } from '../../errors.ts';

/** A rule about paths. `--allow NAME` lifts it, unless it is fixed. */
export type Rule = { readonly name: string; readonly message: string; readonly applies: (path: string, name: string) => boolean };

const lockfiles =
  /^(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?|deno\.lock|poetry\.lock|pipfile\.lock|uv\.lock|pdm\.lock|conda-lock\.yml|go\.sum|cargo\.lock|composer\.lock|gemfile\.lock|flake\.lock|gradle\.lockfile)$/;

const runnerFiles =
  /^(?:(?:vitest|vite|jest|playwright|cypress|karma|wdio|ava|cucumber|nightwatch|stryker|codecept)\.(?:config|conf|workspace|setup)(?:\.[\w-]+)?\.[cm]?[jt]sx?|vitest\.workspace\.\w+|jest\.config\.json|\.mocharc(?:\.\w+)?|\.nycrc(?:\.\w+)?|\.c8rc(?:\.\w+)?|\.taprc|ava\.config\.\w+|pytest\.ini|\.pytest\.ini|tox\.ini|noxfile\.py|conftest\.py|\.coveragerc|setup\.cfg|jasmine\.json|\.rspec|phpunit\.xml(?:\.dist)?|bunfig\.toml|cypress\.json|(?:setup-?tests?|tests?-?setup|(?:jest|vitest|mocha)[.-]setup)\.[cm]?[jt]sx?|\.swcrc|babel\.config\.\w+|\.babelrc(?:\.\w+)?|nextest\.toml|.*\.runsettings|xunit\.runner\.json|junit-platform\.properties|testng\.xml|setup_suite\.bash|\.rspec-local|pest\.php|codeception\.ya?ml|behat\.ya?ml)$/;

const buildFiles =
  /^(?:makefile|gnumakefile|.*\.mk|justfile|taskfile\.ya?ml|rakefile|dockerfile.*|.*\.dockerfile|docker-compose.*\.ya?ml|compose\.ya?ml|tsconfig(?:\.[\w-]+)?\.json|(?:webpack|rollup|esbuild|tsup|turbo|nx|lerna|rspack|swc|gulpfile|gruntfile)(?:\.[\w-]+)*\.(?:[cm]?[jt]s|json)|(?:nx|turbo|lerna)\.json|pnpm-workspace\.yaml|build\.gradle(?:\.kts)?|pom\.xml|cmakelists\.txt|setup\.py|build\.rs|magefile\.go|go\.(?:mod|work)|cargo\.toml|gemfile|.*\.gemspec|deno\.jsonc?|pipfile|package\.swift|mix\.exs|build\.sbt|settings\.gradle(?:\.kts)?|gradle\.properties|.*\.(?:csproj|fsproj|vbproj|sln)|directory\.build\.(?:props|targets))$/;

const agentFiles =
  /^(?:claude(?:\.local)?\.md|agents\.md|gemini\.md|\.mcp\.json|mcp\.json|\.cursorrules|\.windsurfrules|\.clinerules|copilot-instructions\.md|opencode\.jsonc?|\.aider.*|skill\.md)$/;
const agentFolders =
  /(?:^|\/)(?:\.claude|\.codex|\.cursor|\.gemini|\.opencode|\.windsurf|\.roo|\.continue|\.kiro|\.agents|\.amazonq|\.zed|\.vscode|\.idea|\.devcontainer|\.fleet)\//;

const ciFiles =
  /(?:^|\/)(?:\.github\/(?:workflows|actions)\/|\.github\/(?:dependabot|codeowners)|\.circleci\/|\.buildkite\/|\.gitea\/|\.forgejo\/|\.woodpecker|\.teamcity\/|\.ci\/)|^(?:\.gitlab-ci\.ya?ml|\.travis\.yml|appveyor\.yml|\.appveyor\.yml|azure-pipelines.*\.ya?ml|jenkinsfile|bitbucket-pipelines\.yml|\.drone\.ya?ml|\.cirrus\.ya?ml|codecov\.yml|\.codecov\.yml|renovate\.json5?|cloudbuild\.ya?ml)$/;

const hookFiles =
  /(?:^|\/)(?:\.husky|\.githooks|git-hooks|\.hooks)\/|(?:^|\/)(?:\.pre-commit-config\.ya?ml|lefthook\.ya?ml|\.lefthook\.ya?ml|\.lintstagedrc.*|\.overcommit\.yml)$/;

const startFiles =
  /(?:^|\/)(?:\.npmrc|\.yarnrc(?:\.yml)?|\.pnpmfile\.c?js|\.envrc|\.env(?:\..+)?|\.netrc|\.pypirc|\.bashrc|\.zshrc|\.profile|\.bash_profile|\.tool-versions|\.nvmrc|\.node-version|\.python-version|mise\.toml|\.mise\.toml|\.cargo\/config(?:\.toml)?|rust-toolchain(?:\.toml)?|sitecustomize\.py|usercustomize\.py|[^/]+\.pth|pip\.conf|\.gdbinit|\.ssh\/.*|authorized_keys)$/;

/** Test files by what they are called, for runs that did not say which files they collected. POSIX path. */
export function isTestName(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (
    /(?:^|\/)(?:__tests__|__mocks__|tests?|_tests?|spec|specs|e2e|cypress|testdata|test_data|test-?utils?|test-fixtures|fixtures|__fixtures__)\//i.test(
      path,
    )
  )
    return true;
  return (
    /[._-](?:test|tests|spec|e2e|it)\.[cm]?[jt]sx?$|^test_.*\.py$|_tests?\.py$|^conftest\.py$|_test\.(?:go|rb|exs|dart|cc|cpp)$|_spec\.rb$|^tests?\.[cm]?[jt]sx?$|^tests?\.py$/i.test(
      name,
    ) || /[a-z0-9]Tests?\.(?:java|kt|cs|scala|php|swift)$/.test(name)
  );
}

function isSnapshot(path: string): boolean {
  return (
    /(?:^|\/)(?:__snapshots__|__image_snapshots__|\.snapshots)\//i.test(path) ||
    /\.(?:snap|snapshot|golden|ambr|approved\.\w+)$/i.test(path)
  );
}

const by = (pattern: RegExp) => (path: string) => pattern.test(path.toLowerCase());
const byName = (pattern: RegExp) => (_path: string, name: string) => pattern.test(name.toLowerCase());

/** In the order in which a reader wants to hear of them. */
export const rules: readonly Rule[] = [
  { name: 'git_files', message: 'steers git', applies: by(/(?:^|\/)\.git(?:modules|attributes|ignore|config)$/) },
  { name: 'hooks', message: 'is run by git hooks', applies: by(hookFiles) },
  { name: 'ci', message: 'steers continuous integration', applies: by(ciFiles) },
  {
    name: 'agent_config',
    message: 'steers coding agents, editors or their tools',
    applies: (path, name) => by(agentFolders)(path) || byName(agentFiles)(path, name),
  },
  { name: 'environment', message: 'steers programs on this machine or holds settings of theirs', applies: by(startFiles) },
  { name: 'lockfile', message: 'is a lockfile', applies: byName(lockfiles) },
  { name: 'snapshot', message: 'is a snapshot that tests compare with', applies: isSnapshot },
  { name: 'runner_config', message: 'configures the tests', applies: byName(runnerFiles) },
  { name: 'build_config', message: 'configures the build', applies: byName(buildFiles) },
  {
    name: 'dependencies',
    message: 'lies among installed packages',
    applies: by(/(?:^|\/)(?:node_modules|bower_components|site-packages|\.venv|venv)\//),
  },
];

/** Lifted one by one with `--allow`. What is not here stands always. */
const liftable: readonly string[] = [...rules.map((rule) => rule.name), 'tests', 'package_scripts', 'large'];

/** The rules that a user lifts. Throws `bad_input` where there is no such rule, or it cannot be lifted. */
export function readAllowed(names: readonly string[] = []): readonly string[] {
  const unknown = names.find((name) => !liftable.includes(name));
  if (unknown === undefined) return names;
  throw new GlmError('bad_input', `${JSON.stringify(unknown)} is not a patch rule that can be lifted.`, {
    hint: `Rules that --allow lifts: ${liftable.join(', ')}.`,
  });
}
