import type { Form } from './span.ts';

/** `aes-256-cbc`, `HmacSHA256`: what stands beside a key and is none. */
const algorithm =
  '(?:(?:[Aa]es|des|sha|hs|rs|es|ps|hmac|rsa|bf|[Bb]lowfish|x?[Cc]ha[Cc]ha20|camellia)[-_/]?\\d{0,4}(?:[-_/][A-Za-z0-9]{2,16}){0,3}|(?:AES|DES(?:ede)?|RSA|SHA|MD|HS)[-_]?\\d{0,3}(?:/\\w{2,16}){0,2}|Hmac(?:SHA|MD)\\d{1,3}|PBKDF2\\w{0,20})';
/** What languages put around a literal to make bytes of it. */
const bytes =
  '(?:(?:\\[\\]byte|new TextEncoder\\(\\)\\.encode|[\\w.]{0,40}GetBytes|Buffer\\.from|String::from)\\([ \\t]*|\\[[ \\t]*|(?:data|key)[ \\t]*[:=][ \\t]*){0,2}b?';
const literal = `["'\`](?!${algorithm}["'\`])([^"'\`\\n]{8,400})["'\`]`;
const aside = '[^()"\'`\\n]{0,80}';

/** Signers, ciphers and stores of sessions: their key is the first string that names no algorithm. */
const keyed = [
  'cookieParser|Keygrip|New(?:Cookie|Filesystem)Store|csrf\\.Protect|aes\\.NewCipher|[Hh]?mac\\.New|hmac\\.New|SignedString|signWith',
  '(?:URLSafe)?(?:Timed)?(?:JSONWebSignature)?Serializer|(?:itsdangerous\\.|Timestamp)Signer|Fernet|(?:AES|DES3?|ARC4|Blowfish|ChaCha20(?:_Poly1305)?|Salsa20|HMAC)\\.new',
  'SecretKeySpec|hmacShaKeyFor|(?:Algorithm\\.)?HMAC\\d{3}|H(?:mac|MAC)(?:SHA|MD)\\d{1,3}|Symmetric(?:Security)?Key|(?:En|De)codingKey::from_secret|new_from_slice',
  'Message(?:Verifier|Encryptor)\\.new|Encryptors\\.\\w{4,12}|create(?:Hmac|(?:C|Dec)ipher(?:iv)?)|HMAC\\.(?:hex)?digest',
].join('|');
/** Those that are given it behind what they sign or seal. */
const keyedBehind =
  'CryptoJS\\.(?:\\w{2,12}\\.(?:en|de)crypt|Hmac\\w{3,10})|JWT(?:\\.|::)(?:en|de)code|hash_hmac|openssl_(?:en|de)crypt|MessageVerifier\\.(?:sign|verify)|Token\\.(?:sign|verify|encrypt|decrypt)';

/** Keys and passwords that only their place in a call gives away. */
const callForms: readonly Form[] = [
  {
    kind: 'VALUE',
    needs:
      'cookieparser(|keygrip(|store(|csrf.protect(|cipher|mac.new(|signedstring(|signwith(|serializer(|signer(|fernet(|aes.new(|des.new(|des3.new(|arc4.new(|blowfish.new(|chacha20|salsa20|keyspec(|keyfor(|hmac2|hmac3|hmac5|hmacsha|hmacmd|symmetric|from_secret(|from_slice(|verifier.new(|encryptor.new(|encryptors.|createhmac(|digest('.split(
        '|',
      ),
    form: new RegExp(`(?<![\\w$])(?:${keyed})\\(${aside}(?:["']${algorithm}["']${aside})?${bytes}${literal}`, 'dg'),
    chance: -0.3,
  },
  {
    kind: 'VALUE',
    needs: 'cryptojs.|jwt.|jwt::|hash_hmac(|openssl_|verifier.|token.sign(|token.verify(|token.encrypt(|token.decrypt('.split('|'),
    form: new RegExp(
      `(?<![\\w$])(?:${keyedBehind})\\((?:${aside}|["'][^"'\\n]{0,200}["'])[ \\t]*,[ \\t]*(?:["']${algorithm}["'],[ \\t]*|[\\w.$]{1,60},[ \\t]*){0,2}${bytes}${literal}`,
      'dg',
    ),
    chance: -0.3,
  },
  {
    kind: 'PASSWORD',
    needs: ['plainauth(', 'clientsecretcredential('],
    form: /\b(?:PlainAuth|ClientSecretCredential)\([^(),\n]{1,100},[ \t]*[^(),\n]{1,100},[ \t]*["']([^"'\n]{4,200})["']/dg,
  },
  {
    kind: 'PASSWORD',
    needs: ['.tochararray('],
    form: /\b(?:load|getKey|getEntry|PasswordProtection|PBEKeySpec|setKeyEntry|init|PasswordAuthentication)\((?:[^()"\n]{0,80}|[ \t]*"[^"\n]{0,80}",[ \t]*)"([^"\n]{4,200})"\.toCharArray\(/dg,
  },
  {
    kind: 'PASSWORD',
    needs: ['_userpwd', '_proxyuserpwd'],
    form: /\bCURLOPT_(?:PROXY)?USERPWD["']?[ \t]*(?:,|=>)[ \t]*["'][^:"'\n]{1,80}:([^"'\n]{4,200})["']/dg,
  },
  {
    kind: 'AUTHORIZATION',
    needs: ['"ac', "'ac", '`ac'],
    form: /["'`]AC[0-9a-f]{32}["'`]\s{0,8},\s{0,80}["'`]([0-9a-f]{32})["'`]/dg,
    chance: 0.3,
  },
];

/** Lines of servers' settings in which a password has no name. */
const settingForms: readonly Form[] = [
  {
    kind: 'PASSWORD',
    needs: ['requirepass', 'masterauth', 'auth-pass', 'masteruser'],
    form: /(?:^|--|\bsentinel[ \t]+)(?:requirepass|masterauth|auth-pass[ \t]+\S{1,80})["']?,?[ \t]+["']?([^\s"',]{4,400})/dgm,
  },
  {
    kind: 'PASSWORD',
    needs: ['user '],
    form: /\b(?:user|SETUSER)[ \t]+[^\s>]{1,80}[ \t]+(?:[^\n>]{0,100}[ \t])?>([^\s>=]{4,200})/dg,
    chance: 0.3,
  },
  {
    kind: 'PASSWORD',
    needs: ['stats auth', 'login=', 'user='],
    form: /\b(?:stats auth[ \t]+|(?<![?&])(?:login|user)=)[\w.@-]{1,80}:([^\s"'&;@/]{6,200})(?=\s|$)/dgm,
    chance: 0.3,
  },
  { kind: 'PASSWORD', needs: [']:'], form: /^\[[\w.-]{1,200}\]:\d{1,5}[ \t]+[^\s:]{1,100}:(\S{4,200})[ \t]*$/dgm },
  { kind: 'PASSWORD', needs: [': eap', ': xauth', ': ntlm', ': psk'], form: /:[ \t]+(?:PSK|EAP|XAUTH|NTLM)[ \t]+"([^"\n]{4,200})"/dg },
  {
    kind: 'PASSWORD',
    needs: ['createuser'],
    form: /(?<=\bcreateUser[ \t]{1,8}[^\n]{1,160})\b(?:MD5|SHA(?:-?\d{3})?|DES|AES(?:-?\d{3})?)[ \t]+["']?([^\s"']{8,200})/dg,
  },
  { kind: 'PASSWORD', needs: ['{plain}', '{clear'], form: /\{(?:PLAIN|CLEAR(?:TEXT)?)\}([^\s:"'<>{}]{4,200})/dg },
];

/** Keys that services put in their addresses and calls, where neither a name nor the key's own shape tells. */
export const serviceForms: readonly Form[] = [
  ...callForms,
  ...settingForms,
  {
    kind: 'API_KEY',
    needs: ['infura.io', 'alchemy', 'quiknode', 'ankr.com'],
    form: /\b(?:infura\.io\/(?:ws\/)?v3|alchemy(?:api)?\.(?:com|io)\/v2|quiknode\.pro|ankr\.com\/\w{1,30})\/([\w-]{20,80})/dg,
    chance: 0.5,
  },
  {
    kind: 'API_KEY',
    needs: ['/with/key/'],
    form: /\/with\/key\/([\w-]{16,80})/dg,
    chance: 0.5,
  },
  {
    kind: 'AWS',
    needs: ['akia', 'asia'],
    form: /\bA(?:KI|SI)A[A-Z2-7]{16}\b(?: \/ |[^\w+/]{1,40})(?:[\w -]{1,30}[=:]\s{0,4})?["'`]?((?=[A-Za-z0-9+/]{0,39}[G-Zg-z+/])[A-Za-z0-9+/]{40})(?![\w+/=])/dg,
    chance: 0.5,
  },
  {
    kind: 'AUTHORIZATION',
    needs: ['bearer '],
    form: /\bBearer[ \t]{1,4}["'`][ \t]{0,8}[+.,][ \t]{0,8}["'`]([\w.~+/=-]{12,4096})["'`]/dgi,
    chance: 0.3,
  },
  {
    kind: 'COOKIE',
    needs: ['cookie'],
    form: /\b\w{0,20}[cC]ookies?(?:\.set|\.add|\.put)?\([ \t]{0,8}["'`][\w.-]{0,40}(?:sess|sid|auth|token|jwt|remember|login)[\w.-]{0,40}["'`],[ \t]{0,8}["'`]([^\s"'`]{16,2048})["'`]/dg,
    chance: 0.5,
  },
  {
    kind: 'VALUE',
    needs: ['omniauth', 'oauth'],
    form: /\b\w{0,20}(?:omniauth|OAuth|oauth)\w{0,20}(?:\.\w{1,20})?[(, \t][^\n"']{0,40}["'][\w.-]{8,100}["'],[ \t]{0,8}["']([\w~.+/=-]{16,128})["']/dg,
    chance: 0.6,
  },
  {
    kind: 'PRIVATE_KEY',
    needs: ['accounts', 'wallet(', 'privatekeytoaccount('],
    form: /\b(?:accounts["']?\s{0,4}:\s{0,4}\[\s{0,20}|Wallet\(\s{0,8}|privateKeyToAccount\(\s{0,8})["'`]((?:0x)?[0-9a-fA-F]{64})["'`]/dg,
    chance: 0.3,
  },
  {
    kind: 'CONNECTION',
    needs: [';password', ';pwd', '; password', '; pwd'],
    form: /(?<=;[ \t]{0,4})(?:password|pwd)[ \t]{0,4}=[ \t]{0,4}(?![\w$.]{1,80}\([^()\n]{0,80}\)(?:;|["']))([^;"'\s&<>]{4,256})(?=;?["']|;\s{0,4}[A-Za-z][\w ]{1,30}=)/dgi,
    chance: 0.3,
  },
  {
    kind: 'PASSWORD',
    needs: ['password=', 'passwd=', 'pwd='],
    form: /(?<=[?&"'])(?:password|passwd|pwd)=([^\s"'&]{6,256})(?=&[\w.-]{1,40}=|["'])/dgi,
    chance: 0.3,
  },
];
