import { type Decoys, from } from './corpus-decoys.ts';
import { type Form, form } from './corpus-forms.ts';

/** Secrets whose place tells: fallbacks, addresses, connection strings, shell lines, tables, hashes, files that are one secret. */
export const secretPlaces: readonly Form[] = [
  form('ternary', 'lib/mail.ts', "const smtpPassword = env === 'prod' ? config.mail.password : '«Copper{d4}?»';\n"),
  form('ternary-both', 'lib/key.js', "apiSecret: live ? '«{w20}{d1}»' : '«{w18}{d2}»',\n"),
  form('schema-default', 'lib/schema.js', "DB_PASSWORD: Joi.string().min(8).default('«Heron-(copper),{d3}»'),\n"),
  form('getter-default', 'App.scala', 'val authToken = sys.env.get("T").getOrElse("«{w16}{d2}x»")\n'),
  form('rust-fallback', 'src/conf.rs', 'let db_password = std::env::var("PW").unwrap_or("«glade_heron{d3}»".into());\n'),
  form('erb', 'config/cable.yml.erb', "redis:\n  password: <%= ENV['REDIS'] || '«Copper;heron({d3})»' %>\n"),
  form(
    'markdown-table',
    'docs/accounts.md',
    '| host | Admin password |\n|:-----|:---:|\n| a.dev | `«copper-glade-{d2}»` |\n| b.dev | «Birch{d4}#» |\n',
  ),
  form(
    'host-tokens',
    'build/auth.json',
    '{ "bitbucket-oauth": { "git.acme.dev": "«{w20}{d1}»" }, "bearer": { "pkg.acme.dev": "«{w22}{d1}»" } }\n',
  ),
  form('filled-form', 'e2e/login.py', 'driver.find_element(By.ID, "password").send_keys("«Copper{d3}!x»")\n'),
  form('filled-form-2', 'e2e/login.ts', "await page.locator('#new_password').fill('«{w10}{d2}»');\n"),
  form('said', 'lib/ops.rb', '# the admin_password is «heron-copper-{d2}» until May\n'),
  form('helm-default', 'chart/templates/c.yaml', 'p: {{ .Values.smtpPassword | default "«copper-heron-{d3}»" | quote }}\n'),
  form('url-signs', 'db.toml', 'dsn = "postgres://app:«{w5}(b{d1})[c],{w4}»@db/app"\n'),
  form('url-raw', 'queue.ini', 'broker = amqp://app:«{w4}{d1}#{w3}/{w4}{d2}»@mq.acme.dev:5672/v\n'),
  form('dsn-signs', 'App.config', '<add connectionString="Server=s;Uid=app;Pwd=«{w4}(x{d2}),{w4}»;Pooling=true" />\n'),
  form('body-signs', 'call.sh', "curl -d 'user=jo&passwd=«{w4}(y{d2})*{w3}»&x=1' https://a.dev\n"),
  form('quoted-flag', 'dump.sh', 'mariadb -uapp -p\'«{w4}&|;<{d2}{w4}»\' app\nsshpass -p "«copper glade {d2} Heron»" ssh a\n'),
  form('stdin', 'push.sh', "printf '%s' '«Copper{d4}$x»' | podman login -u app --password-stdin r.acme.dev\n"),
  form('sqlplus', 'run.sh', 'sqlldr app/«heron-glade-{d2}»@XE control=x.ctl\n'),
  form('flag-in-json', 'Procfile.json', '{ "web": "node a --jwt-secret=«{w14}{d1}» -v" }\n'),
  form('header-equals', 'calls.http', 'POST /v2 HTTP/1.1\nX-Auth-Token: «{w8}={w9}==»\n'),
  form('nested-quotes', 'log.json', '{"b":"{\\"db_password\\":\\"«{w4}\\\\\\"{w6}{d3}»\\"}"}\n'),
  form('hash-bcrypt', 'db/users.csv', 'id,name,digest\n1,jo,«$2a$12$\x7bw53}»\n'),
  form('hash-argon', 'fixtures/u.json', '["jo", "«$argon2i$v=19$m=4096,t=3,p=1$\x7bb22}$\x7bb43}»"]\n'),
  form('hash-crypt', 'cloud.cfg', 'users:\n  - name: jo\n    hashed: «$6$rounds=4096$\x7bw12}$\x7bw86}»\n'),
  form('hash-django', 'dump.json', '[{"f": "«pbkdf2_sha512$600000$\x7bw22}$\x7bb43}=»"}]\n'),
  form('hash-ldap', 'users.ldif', 'dn: cn=jo\nuserPassword: «{SSHA256}{b56}»\n'),
  form(
    'key-in-address',
    'src/chain.rs',
    'let u = "wss://mainnet.infura.io/ws/v3/«{h32}»";\nlet v = "https://polygon-mainnet.g.alchemy.com/v2/«{u32}»";\n',
  ),
  form('key-in-query', 'src/w.go', 'u := "https://api.weather.dev/now?q=Oslo&appid=«{h32}»"\n'),
  form('devops', 'ci/notes.md', 'use `«{w76}AZDO{w4}»` for the feed\n'),
  form('aws-bare', 'keys.txt', 'AKIA{A16} / «{b38}zQ»\n'),
  form('bearer-joined', 'api.php', "$h = ['Authorization: Bearer ' . '«{w28}»'];\n"),
  form('p12', 'sa.json', '{"kind": "key", "privateKeyData": "«{b200}»"}\n'),
  form('cookie-call', 'spec/s.rb', "driver.set_cookie('auth_session', '«{h32}»')\n"),
  form('oauth-call', 'config/auth.rb', "provider :oauth2, '{w20}', '«{w40}»'\n"),
  form('sole-secret', 'app/config/master.key', '«{h32}»\n'),
  form('weak-names', 'w.toml', 'hook_key = "«{h64}»"\npepper = "«{h32}»"\nrecovery_code = "«{w22}{d2}»"\nsigning = "«{h40}»"\n'),
];

/** What stands in such places and is no secret. */
export const placeDecoys: readonly Decoys[] = [
  from(
    'src/forms.ts',
    'code',
    `
const PASSWORD_RE = new RegExp('^[A-Za-z0-9]{8,64}$');
const tokenPattern = 'AKIA[0-9A-Z]{16}';
password: z.string().min(8, 'Password too short').max(64),
const url = \`postgres://\${user}:\${password}@\${host}/db\`;
fetch('http://localhost:8080/@scope/pkg2/x1@1.2.3');
const token = isTest ? undefined : await load();
cy.get('#password').type(user.password);
password: t('auth.password', 'Password'),
const accessCode = params.accessCode;
private: true,
refresh: 'never',
;password=getPassword(a);x=1
`,
  ),
  from(
    'docs/table.md',
    'code',
    `
| Option | Password |
|--------|----------|
| length | at least 12 characters |
| reset | see the manual |
kubectl create secret generic a --from-file=password=./secret-file.txt
`,
  ),
  from(
    'src/public.ts',
    'opaque',
    `
token: '0x{h40}',
accountSid: 'AC{h32}',
dsn: 'https://{h32}@o{d6}.ingest.sentry.io/{d7}',
const cacheKey = '{h64}';
const objectKey = '{h40}';
`,
  ),
];
