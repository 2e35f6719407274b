/** Nothing here is a secret. One decoy per line; `path` says what kind of file it stands in. `{h40}` is filled at run time. */
export type Decoys = { readonly path: string; readonly like: 'code' | 'opaque'; readonly lines: readonly string[] };

export const from = (path: string, like: Decoys['like'], text: string): Decoys => ({ path, like, lines: text.trim().split('\n') });

export const opaqueDecoys: readonly Decoys[] = [
  from(
    'package-lock.json',
    'opaque',
    `
      "integrity": "sha512-{b86}==",
      "integrity": "sha1-{b27}=",
      "resolved": "https://registry.npmjs.org/token-types/-/token-types-4.2.1.tgz#{h40}",
      "resolved": "git+ssh://git@github.com/acme/secret-keeper.git#{h40}",
`,
  ),
  from(
    'src/ids.ts',
    'opaque',
    `
const commit = '{h40}';
export const requestId = '{uuid}';
const etag = 'W/"{h32}"';
sha256: '{h64}',
const checksum = '{h32}';
const traceparent = '00-{h32}-{h16}-01';
const image = 'registry.example.com/app@sha256:{h64}';
const icon = 'data:image/png;base64,iVBORw0KGgo{b120}';
integrity="sha384-{b64}" crossorigin="anonymous"
const contentHash = '{k20}';
const address = '0x{h40}';
const txHash = '0x{h64}';
const userId = 'usr_{w24}';
const priceId = 'price_1{w23}';
const customer = 'cus_{w14}';
const publishable = 'pk_live_{w24}';
const publishableTest = 'pk_test_{w24}';
const ulid = '01{K24}';
const objectId = '{h24}';
const clientId = '{d12}-{k32}.apps.googleusercontent.com';
const tenantId = '{uuid}';
const measurementId = 'G-{K10}';
const siteKey = '6L{u38}';
const publicKey = '{b43}=';
const fingerprint = 'SHA256:{b43}';
const buildId = '{u21}';
const videoId = '{u11}';
const cacheKey = '{h64}';
const primaryKey = '{uuid}';
const idempotencyKey = '{uuid}';
const nextPageToken = '{w32}';
const cursor = '{b40}==';
const keyId = '{h16}';
const kid = '{u43}';
const vapidPublicKey = 'B{u86}';
const chat = 'chatcmpl-{w29}';
const response = 'resp_{h48}';
const posthogProject = 'phc_{w43}';
const ipfs = 'Qm{s44}';
const bitcoin = 'bc1q{k38}';
const appId = '1:{d12}:web:{h22}';
const trace = 'Root=1-{h8}-{h24}';
const sheet = 'https://docs.google.com/spreadsheets/d/{u44}/edit';
const figma = 'https://www.figma.com/file/{w22}/Design';
const chunk = 'static/chunks/main-{h20}.js';
const ami = 'ami-0{h16}';
const cuid = 'c{k24}';
const accessKeyName = 'deploy-{h8}';
const snowflake = '{d18}';
const awsAccount = 'arn:aws:iam::{d12}:role/deploy';
const spki = 'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE{b86}==';
const modulus = '{H64}';
const nonce = '{h32}';
const signature = '{b86}==';
const font = 'd09GMgABAAAAA{b200}';
const sourceMap = 'AAAA,SAASA,EAAT,CAAgBC,EAAhB,{b100}';
const sshKey = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI{b43} me@host';
const wasm = 'AGFzbQEAAAAB{b160}';
`,
  ),
  from(
    'go.sum',
    'opaque',
    `
github.com/acme/token v1.2.3 h1:{b43}=
github.com/acme/secret v1.2.3/go.mod h1:{b43}=
`,
  ),
  from(
    'infra/lock.yaml',
    'opaque',
    `
digest: sha256:{h64}
resolution: {integrity: sha512-{b86}==}
certificate-authority-data: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0t{b200}
uid: {uuid}
resourceVersion: "{d9}"
rev: {h40}
narHash: sha256-{b43}=
password: ENC[AES256_GCM,data:{b24},iv:{b43}=,tag:{b22}==,type:str]
encryptedPassword: AgB{b160}
commit_sha: {h40}
client_id: {w20}
zone_id: {h32}
key_id: {uuid}
trace_id: {h32}
`,
  ),
  from(
    'certs/public.txt',
    'opaque',
    `
-----BEGIN CERTIFICATE-----
MII{b61}
{b64}
-----END CERTIFICATE-----
-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE{b28}
-----END PUBLIC KEY-----
ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQ{b200} me@laptop
`,
  ),
  from(
    'logs/run.log',
    'opaque',
    `
2026-01-02 03:04:05 request_id={uuid} trace={h32} span={h16} status=200
commit {h40} (HEAD -> main)
index {h7}..{h7} 100644
Successfully built image sha256:{h64}
x-amz-request-id: {K16}
ETag: "{h32}-4"
not ok 3 - hash should equal {h64}
expected '{h40}' to equal '{h40}'
`,
  ),
];
