import { type Decoys, from } from './corpus-decoys.ts';

/** Settings, prose and logs that speak of secrets and hold none. */
export const settingDecoys: readonly Decoys[] = [
  from(
    'a.ts',
    'code',
    `
tokenEndpointAuthMethod: 'client_secret_basic',
grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
const key = 'sha256WithRSAEncryption';
const key = 'ecdsa-sha2-nistp256';
cipher: 'aes-256-gcm', key: 'x5t#S256',
key: '2024-01-01T00:00:00.000Z',
key: 'ctrl+shift+alt+f12',
authMethod: 'SCRAM-SHA-256-PLUS',
const secretVersion = 'v2.1.0-beta.3';
<Trans i18nKey="settings.security.passwordChange.title2" />
<Route key="/users/:id/settings-v2" />
token: 'IDENTIFIER_2',
const tokens = { space_2xl: '4.5rem', color_blue_500: '#3b82f6' };
"auth/invalid-credential": "x",
key: 'col-2024-q3-revenue-total',
passwordRegex: '^(?=.*[A-Z])(?=.*\\\\d)[A-Za-z\\\\d]{8,}$',
const PASSWORD_PATTERN = /^(?=.*[a-z])(?=.*[0-9]).{8,}$/;
password: faker.internet.password(),
apiKey: await vault.read('secret/data/prod/api-key-v2'),
const token = jwt.sign({ id: 1 }, process.env.JWT_SECRET);
token = cookies['next-auth.session-token'],
expect(token).toMatch(/^eyJ/);
authorization: 'Bearer test-token-123',
authorization: 'Bearer valid-token',
authorization: 'Bearer ' + token,
const bearer = 'Bearer abc123';
apiKey: 'test-api-key-123',
apiKey: 'abc123',
token: 'token-1', 
secret: 'secret-1234',
password: 'password123',
password: 'Password1!',
password: 'test1234',
password: 'hunter2',
password: '12345678',
accessToken: 'access-token-2',
refreshToken: 'mock-refresh-token-1',
sessionId: 'session-123456',
sessionId: 'sess_test_1',
key: 'user_2aBcD',
secretAccessKey: 'EXAMPLEKEY',
const cookie = 'session=abc; Path=/';
keyGenerator: (req) => req.ip,
keys: ['ArrowUp', 'ArrowDown', 'Enter2'],
const passwordField = await screen.findByLabelText('Password2');
signature: 'f(x1,x2)->y3',
const authUrl = 'https://auth.example.com/authorize?client_id=abc&response_type=code';
const url = 'https://user:pass@example.com';
const u = 'http://username:password@proxy.example.com:8080';
const db = 'mongodb://localhost:27017/test';
const db = 'postgres://postgres:postgres@localhost:5432/app';
const x = 'redis://:@localhost';
const tpl = 'https://' + user + ':' + pass + '@host';
const r = /https?:\\/\\/[^:]+:[^@]+@/;
git@github.com:acme/app.git
token: Token.Keyword2,
this.key = key1 + ':' + key2;
process.env.API_KEY = 'test';
const s3Key = 'uploads/2024/03/report-final_v2.pdf';
const objectKey = 'b1946ac92492d2347c6235b4d2611184';
const PUBLIC_KEY = '{b64}';
const publicKeyJwk = { kty: 'EC', x: '{u43}', y: '{u43}' };
const KEY_PREFIX = 'app:v1:cache:';
const salt = await bcrypt.genSalt(10);
const hash = '$2b$10$' + x;
credentials: ServiceAccountCredentials2,
const AUTH0_DOMAIN = 'dev-abc123.us.auth0.com';
authority: 'https://login.microsoftonline.com/{uuid}',
client_id: '{uuid}',
clientId: '{w20}',
projectId: 'my-project-{d6}',
appId: '1:{d12}:web:{h22}',
messagingSenderId: '{d12}',
const license = 'MIT OR Apache-2.0';
licenseKey: undefined,
webhookUrl: 'https://example.com/hooks/123',
"signature": "(Ljava/lang/String;)V",
const session = requests.Session2();
const pat = /ab+c2/;
const pat = 'src/**/*.test.{ts,tsx}';
pass: 12,
pass: '12 of 15',
const sid = setInterval2(() => {}, 1000);
accessKey: 'k', 
shortcutKey: 'Ctrl+Shift+P1',
translationKey: 'home.hero.title_2024_v2',
const seed = 'seed-42-deterministic';
const seed = 1234567890;
mnemonic: 'abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about',
const dsn = 'file:./dev.db';
dsn: process.env.SENTRY_DSN,
const otp = '123456';
`,
  ),
  from(
    'b.py',
    'code',
    `
token = "EOF_TOKEN_2"
password = hashlib.pbkdf2_hmac("sha256", pw, salt, 100000)
password = "correct horse battery staple"
TOKEN_RE = re.compile(r"[A-Za-z0-9]{20,}")
api_key = request.headers.get("X-API-Key")
secret = secrets.token_hex(32)
secret_key=SecretStr(os.environ["KEY"]),
@patch("app.auth.token", "fake-token-1")
auth=("user", "pass")
auth = ("user", "password")
requests.get(url, auth=HTTPBasicAuth("user", "passwd"))
key=lambda x: x["token2"],
assert token == "tok_123"
KEY_ID = "{h16}"
sha = "{h40}"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_PASSWORD_VALIDATORS = [{"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"}]
password: Optional[str] = None
token: str = Depends(oauth2_scheme)
app.secret_key = os.urandom(24)
conn = psycopg2.connect("dbname=test user=postgres password=postgres")
"Authorization": f"Bearer {token}",
"Authorization": "Bearer {}".format(token2),
password='***',
`,
  ),
  from(
    'c.yaml',
    'code',
    `
token: \${{ secrets.GITHUB_TOKEN }}
key: \${{ runner.os }}-node-\${{ hashFiles('**/package-lock.json') }}
key: v1-dependencies-{{ checksum "package.json" }}
password: !ref DbPassword
password: !Ref DbPassword2
MasterUserPassword: '{{resolve:secretsmanager:MySecret:SecretString:password}}'
token: $CI_JOB_TOKEN
password: "%env(DB_PASSWORD)%"
secret: projects/123/secrets/foo/versions/1
tokenSecretRef: github-token-v2
imagePullSecrets: [regcred-2024]
- name: DB_PASSWORD
  valueFrom: {secretKeyRef: {name: db, key: password}}
apiKey: ""
api_key: TODO
auth: none
passwordSecret: rabbitmq-2-credentials
existingSecretPasswordKey: redis-password-1
keycloak: https://keycloak.example.com/realms/main
authKey: ENC[AES256_GCM,data:{b20}==,iv:{b43}=,tag:{b22}==,type:str]
password: ENC(9ab8cdEFgh{w20}==)
token: vault:secret/data/app#token2
sealed: AgB{b100}
commit: {h40}
image: app@sha256:{h64}
checksum/secret: {h64}
kubernetes.io/tls-key: tls-2.key
`,
  ),
  from(
    'd.env',
    'code',
    `
TOKEN_TTL=3600s
PASSWORD_MIN_LENGTH=12
SECRET_BACKEND=aws-secrets-manager-v2
AUTH_SERVICE_URL=http://auth:8080/v1
KEYCLOAK_REALM=master2
PUBLIC_KEY=ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI{b43}
API_KEY=xxxx-xxxx-xxxx-xxxx
API_KEY=<insert key here>
API_KEY=0000000000000000
API_KEY=abcdefghijklmnopqrstuvwxyz123456
API_KEY=1234567890abcdef1234567890abcdef
JWT_SECRET=your-256-bit-secret
JWT_SECRET=supersecretjwtkey
NEXT_PUBLIC_KEY=pk_test_{w24}
GIT_SHA={h40}
SENTRY_RELEASE={h40}
AWS_PROFILE=prod-2
S3_BUCKET_KEY=terraform/state/prod-1
SSH_KEY_NAME=deploy-key-2024
DB_PASSWORD_FILE=/run/secrets/db_password2
KEYSTORE=/etc/ssl/keystore-2.jks
`,
  ),
  from(
    'e.md',
    'code',
    `
token \`abc123def\` is shown
Run \`export GITHUB_TOKEN=<token>\` first.
api_key=YOUR_API_KEY_123
Set \`apiKey: "sk-xxxxxxxxxxxxxxxx"\`.
Commit {h7} fixes the token bug (#1234).
sk-learn-contrib-extra-2024 package
password: at least 8 characters, 1 digit
The key is \`user:123\`.
| token | string | JWT2 token |
`,
  ),
  from(
    'f.log',
    'code',
    `
token expired at 2024-01-01T00:00:00Z for user 42
session 0x7f3a2b4c closed
auth: method=publickey fingerprint=SHA256:{b43}
GET /api?key=users&sort=name2 200
key=user:12345 hit
trace_id={h32} span_id={h16}
Token count: 12345, tokens=8192
expected token ')' but found '2'
password authentication failed for user "postgres2"
`,
  ),
];
