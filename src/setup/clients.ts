import { codex, type Entry, goose, type Launch, local, ownFile, plain, stdio, switched, withEnv } from './entries.ts';

/**
 * A place for something, as a pattern: `{home}`, `{config}` (XDG), `{code}` (VS Code's user folder), `{codex}`, `{claude}` stand for folders;
 * anything else is relative to the workspace. Of several, the first that exists is taken, else the first.
 */
type Place = readonly string[];

/** What is known of a client. `place.user` or `place.workspace` is absent where the client reads no such file. */
export type Client = {
  readonly id: string;
  readonly name: string;
  readonly aliases?: readonly string[];
  /** The folder for skills that setup writes; most read `.agents/skills` beside their own. */
  readonly skills: { readonly workspace: string; readonly user: string };
  readonly config: {
    readonly format: 'json' | 'toml' | 'yaml' | 'own_file';
    readonly workspace?: Place;
    readonly user?: Place;
    /** Keys down to the server's entry. */
    readonly path: readonly string[];
    readonly entry: (launch: Launch) => Entry;
    /** Put above everything into a file that setup makes. */
    readonly head?: Entry;
    /** A further element for a list in the same file, known by its `id`. */
    readonly append?: { readonly path: readonly string[]; readonly value: Entry & { readonly id: string } };
  };
  /** What shows that it is in use: paths in the workspace, paths of the user, programs on PATH. */
  readonly marks: { readonly workspace: readonly string[]; readonly user: readonly string[]; readonly programs: readonly string[] };
  readonly note?: string;
};

const agents = { workspace: '.agents/skills' } as const;
const byEnv = `\${env:RUNAPI_API_KEY}`;
const byInput = `\${input:glm_key}`;
const servers = ['mcpServers', 'glm'] as const;

/** All clients, the ones held by tests first. Paths and forms as the clients read them in November 2026. */
export const clients: readonly Client[] = [
  {
    id: 'claude',
    name: 'Claude Code',
    aliases: ['claude-code'],
    skills: { workspace: '.claude/skills', user: '{claude}/skills' },
    config: { format: 'json', workspace: ['.mcp.json'], user: ['{claudeState}/.claude.json'], path: servers, entry: stdio },
    marks: { workspace: ['.claude', 'CLAUDE.md'], user: ['{claude}'], programs: ['claude'] },
    note: 'Claude Code asks once to approve the server from .mcp.json.',
  },
  {
    id: 'codex',
    name: 'Codex',
    skills: { ...agents, user: '{home}/.agents/skills' },
    config: {
      format: 'toml',
      workspace: ['.codex/config.toml'],
      user: ['{codex}/config.toml'],
      path: ['mcp_servers', 'glm'],
      entry: codex,
    },
    marks: { workspace: ['.codex'], user: ['{codex}'], programs: ['codex'] },
    note: 'Codex reads .codex/config.toml only in a trusted folder: open it there once and accept.',
  },
  {
    id: 'gemini',
    name: 'Gemini CLI',
    aliases: ['gemini-cli'],
    skills: { ...agents, user: '{home}/.agents/skills' },
    config: {
      format: 'json',
      workspace: ['.gemini/settings.json'],
      user: ['{home}/.gemini/settings.json'],
      path: servers,
      entry: withEnv('$RUNAPI_API_KEY'),
    },
    marks: { workspace: ['.gemini', 'GEMINI.md'], user: ['{home}/.gemini'], programs: ['gemini'] },
    note: 'Gemini CLI reads the workspace only when the folder is trusted.',
  },
  {
    id: 'opencode',
    name: 'opencode',
    skills: { ...agents, user: '{home}/.agents/skills' },
    config: {
      format: 'json',
      workspace: ['opencode.json', 'opencode.jsonc'],
      user: ['{config}/opencode/opencode.json', '{config}/opencode/opencode.jsonc'],
      path: ['mcp', 'glm'],
      entry: local,
      head: { $schema: 'https://opencode.ai/config.json' },
    },
    marks: { workspace: ['opencode.json', 'opencode.jsonc', '.opencode'], user: ['{config}/opencode'], programs: ['opencode'] },
  },
  {
    id: 'qwen',
    name: 'Qwen Code',
    aliases: ['qwen-code'],
    skills: { ...agents, user: '{home}/.agents/skills' },
    config: { format: 'json', workspace: ['.qwen/settings.json'], user: ['{home}/.qwen/settings.json'], path: servers, entry: plain },
    marks: { workspace: ['.qwen', 'QWEN.md'], user: ['{home}/.qwen'], programs: ['qwen'] },
    note: 'Qwen Code lists a new server of a workspace as "pending approval": run `qwen mcp approve glm` there once.',
  },
  {
    id: 'copilot',
    name: 'GitHub Copilot CLI',
    aliases: ['copilot-cli', 'github-copilot'],
    skills: { ...agents, user: '{home}/.agents/skills' },
    config: { format: 'json', workspace: ['.mcp.json'], user: ['{home}/.copilot/mcp-config.json'], path: servers, entry: stdio },
    marks: { workspace: ['.github/copilot-instructions.md', '.github/mcp.json'], user: ['{home}/.copilot'], programs: ['copilot'] },
    note: 'Copilot CLI loads .mcp.json only in a trusted folder.',
  },
  {
    id: 'cursor',
    name: 'Cursor',
    skills: { ...agents, user: '{home}/.cursor/skills' },
    config: {
      format: 'json',
      workspace: ['.cursor/mcp.json'],
      user: ['{home}/.cursor/mcp.json'],
      path: servers,
      entry: withEnv(byEnv),
    },
    marks: { workspace: ['.cursor', '.cursorrules'], user: ['{home}/.cursor'], programs: ['cursor', 'cursor-agent'] },
  },
  {
    id: 'vscode',
    name: 'VS Code',
    aliases: ['code', 'vs-code'],
    skills: { ...agents, user: '{home}/.agents/skills' },
    config: {
      format: 'json',
      workspace: ['.vscode/mcp.json'],
      user: ['{code}/mcp.json'],
      path: ['servers', 'glm'],
      entry: (launch) => ({ type: 'stdio', ...withEnv(byInput)(launch) }),
      append: {
        path: ['inputs'],
        value: { type: 'promptString', id: 'glm_key', description: 'RunAPI key (empty: use the one of glm-skill login)', password: true },
      },
    },
    marks: { workspace: ['.vscode'], user: ['{code}'], programs: ['code'] },
  },
  {
    id: 'windsurf',
    name: 'Windsurf',
    skills: { workspace: '.windsurf/skills', user: '{home}/.codeium/windsurf/skills' },
    config: { format: 'json', user: ['{home}/.codeium/windsurf/mcp_config.json'], path: servers, entry: withEnv(byEnv) },
    marks: { workspace: ['.windsurf', '.windsurfrules'], user: ['{home}/.codeium/windsurf'], programs: ['windsurf'] },
    note: 'Windsurf reads servers from the user file only: run setup once more with --user, or setup --print windsurf.',
  },
  {
    id: 'zed',
    name: 'Zed',
    skills: { ...agents, user: '{home}/.agents/skills' },
    config: {
      format: 'json',
      workspace: ['.zed/settings.json'],
      user: ['{config}/zed/settings.json'],
      path: ['context_servers', 'glm'],
      entry: (launch) => ({ source: 'custom', ...plain(launch), env: {} }),
    },
    marks: { workspace: ['.zed'], user: ['{config}/zed'], programs: ['zed', 'zeditor'] },
  },
  {
    id: 'cline',
    name: 'Cline',
    skills: { ...agents, user: '{home}/.agents/skills' },
    config: { format: 'json', user: ['{home}/.cline/data/settings/cline_mcp_settings.json'], path: servers, entry: switched },
    marks: { workspace: ['.cline', '.clinerules'], user: ['{home}/.cline'], programs: ['cline'] },
    note: 'Cline reads servers from the user file only: run setup once more with --user, or setup --print cline for the VS Code extension.',
  },
  {
    id: 'kiro',
    name: 'Kiro',
    skills: { workspace: '.kiro/skills', user: '{home}/.kiro/skills' },
    config: {
      format: 'json',
      workspace: ['.kiro/settings/mcp.json'],
      user: ['{home}/.kiro/settings/mcp.json'],
      path: servers,
      entry: switched,
    },
    marks: { workspace: ['.kiro'], user: ['{home}/.kiro'], programs: ['kiro', 'kiro-cli'] },
  },
  {
    id: 'goose',
    name: 'Goose',
    skills: { ...agents, user: '{home}/.agents/skills' },
    config: {
      format: 'yaml',
      user: ['{config}/goose/config.yaml'],
      path: ['extensions', 'glm'],
      entry: goose,
    },
    marks: { workspace: ['.goose', '.goosehints'], user: ['{config}/goose'], programs: ['goose'] },
    note: 'Goose reads servers from the user file only: run setup once more with --user.',
  },
  {
    id: 'amp',
    name: 'Amp',
    skills: { ...agents, user: '{config}/agents/skills' },
    config: {
      format: 'json',
      workspace: ['.amp/settings.json'],
      user: ['{config}/amp/settings.json'],
      path: ['amp.mcpServers', 'glm'],
      entry: plain,
    },
    marks: { workspace: ['.amp'], user: ['{config}/amp'], programs: ['amp'] },
  },
  {
    id: 'continue',
    name: 'Continue',
    skills: { workspace: '.claude/skills', user: '{home}/.continue/skills' },
    config: {
      format: 'own_file',
      workspace: ['.continue/mcpServers/glm.yaml'],
      path: [],
      entry: ownFile,
    },
    marks: { workspace: ['.continue'], user: ['{home}/.continue'], programs: ['cn'] },
  },
  {
    id: 'junie',
    name: 'Junie',
    skills: { workspace: '.junie/skills', user: '{home}/.junie/skills' },
    config: { format: 'json', workspace: ['.junie/mcp/mcp.json'], user: ['{home}/.junie/mcp/mcp.json'], path: servers, entry: plain },
    marks: { workspace: ['.junie'], user: ['{home}/.junie'], programs: ['junie'] },
  },
  {
    id: 'kilo',
    name: 'Kilo Code',
    aliases: ['kilo-code'],
    skills: { ...agents, user: '{home}/.kilo/skills' },
    config: {
      format: 'json',
      workspace: ['kilo.json', 'kilo.jsonc'],
      user: ['{config}/kilo/kilo.json', '{config}/kilo/kilo.jsonc'],
      path: ['mcp', 'glm'],
      entry: local,
    },
    marks: { workspace: ['.kilo', '.kilocode', 'kilo.json', 'kilo.jsonc'], user: ['{config}/kilo'], programs: ['kilo'] },
  },
];
