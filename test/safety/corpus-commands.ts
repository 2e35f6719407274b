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
];
