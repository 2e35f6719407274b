import { type Decoys, from } from './corpus-decoys.ts';
import { type Form, form } from './corpus-forms.ts';

/** Values that people think up, under names that people set, and blocks of several lines. */
export const people: readonly Form[] = [
  form('joined-words', 'Vagrantfile', "config.vm.provision 'shell', env: { 'FLASK_SECRET' => '«copper-heron-delta-{d3}»' }\n"),
  form('glued-words', 'prod.env', 'HMAC_SECRET=«copperheron{d3}»\nJWT_SIGNING_KEY=«gladepine{d2}»\n'),
  form('word-year-sign', 'app.jsonc', '{ "cookieSecret": "«Heron{d4}!»", // old\n  "sessionKey": "«Copper&heron{d2}»" }\n'),
  form('short-mixed', 'k.toml', 'app_secret = "«Qz{d2}#K{l2}»"\n'),
  form('psk', 'wifi.conf', 'wpa_psk=«birchriver{d3}»\n'),
  form('phrase-quoted', 'seed.exs', 'config :app, admin_password: "«copper Heron glade {d2} birch»"\n'),
  form('phrase-line', 'deploy.env', 'SMTP_PASS=«glade pine Birch {d3} heron»\n'),
  form('other-letters', 'conf.py', "DB_PASSWORD = '«Straßenbahn-copper-{w3}{d1}»'\nSIGNING_SECRET = '«ключ-heron-{U3}{d1}»'\n"),
  form('flag', 'Procfile', 'web: ./serve --session-secret «copper-heron-{d2}» --admin-password «birchglade{d3}»\n'),
  form('minio', 'stack.yml', 'minio:\n  minio_secret_key: «glade_heron{d3}»\n'),
  form('block-key', 'vars.yml', 'ssl:\n  private_key: |\n    «{b64}\n    {b64}\n    {b40}==»\n  port: 1\n'),
  form('block-last', 'values.yaml', 'jwt:\n  signingKey: >-\n    «{b60}\n    {b60}\n    {b22}»\n'),
  form('headerless-rsa', 'notes.txt', 'the key:\n«MIIEowIBAAKC{b52}\n{b64}\n{b64}\n{b30}==»\nend of the key\n'),
  form('headerless-ec', 'key.properties', 'material=«MHcCAQEEI{b90}»\n'),
];

/** Words beside such names that are no values. */
export const peopleDecoys: readonly Decoys[] = [
  from(
    'locales/app.json',
    'code',
    `
  "password": "Password must not be empty",
  "new_password": "At least 12 characters please",
  "sessionSecret": "The secret of the session",
  "master_password": "Mot de passe de 12 lettres",
  "admin_password": "Geben Sie das neue Kennwort ein",
  "root_password": "Größe",
  "user_password": "Contraseña",
`,
  ),
  from(
    'src/names.ts',
    'code',
    `
cookieSecret: 'cookie-secret',
jwtSecret: 'changeme',
sessionSecret: '<your-session-secret>',
signingKey: 'RS256',
encryptionKey: 'aes-256-gcm',
appSecret: appSecretName,
webhookSecret: string;
signingSecret: SigningSecretProvider,
password: env('ADMIN_PASSWORD', ''),
masterKey: 'arn:aws:kms:eu-west-1:{d12}:key/{uuid}',
`,
  ),
];
