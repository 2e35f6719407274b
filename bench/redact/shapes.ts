// biome-ignore-all lint/suspicious/noTemplateCurlyInString: texts of other languages
import { many } from '../../test/growth.ts';
import { fill, seeded } from '../../test/safety/random.ts';

/** A text of so many characters that is hard on the search for secrets, and the file it would stand in. */
export type Shape = { readonly path: string; readonly make: (chars: number) => string };

const random = seeded(7);
const values = Array.from({ length: 400 }, () => fill(random, '{w24}'));
const base64 = fill(random, '{b4000}').repeat(2);
const hex = fill(random, '{h4000}').repeat(2);
const words = 'the quick brown fox jumps over lazy dog and then returns a value from some function call'.split(' ');
const value = (at: number) => values[at % values.length] ?? '';
const word = (at: number) => words[at % words.length] ?? '';
const line64 = (at: number) => base64.slice((at * 64) % 3900, ((at * 64) % 3900) + 64);

/** The same unit over and over. */
const same = (path: string, unit: string, head = ''): Shape => ({ path, make: (chars) => head + many(unit, chars) });

/** One unit after another, each by its number. */
function each(path: string, unit: (at: number) => string, head = ''): Shape {
  return {
    path,
    make: (chars) => {
      let text = head;
      for (let at = 0; text.length < chars; at++) text += unit(at);
      return text.slice(0, chars);
    },
  };
}

/** Opened as often as closed. */
const nest = (path: string, open: string, close: string): Shape => ({
  path,
  make: (chars) => {
    const depth = chars / (open.length + close.length);
    return open.repeat(depth) + close.repeat(depth);
  },
});

export const shapes: Readonly<Record<string, Shape>> = {
  // One kind of character
  'one letter': same('a.txt', 'a'),
  'one token': each('a.txt', value),
  'one token with underscores': each('a.txt', (at) => `${value(at)}_`),
  blanks: same('a.txt', ' '),
  'blank lines': same('a.yaml', ' \r\n'),
  dashes: same('a.txt', '-'),
  dots: same('a.txt', '.'),
  equals: same('a.env', '='),
  colons: same('a.yaml', ':'),
  quotes: same('a.py', '"'),
  backticks: same('a.js', '`'),
  backslashes: same('a.js', '\\'),
  'open angles': same('a.xml', '<'),
  commas: same('a.csv', ','),
  'direction marks': same('a.txt', 'a\u202e'),
  'characters of two units': same('a.txt', '😀'),
  'percent signs': each('a.txt', (at) => `${value(at)}%2B`),
  // Walls
  'base64 on one line': same('a.txt', base64),
  'base64 in lines': each('a.txt', (at) => `${line64(at)}\n`),
  'base64 of text': { path: 'a.txt', make: (chars) => Buffer.from(many('plain text of words ', chars * 0.75)).toString('base64') },
  'hex on one line': same('a.txt', hex),
  'bytes of C': same('a.c', '0x3f, 0x7a, ', 'const unsigned char key[] = {'),
  'source map': same('a.js.map', 'AAAA,IAAM,GAAG,CAAC;', '{"mappings":"'),
  'data addresses': each('a.css', () => `a{background:url(data:image/png;base64,${base64})}\n`),
  // Names and what follows them
  'names and equals': same('a.py', 'token='),
  'names and open strings': same('a.py', 'token="'),
  'names and commas': same('a.ts', 'key,'),
  'names and bars': same('a.rb', 'pass|'),
  'names and colons': same('a.yaml', 'token: '),
  'names in objects': same('a.ts', 'key:{"value":'),
  'names and fallbacks': same('a.php', 'token || '),
  'names in tags': same('a.xml', 'auth>'),
  'names without end': same('a.txt', 'key_'),
  'names with blanks': same('a.txt', 'auth                    '),
  'strings never closed': each('a.sh', () => `token="${'a '.repeat(2_000)}`),
  'triple quotes never closed': same('a.py', "token = '''"),
  'here documents never closed': same('a.rb', 'token = <<EOF\n'),
  'joined strings': each('a.py', (at) => `"${value(at)}"\n `, 'key = ('),
  'shell calls': same('a.sh', 'TOKEN=$(echo '),
  // Files as people write them
  'environment files': each('a.env', (at) => `DB_PASSWORD_${at}=${value(at)}\n`),
  'properties files': each('a.properties', (at) => `spring.a${at}.password=${value(at)}\n`),
  'INI files': each('a.ini', (at) => `[s${at}]\npassword = ${value(at)}\nkey = ${word(at)}\n`),
  'TOML sections': same('a.toml', '[secrets]\n'),
  'TOML values': each('a.toml', (at) => `[secrets.a${at}]\nx = "${value(at)}"\n`),
  'JSON, nested': nest('a.json', '{"token":', '}'),
  'JSON lists, nested': nest('a.json', '{"keys":[', ']}'),
  'JSON on one line': each('a.json', (at) => `"session":"${value(at)}","id":${at},`, '{'),
  'JSON in JSON': each('a.json', (at) => `{\\"token\\":\\"${value(at)}\\"},`, '{"a":"'),
  'JSON texts': each('de.json', (at) => `"login.password.${at}": "${word(at)} ${word(at + 1)}",\n`, '{'),
  'JSON, list of strings': each('a.json', (at) => `"${value(at)}",`, '{"tokens":['),
  'YAML, nested': each('a.yaml', (at) => `${' '.repeat(at % 400)}key:\n`),
  'YAML pairs': each('a.yaml', (at) => `  - name: API_TOKEN_${at}\n    value: ${value(at)}\n`),
  'YAML, mappings of secrets': each('a.yaml', (at) => `${' '.repeat(at % 60)}secrets:\n`),
  'Kubernetes secrets': each('a.yaml', (at) => `---\nkind: Secret\ndata:\n  a: ${value(at)}\n`),
  'minified JavaScript': each(
    'a.min.js',
    (at) => `function ${word(at)}(t,e){var n=t.key,r=e.token;return n?r.auth(t,"${at}"):{key:n,pass:e[${at}]}};`,
  ),
  'minified strings': each('a.min.js', (at) => `a.key="${word(at)}",b.token='${word(at + 1)}',c("secret"),`),
  TypeScript: each(
    'a.ts',
    (at) =>
      `export function ${word(at)}${at}(token: string, key = options.key ?? 'x') {\n  return verify(token, { secret: env.SECRET });\n}\n`,
  ),
  Python: each('a.py', (at) => `def f${at}(self, key=None, token='${word(at)}'):\n    self.password = kwargs.get('password', '')\n`),
  Go: each('a.go', (at) => `func (a *A) F${at}(key string, token []byte) error {\n\treturn a.auth(key, token)\n}\n`),
  Terraform: each('a.tf', (at) => `variable "db_password_${at}" {\n  default = "${value(at)}"\n}\n`),
  'npm lockfile': each(
    'package-lock.json',
    (at) => `    "node_modules/${word(at)}-${at}": {\n      "integrity": "sha512-${base64.slice(at % 900, (at % 900) + 86)}=="\n    },\n`,
  ),
  'Markdown tables': each('a.md', (at) => `| key | token ${at} | password | \`${word(at)}\` |\n|---|---|---|---|\n`),
  'logs with colours': each(
    'a.log',
    (at) => `\u001b[32m2026-01-01T00:00:00Z\u001b[0m INFO key=${word(at)} token=\u001b[33m${word(at + 1)}\u001b[0m\n`,
  ),
  'logs with sessions': each('a.log', (at) => `2026-01-01 [main] INFO c.a.B - session=${value(at)} took ${at}ms\n`),
  CSV: each('a.csv', (at) => `${at},${word(at)},${value(at)}\n`, 'id,name,password\n'),
  'CSV of many columns': each('a.csv', (at) => `key${at},`, 'password,'),
  HTML: each('a.html', (at) => `<div data-token="${word(at)}"><a href="http://a/?key=${value(at)}">${word(at)}</a></div>\n`),
  'XML elements': each('a.xml', (at) => `<password>${value(at)}</password><key><![CDATA[${word(at)}]]></key>\n`),
  'XML attributes': each('a.xml', (at) => `<add key="ApiToken${at}" value="${value(at)}" />\n`),
  'XML, nested': nest('a.xml', '<key>', '</key>'),
  'SQL dump': each('a.sql', (at) => `(${at}, '${word(at)}', '${value(at)}'),\n`, 'INSERT INTO users (id, name, password) VALUES '),
  'SQL inserts': each('a.sql', (at) => `INSERT INTO users (id, password) VALUES (${at}, '${value(at)}');\n`),
  'SQL, open tuples': same('a.sql', 'INSERT INTO a (password) VALUES ('),
  'git diff': each('a.diff', (at) => `@@ -${at},3 +${at},3 @@\n-  token: "${word(at)}"\n+  token: "${value(at)}"\n`),
  // Secrets and pieces of them
  'key blocks': each('a.pem', (at) => `-----BEGIN PRIVATE KEY-----\n${line64(at)}\n-----END PRIVATE KEY-----\n`),
  'key blocks never closed': same('a.pem', '-----BEGIN PRIVATE KEY-----\n'),
  'labels of key blocks': same('a.txt', `-----BEGIN ${'A'.repeat(40)}`),
  'sealed text': each('a.yaml', (at) => `          ${hex.slice(at % 900, (at % 900) + 80)}\n`, '$ANSIBLE_VAULT;1.1;AES256\n'),
  'heads of sealed text': same('a.yaml', '$ANSIBLE_VAULT;1.1;AES256\n'),
  'password files': each('pgpass', (at) => `host:5432:db:user:${value(at)}\n`),
  addresses: each('a.txt', (at) => `postgres://user${at}:${value(at)}@host:5432/db\n`),
  'addresses never closed': same('a.txt', 'a://b:c'),
  'connection strings': each('a.config', (at) => `Server=tcp:a,1433;User ID=c;Password=${value(at)};Encrypt=True;`),
  headers: each('a.http', (at) => `Authorization: Bearer ${value(at)}\nCookie: session=${value(at + 1)}; a=b\n`),
  'one long cookie': each('a.txt', (at) => `sid=${value(at)};`, 'cookie: '),
  commands: same('a.sh', 'mysql redis-cli docker login mongo sqlcmd openssl zip psexec smbclient npm gh snyk curl htpasswd '),
  'tokens of GitHub': each('a.txt', (at) => `ghp_${value(at)}${value(at + 1).slice(0, 12)}\n`),
  prefixes: same('a.txt', 'sk- xoxb- AKIA ghp_ glpat- hvs. s. b. eyJ SG. pat. t1. '),
  'heads of JWT': same('a.txt', 'eyJ-'),
  'parts of tokens': same('a.txt', '-usmsh_mmkNRALT3BlbkFJ'),
  'placeholders of ours': same('a.txt', '__SECRET_AWS_abcdefghij__ '),
  'known values': same('a.txt', 'known-value-1'),
};
