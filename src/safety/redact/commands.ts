import type { Form } from './span.ts';

const before = '(?<=[ \\t])';
/** To the closing quote, else as far as the shell reads one word. */
const value = "(?:\"([^\"\\n]{4,400})\"|'((?:[^'\\n]|'\\\\''){4,400})'|([^\\s\"'|;&<>-][^\\s\"'|;&<>]{3,400}))";
const anyValue = value.replace('<>-]', '<>]');
/** A whole argument, where nothing but blanks ends one without quotes. */
const word = `(?:"([^"\\n]{4,200})"|'([^'\\n]{4,200})'|([^\\s"']{4,200}))`;

/** Programs that take a password behind a flag of one or two letters, which says nothing by itself. */
const flagged: readonly (readonly [program: string, flag: string, needs: string])[] = [
  ['mysql(?:dump|admin|import|sh)?|mariadb(?:-dump|-admin)?', '-p', 'mysql|mariadb'],
  ['redis-cli', '-a[ \\t]+', 'redis-cli'],
  ['docker[ \\t]+login|podman[ \\t]+login|oc[ \\t]+login|az[ \\t]+login|az[ \\t]+acr[ \\t]+login', '-p[ \\t]+', 'login'],
  ['mongo(?:sh|dump|restore|import|export)?', '-p[ \\t]*', 'mongo'],
  ['sqlcmd|bcp|isql', '-P[ \\t]*', 'sqlcmd|bcp|isql'],
  ['ldap(?:search|add|modify|delete|passwd|whoami)', '-w[ \\t]+', 'ldap'],
  ['openssl', '(?:-k|-K|-pass(?:in|out)?[ \\t]+pass:)[ \\t]*', 'openssl'],
  ['zip|unzip|7z[a]?', '(?:-P[ \\t]+|-p)', 'zip|7z'],
  ['psexec(?:\\.exe)?|winrs|wmic', '[-/]p[ \\t:]+', 'psexec|winrs|wmic'],
  ['cqlsh|svn|svnadmin|impala-shell', '-p[ \\t]+', 'cqlsh|svn|impala-shell'],
  ['smbclient|rpcclient|net', '-U[ \\t]+[^\\s%]{1,80}%', '%'],
  ['https?', '(?:-a|--auth)[ \\t=]+["\']?[^\\s:"\']{1,80}:', 'http'],
  ['npm|yarn|pnpm', 'config[ \\t]+set[ \\t]+\\S{1,200}_(?:authToken|auth|password)[ \\t=]+', 'config'],
  ['gh', 'secret[ \\t]+set[ \\t][^\\n|]{0,80}?(?:--body|-b)[ \\t=]+', 'secret'],
  [
    'snyk|codecov|ngrok|vault|netlify|heroku',
    '(?:auth|authtoken|add-authtoken|unseal|(?<=vault[ \\t]{1,8})login)[ \\t]+',
    'snyk|codecov|ngrok|vault|netlify|heroku',
  ],
];

/** Secrets in shell lines, known by the program they are given to. */
export const commandForms: readonly Form[] = [
  ...flagged.map(([program, flag, needs]) => ({
    kind: 'PASSWORD',
    needs: needs.split('|'),
    form: new RegExp(`\\b(?:${program})[ \\t][^\\n|;]{0,200}?${before}${flag}${value}`, 'dg'),
  })),
  {
    kind: 'PASSWORD',
    needs: ['storepass', 'keypass'],
    form: new RegExp(`${before}--?(?:store|key|srcstore|deststore)pass(?:word)?[ \\t]+(?:pass:)?${value}`, 'dg'),
  },
  {
    kind: 'SECRET_DATA',
    needs: ['--from-literal'],
    form: /--from-literal[= \t](?:"[\w.-]{1,120}=([^"\n]{4,400})"|'[\w.-]{1,120}=([^'\n]{4,400})'|[\w.-]{1,120}=["']?([^\s"'|;&]{4,400}))/dg,
  },
  { kind: 'PASSWORD', needs: ['sshpass'], form: new RegExp(`\\bsshpass[ \\t]+-p[ \\t]*${anyValue}`, 'dg') },
  {
    kind: 'PASSWORD',
    needs: ['curl'],
    form: /\bcurl[ \t][^\n]{0,200}?(?:(?<=[ \t])-u[ \t]*|--(?:proxy-)?user[ =])(?:"[^\s:"']{1,80}:([^"\n]{3,200})"|'[^\s:"']{1,80}:((?:[^'\n]|'\\''){3,200})'|["']?[^\s:"']{1,80}["']?:["']?([^\s"']{3,200}))/dg,
  },
  {
    kind: 'PASSWORD',
    needs: ['sqlplus', 'sqlldr', 'expdp', 'impdp', 'rman '],
    form: /\b(?:sqlplus|sqlldr|expdp|impdp|rman)[ \t][^\n/]{0,100}?["']?[\w.$#]{1,40}\/["']?([^\s@"'/]{4,100})["']?@/dg,
  },
  {
    kind: 'PASSWORD',
    needs: ['htpasswd'],
    form: new RegExp(`\\bhtpasswd[ \\t]+-\\w*b\\w*[ \\t]+\\S{1,200}[ \\t]+\\S{1,80}[ \\t]+${word}`, 'dg'),
  },
  {
    kind: 'PASSWORD',
    needs: ['rabbitmqctl'],
    form: new RegExp(`\\brabbitmqctl[ \\t]+(?:add_user|change_password)[ \\t]+\\S{1,80}[ \\t]+${word}`, 'dg'),
  },
  {
    kind: 'PASSWORD',
    needs: ['/user:'],
    form: /\bnet[ \t]+use[ \t][^\n]{0,200}?\/user:\S{1,80}[ \t]+["']?([^\s"'/*][^\s"']{3,200})/dg,
  },
  {
    kind: 'PASSWORD',
    needs: ['--password-stdin'],
    form: /\b(?:echo|printf)[ \t]+(?:-n[ \t]+|["']?%s(?:\\n)?["']?[ \t]+)?(?:'([^'\n]{6,400})'|"([^"$\n]{6,400})"|([^\s"'|$]{6,400}))[ \t]*\|[^\n]{0,200}--password-stdin/dg,
  },
  {
    kind: 'PASSWORD',
    needs: ['chpasswd'],
    form: /\becho[ \t]+(?:-e[ \t]+)?(?:"[\w.-]{1,40}:([^"\s]{4,200})"|'[\w.-]{1,40}:([^'\s]{4,200})'|[\w.-]{1,40}:([^\s"'|$]{4,200}))[ \t]*\|[ \t]*(?:sudo[ \t]+)?chpasswd/dg,
  },
  { kind: 'PASSWORD', needs: ['assword'], form: /assword:?["'\s{]{1,10}send(?:[ \t]+--)?[ \t]+["']([^"'\s\\]{4,200})\\r/dg },
  {
    kind: 'PASSWORD',
    needs: ['convertto-securestring'],
    form: /\bConvertTo-SecureString[ \t]+(?:-(?:AsPlainText|Force|String)[ \t]+){0,3}(?:"([^"\n]{4,200})"|'((?:[^'\n]|''){4,200})')/dgi,
  },
];
