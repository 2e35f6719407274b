import type { Failure } from '../schema/run.ts';
import { builtEntry, builtPart, declaredIn, offeredIn, type Read } from './manifests.ts';
import { missingName } from './run/missing.ts';

const services: Readonly<Record<string, string>> = {
  '5432': 'PostgreSQL',
  '3306': 'MySQL',
  '6379': 'Redis',
  '27017': 'MongoDB',
  '9200': 'Elasticsearch',
  '5672': 'RabbitMQ',
  '9092': 'Kafka',
  '11211': 'memcached',
  '2375': 'Docker',
  '1433': 'SQL Server',
  '4566': 'LocalStack',
};

const shapes: readonly (readonly [RegExp, (match: RegExpExecArray) => string | undefined])[] = [
  [
    /(?:\b(?:ENOTFOUND|EAI_AGAIN) |Could not resolve host:? |dial tcp: lookup |Name or service not known|Temporary failure in name resolution)(\S*)/,
    ([, host]) => `network: the host ${host || 'asked for'} cannot be found`,
  ],
  [/(?:ENETUNREACH|EHOSTUNREACH|Network is unreachable|No route to host)/, () => 'network: it cannot be reached'],
  [/(?:EADDRINUSE|[Aa]ddress already in use).*?(?::(\d+))?$/m, ([, port]) => `port: ${port ?? 'the one asked for'} is in use`],
  [
    /(?:ECONNREFUSED|[Cc]onnection refused|could not connect to server).*?(?::|port )(\d{2,5})\b/,
    ([, port = '']) => (services[port] ? `missing service: ${services[port]} does not answer on port ${port}` : undefined),
  ],
  [/Cannot connect to the Docker daemon|Is the docker daemon running/, () => 'missing service: Docker does not run'],
  [
    /spawn(?:Sync)? (\S+) ENOENT|(?:exec: )"?([\w.-]+)"?: executable file not found|(?:^|: )([\w.-]+): (?:command )?not found$|FileNotFoundError: \[Errno 2\] No such file or directory: '([\w.-]+)'$/m,
    (match) => `missing program: ${match[1] ?? match[2] ?? match[3] ?? match[4]}`,
  ],
  [
    /Executable doesn't exist at|browserType\.launch|Failed to launch (?:the )?(?:browser|chrome)/i,
    () => 'missing program: the browser is not installed',
  ],
  [
    /listen EACCES.*?:(\d+)|\b(?:EACCES|EPERM): (?:permission denied|operation not permitted), \w+ '(\/[^']*)'|PermissionError: \[Errno 13\] Permission denied: '(\/[^']*)'/,
    (match) => `permission: ${match[1] ? `port ${match[1]}` : (match[2] ?? match[3])}`,
  ],
  [/\bENOSPC\b|No space left on device/, () => 'the disk is full'],
];

/** What the environment lacks, in words. `notInstalled`: it is a package that an install brings. */
export type Lack = { readonly why: string; readonly notInstalled: boolean };

/**
 * Why a failure that stays is the environment's and not the code's. A comparison that failed is never: there the program ran and gave
 * a wrong value. A module that is not there is the environment's only where the repository declares it or builds it.
 */
export function environmentCause(failure: Failure, read: Read): Lack | undefined {
  if (failure.kind === 'assertion' || failure.expected !== undefined) return undefined;
  for (const [shape, say] of shapes) {
    const match = shape.exec(failure.message);
    const cause = match && say(match);
    if (cause) return { why: cause, notInstalled: false };
  }
  const unbuilt = notBuilt(failure, read);
  if (unbuilt) return { why: unbuilt, notInstalled: false };
  const uninstalled = notInstalled(failure, read);
  return uninstalled === undefined ? undefined : { why: uninstalled, notInstalled: true };
}

function notInstalled({ message, file = '' }: Failure, read: Read): string | undefined {
  const fixture = /fixture '(\w+)' not found|recursive dependency involving fixture '(\w+)'/.exec(message);
  const name = fixture?.[1] ?? fixture?.[2] ?? missingName(message);
  // `httpbin_secure` comes from pytest-httpbin, as `httpbin` does.
  const spelled = fixture && name ? [name, name.replace(/_.*$/, '')] : [name ?? ''];
  const manifest = name && spelled.map((one) => declaredIn(one, file, read)).find(Boolean);
  if (!manifest) {
    const offers = name && !fixture && offeredIn(name, file, read);
    return offers ? `not installed: the project itself, which offers ${name} by ${offers} (pip install -e .)` : undefined;
  }
  return fixture
    ? `not installed: the plugin of the fixture ${name}, which ${manifest} names`
    : `not installed: ${name}, which ${manifest} names`;
}

function notBuilt({ message, file = '' }: Failure, read: Read): string | undefined {
  const path =
    /Cannot find (?:module|package) '([^']*\/[^']*)'|Failed to (?:resolve import|load url) "?([^"\s]*\/[^"\s]*)|ENOENT: no such file or directory, \w+ '([^']*)'/.exec(
      message,
    );
  const part = path && builtPart(path[1] ?? path[2] ?? path[3] ?? '', read);
  if (part) return `not built: there is no ${path[1] ?? path[2] ?? path[3]}, and ${part} is what a build makes`;
  const name =
    /Failed to resolve entry for package "([^"]+)"|Cannot find (?:module|package) '[^']*\/node_modules\/((?:@[\w.-]+\/)?[\w.-]+)\//.exec(
      message,
    );
  const linked = name?.[1] ?? name?.[2];
  const entry = linked && builtEntry(linked, file, read);
  return entry ? `not built: ${linked} has no ${entry}` : undefined;
}
