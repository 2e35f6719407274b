import type { buildConnector, Dispatcher } from 'undici';
import type { Environment } from '../../config.ts';
import { GlmError } from '../../errors.ts';

const connectMs = 10_000;

/**
 * Connections without time limits of their own, through the proxies of the environment, never through one to loopback.
 * Throws `config_invalid` for a proxy that is no URL.
 */
export async function openDispatcher(env: Environment): Promise<Dispatcher> {
  // undici is CommonJS: in the bundle only its default export is there.
  const { EnvHttpProxyAgent, Pool } = (await import('undici')).default;
  return new EnvHttpProxyAgent({
    factory(origin, options) {
      const connect = 'connect' in options ? options.connect : undefined;
      return new Pool(origin, typeof connect === 'function' ? { ...options, connect: knockOnce((...args) => connect(...args)) } : options);
    },
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: { timeout: connectMs },
    keepAliveTimeout: 1_000,
    maxHeaderSize: 64 << 10,
    httpProxy: proxyUrl(env, 'http_proxy'),
    httpsProxy: proxyUrl(env, 'https_proxy'),
    noProxy: ['localhost', '127.0.0.1', '::1', env.no_proxy ?? env.NO_PROXY ?? ''].filter((name) => name !== '').join(','),
  });
}

/** The proxy that a variable names, in lower case or else in capitals; `host:port` is one of HTTP. The value may hold a password. */
function proxyUrl(env: Environment, name: string): string {
  const text = (env[name] ?? env[name.toUpperCase()] ?? '').trim();
  const url = text === '' || /^[a-z][\w+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  if (url === '' || (URL.canParse(url) && /^(https?|socks5?):$/.test(new URL(url).protocol) && decodes(new URL(url)))) return url;
  throw new GlmError('config_invalid', `${name} does not hold the URL of a proxy.`, { hint: 'Set it to http://host:port, or unset it.' });
}

function decodes({ username, password }: URL): boolean {
  try {
    return decodeURIComponent(username + password) !== undefined;
  } catch {
    return false;
  }
}

/** undici takes a proxy that hangs up for a chance to connect again, and again, thousands of times a second. */
function knockOnce(connect: buildConnector.connector): buildConnector.connector {
  return (target, done) =>
    connect(target, (...answer) => {
      const [error] = answer;
      if (error && 'code' in error && error.code === 'UND_ERR_SOCKET') done(new Error('Proxy hung up', { cause: error }), null);
      else done(...answer);
    });
}
