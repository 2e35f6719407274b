// biome-ignore-all lint/suspicious/noTemplateCurlyInString: texts of other languages
/** Writes a value under a name as one kind of file does, by that language's own rules of quoting. The value stands between « and ». */
export type Writer = { readonly kind: string; readonly path: string; readonly write: (name: string, value: string) => string };

const slashed =
  (quote: string, also: readonly string[] = []) =>
  (value: string) =>
    [...value].map((char) => (char === '\\' || char === quote || also.includes(char) ? `\\${char}` : char)).join('');
const doubled = (quote: string) => (value: string) => value.replaceAll(quote, quote + quote);
const inDouble = slashed('"');
const inSingle = slashed("'");
const inDollar = slashed('"', ['$', '`']);
const inEntity = (value: string) =>
  value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&apos;');
const inShellSingle = (value: string) => value.replaceAll("'", String.raw`'\''`);
const lower = (name: string) => name.toLowerCase();
const camel = (name: string) => lower(name).replace(/_(.)/g, (_all, char: string) => char.toUpperCase());

export const writers: readonly Writer[] = [
  {
    kind: 'python single',
    path: 'site/settings/base.py',
    write: (n, v) => `import os\n\nDEBUG = False\n${n} = '«${inSingle(v)}»'\nINSTALLED_APPS = []\n`,
  },
  { kind: 'python double', path: 'conf.py', write: (n, v) => `${n} = "«${inDouble(v)}»"  # rotate me\nALLOWED_HOSTS = ["*"]\n` },
  {
    kind: 'python environ',
    path: 'app/config.py',
    write: (n, v) => `class Base:\n    ${n} = os.environ.get("${n}", "«${inDouble(v)}»")\n`,
  },
  { kind: 'python or', path: 'app/prod.py', write: (n, v) => `${n} = os.getenv('${n}') or '«${inSingle(v)}»'\n` },
  {
    kind: 'python typed',
    path: 'app/models.py',
    write: (n, v) => `class Settings(BaseSettings):\n    ${lower(n)}: str = "«${inDouble(v)}»"\n    debug: bool = False\n`,
  },
  { kind: 'python field', path: 'app/field.py', write: (n, v) => `    ${lower(n)}: SecretStr = Field(default="«${inDouble(v)}»")\n` },
  { kind: 'python dict', path: 'app/dict.py', write: (n, v) => `config = {"debug": True, "${lower(n)}": "«${inDouble(v)}»", "port": 1}\n` },
  { kind: 'python subscript', path: 'app/wsgi.py', write: (n, v) => `app.config["${n}"] = "«${inDouble(v)}»"\n` },
  {
    kind: 'python argument',
    path: 'tests/conftest.py',
    write: (n, v) => `client = Client(host="db", ${lower(n)}='«${inSingle(v)}»', port=1)\n`,
  },
  {
    kind: 'python concatenated',
    path: 'app/two.py',
    write: (n, v) => `${n} = (\n    "«${inDouble(v.slice(0, 20))}»"\n    "«${inDouble(v.slice(20))}»"\n)\n`,
  },
  { kind: 'python raw', path: 'app/raw.py', write: (n, v) => `${n} = r'''«${v.replaceAll("'", '-').replace(/\\+$/, '')}»'''\n` },
  { kind: 'env bare', path: 'ci/app.env.example', write: (n, v) => `PORT=80\n${n}=«${v}»\nDEBUG=1\n` },
  { kind: 'env double', path: 'ci/two.env.example', write: (n, v) => `${n}="«${inDollar(v)}»"\nDEBUG=1\n` },
  { kind: 'env single', path: 'ci/three.env.template', write: (n, v) => `export ${n}='«${v.replaceAll("'", '.')}»'\n` },
  { kind: 'ini', path: 'etc/app.ini', write: (n, v) => `[server]\nport = 80\n${lower(n)} = «${v}»\n` },
  {
    kind: 'properties',
    path: 'src/main/resources/application.properties',
    write: (n, v) => `server.port=80\nspring.${lower(n).replaceAll('_', '.')}=«${v.replaceAll('\\', '\\\\')}»\n`,
  },
  {
    kind: 'yaml plain',
    path: 'config/plain.yml',
    write: (n, v) => `app:\n  ${lower(n)}: «x${v.replaceAll('#', '+').replaceAll(':', '-')}»\n  port: 80\n`,
  },
  { kind: 'yaml single', path: 'config/single.yaml', write: (n, v) => `app:\n  ${camel(n)}: '«${doubled("'")(v)}»'\n` },
  { kind: 'yaml double', path: 'config/double.yaml', write: (n, v) => `app:\n  - ${lower(n)}: "«${inDouble(v)}»" # old\n` },
  { kind: 'yaml flow', path: 'config/flow.yaml', write: (n, v) => `app: {port: 80, ${lower(n)}: '«${doubled("'")(v)}»', debug: false}\n` },
  { kind: 'yaml block', path: 'config/block.yaml', write: (n, v) => `app:\n  ${lower(n)}: >-\n    «${v}»\n  port: 80\n` },
  {
    kind: 'yaml list',
    path: 'compose.yaml',
    write: (n, v) => `services:\n  web:\n    environment:\n      - ${n}=«${v.replaceAll('#', '+')}»\n      - TZ=UTC\n`,
  },
  { kind: 'json', path: 'appsettings.json', write: (n, v) => `{"Port": 80, "${camel(n)}": «${JSON.stringify(v)}», "Debug": false}\n` },
  { kind: 'json nested', path: 'config.json', write: (n, v) => `{\n  "db": {\n    "${lower(n)}": «${JSON.stringify(v)}»\n  }\n}\n` },
  { kind: 'toml basic', path: 'app.toml', write: (n, v) => `[web]\n${lower(n)} = "«${inDouble(v)}»"\nport = 80\n` },
  { kind: 'toml literal', path: 'lit.toml', write: (n, v) => `[web]\n${lower(n)} = '«${v.replaceAll("'", '.')}»'\n` },
  {
    kind: 'xml attribute',
    path: 'web.xml',
    write: (n, v) => `<bean id="a"><property name="${camel(n)}" value="«${inEntity(v)}»"/></bean>\n`,
  },
  {
    kind: 'xml add',
    path: 'web.config',
    write: (n, v) => `<appSettings>\n  <add key="${camel(n)}" value="«${inEntity(v)}»" />\n</appSettings>\n`,
  },
  {
    kind: 'xml element',
    path: 'settings.xml',
    write: (n, v) => `<server><id>a</id><${camel(n)}>«${inEntity(v)}»</${camel(n)}></server>\n`,
  },
  {
    kind: 'xml plist',
    path: 'Info.plist',
    write: (n, v) => `<dict>\n\t<key>${camel(n)}</key>\n\t<string>«${inEntity(v)}»</string>\n</dict>\n`,
  },
  { kind: 'js single', path: 'src/a.js', write: (n, v) => `const ${camel(n)} = '«${inSingle(v)}»';\nmodule.exports = {};\n` },
  {
    kind: 'js object',
    path: 'src/b.mjs',
    write: (n, v) => `export default { port: 80, ${camel(n)}: "«${inDouble(v)}»", debug: false };\n`,
  },
  { kind: 'js template', path: 'src/c.ts', write: (n, v) => `export const ${n}: string = \`«${slashed('`', ['$'])(v)}»\`;\n` },
  { kind: 'js fallback', path: 'src/d.ts', write: (n, v) => `const ${camel(n)} = process.env.${n} ?? '«${inSingle(v)}»';\n` },
  { kind: 'js member', path: 'src/e.ts', write: (n, v) => `this.${camel(n)} = "«${inDouble(v)}»";\n` },
  { kind: 'js call', path: 'src/f.js', write: (n, v) => `app.set('${camel(n)}', '«${inSingle(v)}»');\n` },
  {
    kind: 'js added',
    path: 'src/g.js',
    write: (n, v) => `const ${camel(n)} = '«${inSingle(v.slice(0, 18))}»' +\n  '«${inSingle(v.slice(18))}»';\n`,
  },
  { kind: 'ruby single', path: 'config/initializers/a.rb', write: (n, v) => `Rails.application.config.${lower(n)} = '«${inSingle(v)}»'\n` },
  { kind: 'ruby symbol', path: 'lib/b.rb', write: (n, v) => `opts = { ${lower(n)}: '«${inSingle(v)}»', port: 80 }\n` },
  { kind: 'ruby rocket', path: 'lib/c.rb', write: (n, v) => `opts = { :${lower(n)} => '«${inSingle(v)}»' }\n` },
  { kind: 'ruby fetch', path: 'lib/d.rb', write: (n, v) => `KEY = ENV.fetch('${n}', '«${inSingle(v)}»')\n` },
  { kind: 'ruby percent', path: 'lib/e.rb', write: (n, v) => `${n} = %q{«${v.replace(/[{}\\]/g, '.')}»}.freeze\n` },
  { kind: 'php define', path: 'wp-settings.php', write: (n, v) => `<?php\ndefine( '${n}', '«${inSingle(v)}»' );\n` },
  {
    kind: 'php array',
    path: 'config/app.php',
    write: (n, v) => `<?php\nreturn [\n  '${lower(n)}' => '«${inSingle(v)}»',\n  'debug' => false,\n];\n`,
  },
  { kind: 'php env', path: 'config/x.php', write: (n, v) => `<?php\n$${camel(n)} = env('${n}', '«${inSingle(v)}»');\n` },
  { kind: 'go const', path: 'main.go', write: (n, v) => `package main\n\nconst ${camel(n)} = "«${inDouble(v)}»"\n` },
  { kind: 'go raw', path: 'conf.go', write: (n, v) => `var ${camel(n)} string = \`«${v.replaceAll('`', '.')}»\`\n` },
  { kind: 'go field', path: 'field.go', write: (n, v) => `c := Config{Port: 80, ${camel(n)}: "«${inDouble(v)}»"}\n` },
  { kind: 'go bytes', path: 'bytes.go', write: (n, v) => `var ${camel(n)} = []byte("«${inDouble(v)}»")\n` },
  { kind: 'java field', path: 'A.java', write: (n, v) => `class A {\n  private static final String ${n} = "«${inDouble(v)}»";\n}\n` },
  { kind: 'java setter', path: 'B.java', write: (n, v) => `config.set${camel(`x_${n}`).slice(1)}("«${inDouble(v)}»");\n` },
  {
    kind: 'java annotation',
    path: 'C.java',
    write: (n, v) => `@Value("\${app.key}") String a;\nprops.put("${lower(n)}", "«${inDouble(v)}»");\n`,
  },
  { kind: 'shell single', path: 'run.sh', write: (n, v) => `#!/bin/sh\nexport ${n}='«${inShellSingle(v)}»'\nexec app\n` },
  { kind: 'shell double', path: 'go.sh', write: (n, v) => `${n}="«${inDollar(v)}»" ./app --all\n` },
  { kind: 'shell default', path: 'def.sh', write: (n, v) => `: "\${${n}:=«${v.replace(/["$`\\}{]/g, '.')}»}"\n` },
  { kind: 'shell echo', path: 'echo.sh', write: (n, v) => `${n}=$(echo '«${v.replaceAll("'", '.')}»' | tr a b)\n` },
  { kind: 'dockerfile env', path: 'Dockerfile', write: (n, v) => `FROM a\nENV ${n}="«${inDollar(v)}»" \\\n    PORT=80\n` },
  { kind: 'dockerfile arg', path: 'b/Dockerfile', write: (n, v) => `FROM a\nARG ${n}='«${v.replaceAll("'", '.')}»'\n` },
  { kind: 'dockerfile blank', path: 'c/Dockerfile', write: (n, v) => `FROM a\nENV ${n} «${v.replace(/["'\\$]/g, '.')}»\n` },
  { kind: 'hcl', path: 'main.tf', write: (n, v) => `resource "a" "b" {\n  ${lower(n)} = "«${inDouble(v).replace(/[$%]/g, '!')}»"\n}\n` },
  {
    kind: 'hcl variable',
    path: 'vars.tf',
    write: (n, v) => `variable "${lower(n)}" {\n  type    = string\n  default = "«${inDouble(v).replace(/[$%]/g, '!')}»"\n}\n`,
  },
  {
    kind: 'hcl heredoc',
    path: 'doc.tf',
    write: (n, v) => `locals {\n  ${lower(n)} = <<-EOT\n    «${v.replace(/[$%]/g, '!')}»\n  EOT\n}\n`,
  },
  { kind: 'csharp verbatim', path: 'A.cs', write: (n, v) => `const string ${n} = @"«${doubled('"')(v)}»";\n` },
  { kind: 'kotlin', path: 'A.kt', write: (n, v) => `val ${camel(n)}: String = "«${inDollar(v)}»"\n` },
  { kind: 'rust', path: 'a.rs', write: (n, v) => `pub const ${n}: &str = "«${inDouble(v)}»";\n` },
  { kind: 'gradle', path: 'build.gradle', write: (n, v) => `ext.${camel(n)} = '«${inSingle(v)}»'\n` },
];

/** Names of grade "secret" and "password" as foreign code has them. */
export const secretNames = ['SECRET_KEY', 'JWT_SECRET', 'API_TOKEN', 'CLIENT_SECRET', 'ENCRYPTION_KEY', 'APP_SECRET_KEY'] as const;
export const passwordNames = ['DB_PASSWORD', 'MAIL_PASSWORD', 'ROOT_PASSWORD'] as const;

const django = 'abcdefghijklmnopqrstuvwxyz0123456789!@#$%^&*(-_=+)';
const printable = Array.from({ length: 94 }, (_, at) => String.fromCharCode(33 + at)).join('');
export const alphabets = { django, printable } as const;

/** Mappings whose members have names that say nothing. */
export const mappings: readonly Writer[] = [
  {
    kind: 'yaml',
    path: 'values.yaml',
    write: (a, b) => `app:\n  secrets:\n    primary: «${a}»\n    other: '«${doubled("'")(b)}»'\n  port: 80\n`,
  },
  {
    kind: 'json',
    path: 'conf.json',
    write: (a, b) => `{"credentials": {"main": «${JSON.stringify(a)}», "second": «${JSON.stringify(b)}»}, "port": 1}\n`,
  },
  { kind: 'toml', path: 'conf.toml', write: (a, b) => `[app.secrets]\nmain = "«${a}»"\nsecond = '«${b}»'\n\n[web]\nport = 80\n` },
  { kind: 'ini', path: 'conf.ini', write: (a, b) => `[credentials]\nmain = «${a}»\nsecond = «${b}»\n` },
  { kind: 'python', path: 'conf.py', write: (a, b) => `SECRETS = {\n    "main": "«${a}»",\n    "second": '«${inSingle(b)}»',\n}\n` },
  { kind: 'js', path: 'conf.ts', write: (a, b) => `export const credentials = {\n  main: '«${a}»',\n  second: "«${inDouble(b)}»",\n};\n` },
  { kind: 'ruby', path: 'conf.rb', write: (a, b) => `secrets = { main: '«${a}»', :second => '«${inSingle(b)}»' }\n` },
  {
    kind: 'php',
    path: 'conf.php',
    write: (a, b) =>
      `<?php\n$x = ['credentials' => [], 'a' => 1];\n$credentials = { 'main' => '«${a}»', 'second' => '«${inSingle(b)}»' };\n`,
  },
  {
    kind: 'hcl',
    path: 'main.tf',
    write: (a, b) => `app {\n  secrets = {\n    main   = "«${a}»"\n    second = "«${inDouble(b).replace(/[$%]/g, '!')}»"\n  }\n}\n`,
  },
];

/** Lines of other people's kind of code that hold no secret, one file kind each. */
export const decoys: readonly { readonly path: string; readonly lines: readonly string[] }[] = [
  {
    path: 'settings.py',
    lines: [
      'SECRET_KEY = os.environ["DJANGO_SECRET_KEY"]',
      'SECRET_KEY = config("SECRET_KEY", default="change-me-please")',
      'SECRET_KEY = get_random_secret_key()',
      'PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]',
      'password = forms.CharField(label=_("Password (again)"), widget=forms.PasswordInput)',
      'token = f"{prefix}-{uuid4()}"',
      'TOKEN_RE = r"(?P<token>[0-9A-Za-z]{1,13}-[0-9A-Za-z]{1,32})"',
      'api_key: str = Field(..., min_length=1)',
      "secret = \"{{ lookup('env', 'APP_SECRET') }}\"",
      'credentials = {"username": username, "password": password}',
      'secret_key = "%(secret_key)s" % values',
    ],
  },
  {
    path: 'auth.ts',
    lines: [
      'const token = `${header}.${payload}.${signature}`;',
      "const secret = process.env.SESSION_SECRET ?? '';",
      'throw new Error(\'token: expected "(" but found ")"\');',
      "const tokenType = 'urn:ietf:params:oauth:token-type:access_token';",
      "export const credentials = { type: 'password', username: user.name, source: 'vault' };",
      'secrets: inherit',
      "const apiKeyHeader = 'x-api-key';",
      "const secrets = { name: 'db-main', region: 'eu-central-1' };",
      "const csrfToken = 'csrf(token); next(); return;';",
      "passwordHint: 'at least 8 characters (1 digit, 1 sign)',",
    ],
  },
  {
    path: '.github/workflows/ci.yml',
    lines: [
      'on:\n  workflow_call:\n    secrets:\n      deploy_token:\n        required: true\n        description: the token of the deploy job',
      'jobs:\n  a:\n    secrets:\n      TOKEN: ${{ secrets.DEPLOY_TOKEN }}',
      'env:\n  TOKEN: ${{ github.token }}',
      'password: "{{ vault_db_password }}"',
      "password: \"{{ lookup('password', '/dev/null length=20') }}\"",
      'secrets:\n  - source: db_password\n    target: password_1',
      'secrets:\n  db:\n    file: ./run/secrets/db-1.txt\n    external: true',
    ],
  },
  {
    path: 'run.sh',
    lines: [
      'TOKEN=$(vault kv get -field=token secret/app)',
      'PASSWORD="${PASSWORD:-}"',
      'export SECRET_KEY="$(openssl rand -hex 32)"',
      'API_KEY=$(cat /run/secrets/api_key)',
      'SECRET=$(echo "$RAW" | base64 -d)',
      ': "${API_TOKEN:?API_TOKEN must be set}"',
    ],
  },
  {
    path: 'main.tf',
    lines: [
      'password = var.db_password',
      'secret_key = random_password.main.result',
      'password = "${random_password.db.result}"',
      'token = data.aws_eks_cluster_auth.main.token',
      'variable "db_password" {\n  type      = string\n  sensitive = true\n}',
    ],
  },
];
