import { type Decoys, from } from './corpus-decoys.ts';

/** Code, settings and prose that speak of secrets and hold none. */
export const codeDecoys: readonly Decoys[] = [
  from(
    'src/auth.ts',
    'code',
    `
const password = req.body.password;
const token = await getAccessToken(user.id);
const { apiKey, apiSecret } = loadConfig();
export function verifyPassword(password: string, passwordHash: string): Promise<boolean> {
if (token.type === TokenType.Identifier && token.value === 'constructor') return;
this.refreshToken = this.accessTokenResponse.refreshToken;
type Credentials = { username: string; password: string; accessToken?: string };
const secretKey = process.env.SECRET_KEY;
const key = \`user:\${user.id}:session\`;
headers.set('Authorization', \`Bearer \${accessToken}\`);
const passwordInput = document.querySelector('#password-input');
localStorage.setItem('accessToken', response.data.accessToken);
const tokenEndpoint = 'https://auth.example.com/oauth2/token';
assert.equal(error.message, 'Invalid password or token supplied');
password: Joi.string().min(8).max(128).required(),
const PASSWORD_RESET_TEMPLATE = 'password-reset-email-template';
secretName: 'database-credentials-production',
apiKeyHeaderName: 'x-api-key',
expect(tokens).toEqual(['keyword', 'identifier', 'punctuation']);
const csrfTokenCookieName = 'XSRF-TOKEN';
const authKey = AuthKeyProvider.getInstance().currentAuthKey;
passwordConfirmation: 'passwordConfirmation',
return Buffer.from(secret, 'base64').toString('utf8');
const publicKeyPem = readFileSync('./public-key.pem', 'utf8');
const nextPageToken = page?.nextPageToken ?? undefined;
tokenizer.consume(TokenKind.LeftParenthesis, 'expected-left-paren');
const maxTokens = options.maxTokens ?? 4096;
type SecretManagerServiceClientConfigType = SecretsManagerClientResolvedConfig;
i18n.t('auth.errors.passwordTooShort')
autocomplete="current-password" name="password" type="password"
const keyPath = path.join(__dirname, '../fixtures/keys/agent1-key.pem');
export const AUTH_TOKEN_STORAGE_KEY = 'auth-token-storage-key';
privateKey: fs.readFileSync('/etc/ssl/private/server.key'),
if (password.length < MIN_PASSWORD_LENGTH) throw new PasswordTooShortError();
const tokenRegex = /^[A-Za-z0-9_-]{20,}$/;
credentials: 'same-origin',
credentials: 'include',
accessKeyId: config.accessKeyId,
secret: Secret.fromSecretNameV2(this, 'ImportedSecret', 'prod/database'),
const basicAuth = Buffer.from(username + ':' + password).toString('base64');
token: "{{ csrf_token() }}"
const DEFAULT_TOKEN_TYPE = 'urn:ietf:params:oauth:token-type:access_token';
password = password || generateRandomPassword(16);
keyFile: '/etc/kubernetes/pki/apiserver-etcd-client.key',
const sk-loading = 'sk-spinner-double-bounce-animation';
.sk-folding-cube-background-animation { animation: sk-foldCubeAngle 2.4s infinite linear both; }
import { sk_cfg_interface_definitions_v2 } from './sk_cfg_interface_definitions_v2';
`,
  ),
  from(
    'tests/test_auth.py',
    'code',
    `
password = getpass.getpass("Password: ")
token = tokenizer.next_token()
secret = os.environ["APP_SECRET"]
api_key = settings.API_KEY
def authenticate(username, password, token=None, secret_key=None):
assert response.json()["access_token"] == expected_access_token
password_validators = ["UserAttributeSimilarityValidator", "MinimumLengthValidator"]
SECRET_KEY = config("SECRET_KEY")
auth = HTTPBasicAuth(username, password)
key = sorted(items, key=lambda item: item.priority)
self.token = Token(Token.STRING, value, self.line, self.column)
PASSWORD_HASHERS = "django.contrib.auth.hashers.PBKDF2PasswordHasher"
raise ValueError("password must contain at least one digit")
token_url="https://login.example.com/oauth/token",
parser.add_argument("--token", help="API token used for authentication", default=None)
client_secret=mock.ANY,
secret_id = f"projects/{project}/secrets/{name}/versions/latest"
KEY_FUNCTION = "sort_by_creation_date"
credentials = service_account.Credentials.from_service_account_file(path)
`,
  ),
  from(
    'pkg/auth.go',
    'code',
    `
token, err := parser.ParseToken(ctx, rawToken)
password := flag.String("password", "", "password of the database user")
secretKeyRef := corev1.SecretKeySelector{Key: "password"}
if tok.Kind != token.IDENT && tok.Kind != token.STRING {
key := fmt.Sprintf("%s/%s", namespace, name)
const annotationKey = "kubernetes.io/service-account.name"
APIKey: os.Getenv("API_KEY"),
ErrInvalidToken = errors.New("auth: invalid token signature")
const authTokenHeader = "X-Auth-Token-Header"
`,
  ),
  from(
    'config/app.yaml',
    'code',
    `
password: \${DB_PASSWORD}
password: "{{ .Values.database.password }}"
api_key: <your-api-key>
token: your_token_here
secret: changeme
password: null
secretKeyRef: database-credentials
existingSecret: my-release-postgresql
tokenFile: /var/run/secrets/kubernetes.io/serviceaccount/token
secretName: letsencrypt-production-tls
client_secret: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
api_key: "REPLACE_ME"
auth_token: \${{ secrets.AUTH_TOKEN }}
password: !vault |
token: \${TOKEN:-}
private_key_path: ~/.ssh/id_ed25519
key: node-modules-\${{ hashFiles('package-lock.json') }}
password: "********"
access_token: "<REDACTED>"
secret_arn: arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/db-AbCdEf
jwt_secret: file:/run/secrets/jwt
password_policy: minimum-length-and-complexity
token_lifetime: 3600
authenticator: org.apache.cassandra.auth.PasswordAuthenticator
`,
  ),
  from(
    '.env.example',
    'code',
    `
DB_PASSWORD=
API_KEY=your-api-key-here
SECRET_KEY=change-me-in-production
STRIPE_SECRET_KEY=sk_test_xxxxxxxxxxxxxxxxxxxxxxxx
GITHUB_TOKEN=ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE
AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
OPENAI_API_KEY=sk-...
SESSION_SECRET=secret
ADMIN_PASSWORD=password
SLACK_TOKEN=xoxb-your-token-here
DATABASE_URL=postgres://user:password@localhost:5432/mydb
REDIS_URL=redis://localhost:6379
TOKEN_EXPIRY=7d
JWT_ALGORITHM=HS256
PRIVATE_KEY_PATH=./keys/private.pem
MONGO_URI=mongodb://<username>:<password>@cluster0.mongodb.net/test
DATABASE_URL=postgresql://\${DB_USER}:\${DB_PASS}@\${DB_HOST}/app
`,
  ),
  from(
    'locales/en.json',
    'code',
    `
  "password": "Password",
  "passwordPlaceholder": "Enter your password",
  "forgotPassword": "Forgot your password?",
  "token.invalid": "The token is invalid or has expired.",
  "apiKey": "API key",
  "secret": "Secret",
  "auth.token": "Zugriffstoken",
  "passwordMismatch": "Passwords do not match",
  "confirm_password": "Confirmation",
`,
  ),
  from(
    'docs/guide.md',
    'code',
    `
Pass the token in the \`Authorization: Bearer <token>\` header.
Set \`password\` to the password of the user and \`token\` to the access token.
The \`secret_key\`: a long random string used to sign cookies.
curl -u username:password https://api.example.com/v1/items
export API_KEY="your api key"
git clone https://user:token@github.com/acme/app.git
Authorization: Basic dXNlcm5hbWU6cGFzc3dvcmQ=
| \`token\` | \`string\` | required | The personal access token |
| password | string | The password-protected-archive to open |
Use \`--password-stdin\` instead of \`--password mypassword\`.
`,
  ),
  from(
    'src/calls.js',
    'code',
    `
crypto.createCipheriv('aes-256-gcm', sessionKey, iv);
crypto.createHmac('sha256', signingKey).update('message body');
app.use(cookieParser(config.cookieSecret));
mac.init(new SecretKeySpec(keyBytes, "HmacSHA256"));
hash_hmac('sha256', $payload, $signingKey);
JWT.decode(token, hmac_secret, true, { algorithm: 'HS256' })
Phoenix.Token.sign(conn, "user socket", user.id)
mac := hmac.New(sha256.New, signingKey)
char[] letters = alphabet.load("vowels and consonants").toCharArray();
user clicks the button > shows a dialog
`,
  ),
];
