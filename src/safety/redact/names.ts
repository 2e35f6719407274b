/**
 * What a name says of the value under it. `password`: chosen by a person, may be short. `secret`: made by a machine. `chosen`: made by
 * either (`SESSION_SECRET`). `perhaps`: a name such as `key` that only counts with a value that looks like chance;
 * `random`: one that counts with plain hex as well (`hook_key`, `pepper`).
 */
export type Grade = 'password' | 'chosen' | 'secret' | 'random' | 'perhaps';

const set = (words: string) => new Set(words.split(' '));

/** Words behind which the meaning stands: `passwordProd`, `token_value`, `apiKey2`. */
const trailing = set(
  'value val base string str text plain raw default prod production dev development test testing staging stage live sandbox main current old new previous primary secondary backup base64 b64 hex encoded env override local remote ci v b one two',
);
/** A word anywhere in the name that makes it harmless. */
const harmless = set(
  'public publishable pub encrypted hashed hash masked redacted sealed no without csrf xsrf recaptcha site anon placeholder max min num total count digest fingerprint checksum',
);
const passwords = set(
  'password passwd passphrase pwd pass passwort pw psw pwrd motdepasse contrasena senha kennwort requirepass masterauth userpass bindpw rootpw adminpw userpw dbpw',
);
const secrets = set(
  'secret secrets token apikey apitoken authtoken accesstoken refreshtoken secretkey accesskey privatekey authkey appkey credential credentials creds cred jwt bearer mnemonic privkey wif apisecret clientsecret appsecret sharedkey signingkey masterkey encryptionkey presharedkey psk oauthtoken bottoken',
);
const perhaps = set('key keys auth authorization pat sid license licence tokens apikeys accesskeys dsn entropy webhook');

/** Names of what a machine draws, hex or not, and that hold plain words as often. */
const randoms = set('salt seed pepper session sessionid cookie hmac signing refresh private');

/** `SESSION_SECRET`, `encryption_key`: what stands before "secret" or "key" where people think up the value themselves. */
const setByPeople = set(
  'session sessions cookie cookies jwt app application webhook hook signing sign signature hmac auth nextauth flask express rails minio rabbitmq master shared internal cron encryption encrypt crypto crypt cipher aes secret state password',
);

/** `api_key`, `AccountKey`: what stands before "key" decides. */
const secretKeys = set(
  'api access secret private priv encryption encrypt decryption decrypt validation signing sign master auth authentication account shared license licence deploy admin write read service crypt crypto cipher hmac aes des jwt session app application subscription consumer preshared preshare client root server ssh rsa gpg pgp webhook integration ingest ingestion functions function host server rest sas developer dev user personal internal bot oauth rpc agent device node provisioning recovery tunnel cookie fernet ' +
    // Makers of the keys that most repositories hold.
    'openai anthropic cohere mistral groq gemini google maps wandb etherscan infura alchemy pagerduty opsgenie statuspage bugsnag fastly algolia datadog dd newrelic relic sendgrid mailgun mailchimp stripe twilio yandex zapier youtube messagebird nytimes news weather openweather bing azure aws gcp cloudflare heroku linode vultr hetzner digitalocean sentry rollbar segment mixpanel amplitude honeycomb grafana splunk elastic pinecone deepgram elevenlabs replicate huggingface hf together perplexity deepseek zhipu zai glm runapi moonshot openrouter jira slack discord telegram github gitlab npm snyk sonar codecov travis circleci drone kraken binance coinbase kucoin finnhub polygon rapidapi shopify square paypal braintree adyen plaid hubspot intercom zendesk airtable notion asana figma dropbox mapbox launchdarkly pulumi vercel netlify supabase firebase planetscale mongodb redis postgres mysql',
);
const plainKeys = set(
  'primary foreign sort partition cache object row event map index group unique idempotency translation message query route lookup dedupe composite natural surrogate storage registry sitemap i18n locale label field column property prop react item menu tab nav option hot short meta ctrl alt shift arrow escape enter any every same each data record entity answer question feature flag setting settings config metadata annotation tag header param parameter schema type kind error status measurement bucket s3 blob file folder dir path state store redis lock mutex topic queue routing binding node tree search sorting order websocket socket',
);
const plainTokens = set(
  'next page continuation pagination sync cancel cancellation cancelation end start eof eol close open left right punctuation operator syntax css design lexer parser peek prompt completion input output cached pad bos eos unk mask sep cls special stop identifier keyword string number comment regex regexp template whitespace newline separator delimiter paren brace bracket expected unexpected invalid unknown injection di provide stopping theme color',
);

/** The grade of an identifier in any spelling (`DB_PASSWORD`, `dbPassword`, `spring.db.password`), or undefined. */
export function gradeName(name: string): Grade | undefined {
  const words = splitWords(name);
  while (words.length > 1 && isTrailing(words.at(-1) ?? '')) words.pop();
  const grade = gradeOf(name, words);
  return grade === 'secret' && isSetByPeople(words) ? 'chosen' : grade;
}

function isSetByPeople(words: readonly string[]): boolean {
  const [maker = '', before = '', last = ''] = ['', '', ...words].slice(-3);
  if (/^(?:psk|presharedkey|signingkey|masterkey|encryptionkey|appsecret|secretkey)$/.test(last)) return true;
  if (!/^(?:secrets?|keys?)$/.test(last) || !setByPeople.has(before)) return false;
  // `STRIPE_SECRET_KEY` is given out by its maker.
  return before !== 'secret' || maker === '' || setByPeople.has(maker);
}

function gradeOf(name: string, words: readonly string[]): Grade | undefined {
  const last = words.at(-1) ?? '';
  const before = words.at(-2) ?? '';
  if (!/^(?:secret|salt|pepper)$/.test(last) && !(last === 'key' && before === 'secret') && words.some((word) => harmless.has(word)))
    return undefined;
  if (words.some((word) => word === 'public' || word === 'encrypted')) return undefined;
  if (passwords.has(last) || /(?:password|passwd|passphrase)s?$/.test(last)) return 'password';
  if (last === 'phrase' && /^(?:pass|seed|recovery|secret|backup|mnemonic|wallet|signing)$/.test(before)) return 'secret';
  if (last === 'token' || last === 'tokens') return plainTokens.has(before) ? undefined : last === 'token' ? 'secret' : 'perhaps';
  if (last === 'key' || last === 'keys') {
    if (plainKeys.has(before)) return undefined;
    return secretKeys.has(before) || secretKeys.has(before.replace(/s$/, '')) || /^[A-Z\d]+_(?:[A-Z\d]+_)*KEY$/.test(name)
      ? 'secret'
      : before === ''
        ? 'perhaps'
        : 'random';
  }
  if (last === 'string' && before === 'connection') return 'secret';
  if (last === 'data' && before === 'key' && /^(?:client|private)$/.test(words.at(-3) ?? '')) return 'secret';
  if (/^codes?$/.test(last) && /^(?:recovery|access|backup|rescue)$/.test(before)) return 'random';
  if (last === 'salt' && /^(?:signing|encryption)$/.test(before)) return 'secret';
  if (randoms.has(last)) return 'random';
  if (secrets.has(last) || /(?:apikey|writekey|secretkey|privatekey|accesskey|secret|authtoken|accesstoken)$/.test(last)) return 'secret';
  return perhaps.has(last) ? 'perhaps' : undefined;
}

function isTrailing(word: string): boolean {
  return trailing.has(word) || /^\d{1,4}$/.test(word);
}

function splitWords(name: string): string[] {
  const words = name.slice(-80).match(/[A-Z]+(?=[A-Z][a-z])|[A-Z]*[a-z\d]+|[A-Z]+/g) ?? [];
  return words.map((word) => (/\d$/.test(word) ? word.replace(/^(.*[a-z])\d{1,2}$/i, '$1') : word).toLowerCase());
}
