import { type Form, form } from './corpus-forms.ts';

/** Shell lines, database calls and files that give a password away by their form alone. */
export const commands: readonly Form[] = [
  form(
    'ssh2',
    'k/ssh2.txt',
    '---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\nComment: "x"\n«{b70}\n{b70}»\n---- END SSH2 ENCRYPTED PRIVATE KEY ----\n',
  ),
  form('openvpn', 'k/ta.txt', '-----BEGIN OpenVPN Static key V1-----\n«{h32}\n{h32}»\n-----END OpenVPN Static key V1-----\n'),
  form('query-in-code', 'src/q.ts', "fetch('https://api.acme.dev/items?apikey=«{h32}»&x=1');\n"),
  form(
    'pdo',
    'db.php',
    '<?php\nnew PDO("mysql:host=h;dbname=d", "user", "«{w12}»");\nmysqli_connect("localhost", "root", "«{w12}»", "db");\n',
  ),
  form('okhttp', 'Basic.java', 'String c = Credentials.basic("user", "«{w14}»");\n'),
  form('httpie', 'a.sh', 'http -a user:«{w14}» GET https://x\n'),
  form('htpasswd', 'ci/users', 'admin:$apr1$«{w8}»$«{w22}»\nroot:$6$«{w8}$./{w84}»\n'),
  form('random-password', 'state.json', '{"resources":[{"type":"random_password","instances":[{"attributes":{"result":"«{p20}»"}}]}]}\n'),
  form('secure-string', 'x.ps1', '$sec = ConvertTo-SecureString -AsPlainText -Force "«{w14}»"\n'),
  form('net-use', 'y.bat', 'net use z: \\\\host\\share /user:dom\\me «{w14}»\r\n'),
  form('password-stdin', 'b.sh', 'echo «{w20}» | docker login --username a --password-stdin\n'),
  form('openssl', 'c.sh', 'openssl enc -aes-256-cbc -k «{w16}» -in a\nopenssl rsa -passin pass:«{w14}» -in k\n'),
  form('mongo', 'd.sh', 'mongosh -u a -p «{w14}» --authenticationDatabase admin\n'),
  form('ldap', 'e.sh', 'ldapsearch -D cn=admin -w «{w14}» -b dc=x\n'),
  form('keytool', 'f.sh', 'keytool -genkey -storepass «{w12}» -keypass «{w12}»\n'),
  form('chpasswd', 'g.sh', 'echo "deploy:«{w14}»" | chpasswd\nhtpasswd -b file user «{w14}»\n'),
  form('az', 'h.sh', 'az login --service-principal -u app -p «{w34}» --tenant t\n'),
  form('npm-config', 'i.sh', 'npm config set //r.acme.dev/:_authToken «{w36}»\n'),
  form('sqlcmd', 'j.sh', 'sqlcmd -S h -U sa -P «{w12}»\n'),
  form('expect', 'k.exp', 'expect "assword:" { send "«{w14}»\\r" }\n'),
  form('snyk', 'l.sh', 'snyk auth «{uuid}»\ngh secret set TOKEN --body «{w36}»\n'),
  form('sql-update', 'm.sql', "UPDATE settings SET value='«{h32}»' WHERE name='twilio_auth_token';\n"),
  form('java-properties', 'T.java', '@TestPropertySource(properties = {"app.consul.http.token=«{uuid}»"})\nclass T {}\n'),
  form(
    'joined-words',
    'n.ts',
    "const config = { dbPassword: 'river-stone-42', user: 'me' };\n".replace('river-stone-42', '«river-stone-42»'),
  ),
  form('env-key', 'o.sh', 'export MESIBO_KEY=«{h40}»\nexport HASH_SALT=«{w24}»\n'),
  form('url-encoded', 'p.log', 'GET /cb?a=AstraCS%3A«{w24}»%3A«{h64}»&b=1\nGET /cb?t=ABSKQmVkcm9j«{w40}%2B{w60}»%3D\n'),
  form('behind-an-escape', 'q.ts', 'const s = "a\\n«{uuid}:{h32}»\\nb";\n'),
  form('assigned', 'r.diff', '-OPTION_VALUE=acme_live_«{w32}»\n+OPTION_VALUE=\n'),
  form('semicolons', 'users.csv', 'name;password;mail\nbob;«{w14}»;b@x\neve;«{w14}»;e@x\n'),
  form('cdata', 'a.xml', '<password><![CDATA[«{w14}»]]></password>\n<Password>\n  «{w14}»\n</Password>\n'),
  form('calls', 'u.ts', "client.login('bob', '«{w20}»');\nrequest.bearerAuth('«{w32}»');\n"),
  form('pdo-variable', 'v.php', '<?php\n$db = new PDO($dsn, "user", "«{w14}»");\n'),
  form('fetch-block', 'w.rb', "token = ENV.fetch('API_TOKEN') { '«{w24}»' }\n"),
  form('spring-default', 'W.java', '@Value("\x24{app.token:«{w32}»}")\nString token;\n'),
  form('basic', 'x.vb', 'Dim password As String = "«{w14}»"\n'),
  form('erlang', 'y.erl', '{password, "«{h32}»"}.\n'),
  form('pulumi', 'Pulumi.dev.yaml', 'config:\n  shop:dbPassword: «{w14}»\n'),
  form('remark', 'z.proto', '// token: «{h40}»\nmessage A {}\n'),
  form('ldap-conf', 'ldap.conf', 'binddn cn=admin\nbindpw «{w14}»\n'),
  form(
    'literal',
    'q.sh',
    'kubectl create secret generic x --from-literal=a=«{w14}»\nvault login «{w24}»\ncurl -u "bob":\'«{w14}»\' https://x\n',
  ),
  form('conditional', 's.py', 'token = os.environ["TOKEN"] if prod else "«{w24}»"\n'),
  form(
    'keyed calls of JavaScript',
    'src/sign.js',
    `app.use(cookieParser('«{w24}»'));
new Keygrip(['«{w24}»'], 'sha256');
crypto.createCipheriv('aes-256-cbc', '«{w32}»', iv);
crypto.createHmac('sha256', Buffer.from('«{h32}»', 'hex'));
CryptoJS.AES.encrypt('plain text', '«{w20}»');
CryptoJS.HmacSHA256(body, '«{w20}»');
twilio('AC{h32}', '«{h32}»');
`,
  ),
  form(
    'keyed calls of Python',
    'app/sign.py',
    `s = URLSafeTimedSerializer('«{w24}»')
s = itsdangerous.Signer("«{w24}»")
f = Fernet(b'«{b43}=»')
c = AES.new(b'«{w32}»', AES.MODE_GCM)
auth=HTTPDigestAuth('bob', '«{h32}»')
`,
  ),
  form(
    'keyed calls of Go and Rust',
    'sign.go',
    `mac := hmac.New(sha256.New, []byte("«{w24}»"))
token.SignedString([]byte("«{w24}»"))
sessions.NewCookieStore([]byte("«{h32}»"))
block, err := aes.NewCipher([]byte("«{w32}»"))
csrf.Protect([]byte("«{w32}»"))
smtp.PlainAuth("", "a@acme.dev", "«{w14}»", "smtp.acme.dev")
EncodingKey::from_secret("«{w24}»".as_ref());
HmacSha256::new_from_slice(b"«{w24}»");
client.basic_auth("bob", Some("«{w16}»"));
`,
  ),
  form(
    'keyed calls of Java and C#',
    'Sign.java',
    `new SecretKeySpec("«{w24}»".getBytes(), "HmacSHA256");
Keys.hmacShaKeyFor("«{w32}»".getBytes(UTF_8));
Algorithm.HMAC256("«{w24}»");
Jwts.builder().signWith(SignatureAlgorithm.HS512, "«{w24}»");
new PasswordAuthentication("bob", "«{w14}»".toCharArray());
store.load(in, "«{w14}»".toCharArray());
new SymmetricSecurityKey(Encoding.UTF8.GetBytes("«{w32}»"));
new HMACSHA256(Encoding.ASCII.GetBytes("«{w32}»"));
new ClientSecretCredential(tenant, client, "«{w34}»");
`,
  ),
  form(
    'keyed calls of Ruby, PHP and Elixir',
    'sign.rb',
    `OpenSSL::HMAC.hexdigest('SHA256', '«{w24}»', data)
JWT.encode(payload, '«{w24}»', 'HS256')
ActiveSupport::MessageVerifier.new('«{w24}»')
http.basic_auth 'bob', '«{w16}»'
JWT::encode($claims, '«{w24}»', 'HS256');
hash_hmac('sha256', $data, '«{w24}»');
openssl_encrypt($data, 'aes-256-cbc', '«{w32}»', 0, $iv);
curl_setopt($c, CURLOPT_USERPWD, 'bob:«{w16}»');
Phoenix.Token.sign(conn, "«{w24}»", id)
live_view: [signing_salt: "«{w12}»"]
`,
  ),
  form(
    'settings of servers',
    'etc/servers.conf',
    `sentinel auth-pass main «{w16}»
user app on >«{w16}» ~* +@all
  stats auth bob:«{w16}»
cache_peer h parent 80 0 login=bob:«{w16}»
[smtp.acme.dev]:587 bob@acme.dev:«{w16}»
bob : EAP "«{w16}»"
createUser bob SHA "«{w16}»" AES "«{w16}»"
bob:{PLAIN}«{w16}»
"app" "md5«{h32}»"
`,
  ),
  form(
    'redis in compose',
    'compose.yaml',
    'command: redis-server --requirepass «{w20}» --appendonly yes\ncommand: ["redis-server", "--requirepass", "«{w20}»"]\n',
  ),
  form('bundler', '.bundle/config', '---\nBUNDLE_GEMS__ACME__DEV: "ci:«{w20}»"\n'),
  form('pgbouncer', 'pgbouncer/userlist.txt', '"app" "«{w16}»"\n'),
  form('chap', 'etc/ppp/chap-secrets', 'bob * «{w16}» *\n'),
  form('ntp', 'etc/ntp.keys', '1 SHA1 «{h40}»\n'),
  form('prose with a mark', 'README.md', 'Sign in with the password `«{w12}7x»` and go on.\n'),
  form('fcm', 'src/push.ts', "send('«AAAA{u7}:APA91b{u134}»');\n"),
];
