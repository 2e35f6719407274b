import { GlmError } from '../errors.ts';

/** A place where GLM is served: where it is, which variables hold its key, and what it calls the models. */
export type Profile = {
  readonly name: string;
  readonly baseUrl: string;
  /** Hosts to which this profile's key may go. Empty: wherever the user points it. */
  readonly hosts: readonly string[];
  readonly keyNames: readonly string[];
  readonly keyNeeded: boolean;
  /** Turns a variant ID into the model ID of the place. */
  readonly model: (variant: string) => string;
  /** Whether the shipped RunAPI prices hold here. */
  readonly priced: boolean;
};

const same = (variant: string) => variant;
const weights = (variant: string) =>
  variant.replace(/^glm-(.*)$/, (_, rest: string) => `zai-org/GLM-${rest.replace(/^4\.5-air$/, '4.5-Air')}`);

export const runapi: Profile = {
  name: 'runapi',
  baseUrl: 'https://runapi.ai',
  hosts: ['runapi.ai'],
  keyNames: ['RUNAPI_API_KEY', 'RUNAPI_KEY', 'RUNAPI_TOKEN'],
  keyNeeded: true,
  model: same,
  priced: true,
};

export const profiles: readonly Profile[] = [
  runapi,
  {
    name: 'zai',
    baseUrl: 'https://api.z.ai/api/paas/v4',
    hosts: ['api.z.ai'],
    keyNames: ['ZAI_API_KEY', 'Z_AI_API_KEY'],
    keyNeeded: true,
    model: same,
    priced: false,
  },
  {
    name: 'openrouter',
    baseUrl: 'https://openrouter.ai/api/v1',
    hosts: ['openrouter.ai'],
    keyNames: ['OPENROUTER_API_KEY'],
    keyNeeded: true,
    model: (variant) => (variant.includes('/') ? variant : `z-ai/${variant}`),
    priced: false,
  },
  selfHosted('vllm', 8000, 'VLLM_API_KEY', weights),
  selfHosted('sglang', 30000, 'SGLANG_API_KEY', weights),
  selfHosted('llamacpp', 8080, 'LLAMA_API_KEY', same),
  selfHosted('ollama', 11434, 'OLLAMA_API_KEY', same),
];

/** Any other place: it speaks Chat Completions, and only a key that was named for it is sent there. */
const other: Profile = {
  name: 'other',
  baseUrl: '',
  hosts: [],
  keyNames: ['GLM_API_KEY'],
  keyNeeded: false,
  model: same,
  priced: false,
};

function selfHosted(name: string, port: number, keyName: string, model: (variant: string) => string): Profile {
  return { name, baseUrl: `http://127.0.0.1:${port}`, hosts: [], keyNames: [keyName], keyNeeded: false, model, priced: false };
}

/**
 * The profile that holds for a base URL. A name outranks the host; loopback without a name is the stand-in of RunAPI.
 * Throws `bad_input` for an unknown name, a URL that is none, or a host that belongs to another profile.
 */
export function findProfile(baseUrl: string, name?: string): Profile {
  const { hostname } = parseBase(baseUrl);
  const owner = profiles.find((profile) => profile.hosts.some((host) => hostname === host || hostname.endsWith(`.${host}`)));
  if (name === undefined) return owner ?? (isLoopback(hostname) ? runapi : other);
  const named = profiles.find((profile) => profile.name === name) ?? (name === other.name ? other : undefined);
  if (!named) {
    throw new GlmError('bad_input', `There is no profile "${name}".`, {
      hint: `Use one of: ${profiles.map((profile) => profile.name).join(', ')}.`,
    });
  }
  if (named.hosts.length > 0 && owner !== named && !isLoopback(hostname)) {
    throw new GlmError('bad_input', `${hostname} is not a host of the profile "${name}".`, { hint: 'Leave out --profile or --base-url.' });
  }
  return named;
}

/** The folder of the API below a base URL: `/v1` unless the URL already ends with a version. */
export function apiRoot(baseUrl: string): string {
  const { href } = parseBase(baseUrl);
  const plain = href.replace(/\/+$/, '');
  return /\/v\d+$/.test(plain) ? plain : `${plain}/v1`;
}

export function isLoopback(hostname: string): boolean {
  return /^(localhost|127(\.\d+){3}|\[?::1\]?)$/.test(hostname);
}

function parseBase(baseUrl: string): URL {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new GlmError('bad_input', `"${baseUrl}" is not an http or https URL.`, {
      hint: 'Give --base-url or RUNAPI_BASE_URL as https://host.',
    });
  }
  if (url.username || url.password) {
    throw new GlmError('bad_input', 'The base URL holds a user name or password.', { hint: 'Put the key into its variable instead.' });
  }
  if (url.search || url.hash)
    throw new GlmError('bad_input', 'The base URL holds a query or a fragment.', { hint: 'Give it as https://host.' });
  return url;
}
