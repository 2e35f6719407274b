/** Writes a value under a name the way a kind of file does. The secret part stands between « and »; the marks are taken out afterwards. */
export type Place = { readonly path: string; readonly write: (name: string, value: string) => string };

const words = (name: string) => name.toLowerCase().split('_');
const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);
export const snake = (name: string) => words(name).join('_');
export const kebab = (name: string) => words(name).join('-');
export const pascal = (name: string) => words(name).map(capital).join('');
export const camel = (name: string) => pascal(name).charAt(0).toLowerCase() + pascal(name).slice(1);

const json = (value: string) => JSON.stringify(value).slice(1, -1);
const xml = (value: string) => value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
const quoted = (value: string) => value.replaceAll('\\', '\\\\').replaceAll("'", "\\'");

export const places: readonly Place[] = [
  { path: 'deploy/app.env.example', write: (n, v) => `# settings\nPORT=3000\n${n}=«${v}»\nDEBUG=true\n` },
  { path: 'deploy/settings.env.sample', write: (n, v) => `NODE_ENV=production\n${n}="«${v}»" # rotate\n` },
  { path: 'scripts/run.sh', write: (n, v) => `#!/bin/sh\nset -e\nexport ${n}='«${v}»'\nexec node server.js\n` },
  { path: 'scripts/call.sh', write: (n, v) => `${n}=«${v}» ./bin/sync --all\n` },
  { path: 'scripts/login.sh', write: (n, v) => `tool login --user ci --${kebab(n)} «${v}» --quiet\n` },
  { path: 'Dockerfile', write: (n, v) => `FROM node:20\nENV ${n} «${v}»\nRUN npm ci\n` },
  { path: 'build/Dockerfile', write: (n, v) => `FROM alpine\nARG ${n}="«${v}»"\nCOPY . /app\n` },
  {
    path: 'docker-compose.yml',
    write: (n, v) => `services:\n  api:\n    image: app:1\n    environment:\n      - ${n}=«${v}»\n      - TZ=UTC\n`,
  },
  { path: 'config/app.yaml', write: (n, v) => `server:\n  port: 80\nclient:\n  ${snake(n)}: «${v}»\n  retries: 3\n` },
  {
    path: '.github/workflows/ci.yml',
    write: (n, v) => `jobs:\n  test:\n    env:\n      ${n}: "«${v}»"\n    steps:\n      - run: npm test\n`,
  },
  {
    path: 'k8s/deployment.yaml',
    write: (n, v) => `spec:\n  containers:\n    - name: api\n      env:\n        - name: ${n}\n          value: "«${v}»"\n`,
  },
  { path: 'config/app.json', write: (n, v) => `{\n  "port": 80,\n  "${camel(n)}": "«${json(v)}»",\n  "debug": false\n}\n` },
  { path: 'config/min.json', write: (n, v) => `{"a":1,"${snake(n)}":"«${json(v)}»","b":[true]}\n` },
  { path: 'settings.toml', write: (n, v) => `[service]\nname = "api"\n${snake(n)} = "«${json(v)}»"\n` },
  { path: 'settings.ini', write: (n, v) => `[service]\nname = api\n${snake(n)} = «${v}»\n` },
  { path: 'application.properties', write: (n, v) => `server.port=8080\napp.${words(n).join('.')}=«${v}»\n` },
  {
    path: 'src/client.ts',
    write: (n, v) =>
      `import { make } from './make.ts';\n\nconst ${camel(n)}: string = '«${quoted(v)}»';\nexport const client = make(${camel(n)});\n`,
  },
  {
    path: 'src/config.ts',
    write: (n, v) => `export const config = {\n  port: 80,\n  ${camel(n)}: process.env.${n} ?? "«${json(v)}»",\n};\n`,
  },
  {
    path: 'src/legacy.js',
    write: (n, v) => `var opts = { retries: 2, ${camel(n)}: "«${json(v)}»", timeout: 9 };\nmodule.exports = opts;\n`,
  },
  { path: 'dist/bundle.min.js', write: (n, v) => `!function(e){var t=e.n,r={a:1,${camel(n)}:"«${json(v)}»"};t(r)}(window);\n` },
  { path: 'app/settings.py', write: (n, v) => `import os\n\nDEBUG = False\n${n} = os.environ.get("${n}", "«${json(v)}»")\n` },
  {
    path: 'app/client.py',
    write: (n, v) => `def make():\n    return Client(\n        host="localhost",\n        ${snake(n)}='«${quoted(v)}»',\n    )\n`,
  },
  { path: 'cmd/main.go', write: (n, v) => `package main\n\nconst ${camel(n)} = "«${json(v)}»"\n\nfunc main() { run(${camel(n)}) }\n` },
  { path: 'pkg/client.go', write: (n, v) => `var cfg = Config{\n\tHost: "localhost",\n\t${pascal(n)}: \`«${v}»\`,\n}\n` },
  { path: 'src/main.rs', write: (n, v) => `use std::env;\n\npub const ${n}: &str = "«${json(v)}»";\n` },
  { path: 'src/Client.java', write: (n, v) => `class Client {\n  private static final String ${n} = "«${json(v)}»";\n}\n` },
  { path: 'src/Setup.java', write: (n, v) => `class Setup {\n  void go() { client.set${pascal(n)}("«${json(v)}»"); }\n}\n` },
  { path: 'src/Client.cs', write: (n, v) => `public class Client {\n  public string ${pascal(n)} { get; set; } = "«${json(v)}»";\n}\n` },
  {
    path: 'App.config',
    write: (n, v) =>
      `<configuration>\n  <appSettings>\n    <add key="${pascal(n)}" value="«${xml(v)}»" />\n  </appSettings>\n</configuration>\n`,
  },
  { path: 'pom-settings.xml', write: (n, v) => `<settings>\n  <${camel(n)}>«${xml(v)}»</${camel(n)}>\n</settings>\n` },
  { path: 'config/app.php', write: (n, v) => `<?php\nreturn [\n  'host' => 'db',\n  '${snake(n)}' => '«${quoted(v)}»',\n];\n` },
  { path: 'config/app.rb', write: (n, v) => `Rails.application.configure do\n  config.${snake(n)} = '«${quoted(v)}»'\nend\n` },
  { path: 'main.tf', write: (n, v) => `resource "app" "main" {\n  region = "eu"\n  ${snake(n).padEnd(24)} = "«${json(v)}»"\n}\n` },
  {
    path: 'variables.tf',
    write: (n, v) => `variable "${snake(n)}" {\n  type    = string\n  default = "«${json(v)}»"\n}\n`,
  },
  { path: 'setup.ps1', write: (n, v) => `$env:${n} = "«${v}»"\nStart-Process app\n` },
  { path: 'setup.bat', write: (n, v) => `@echo off\r\nset ${n}=«${v}»\r\napp.exe\r\n` },
  {
    path: 'notes.ipynb',
    write: (n, v) =>
      `{\n "cells": [\n  {\n   "source": [\n    "import os\\n",\n    "${n} = \\"«${json(json(v))}»\\"\\n"\n   ]\n  }\n ]\n}\n`,
  },
  { path: 'docs/setup.md', write: (n, v) => `# Setup\n\nRun it:\n\n\`\`\`sh\nexport ${n}=«${v}»\n\`\`\`\n\nThen open the page.\n` },
  { path: 'docs/api.md', write: (n, v) => `Call it:\n\n    curl -H "X-${words(n).map(capital).join('-')}: «${v}»" http://localhost/api\n` },
  {
    path: 'logs/run.log',
    write: (n, v) => `2026-01-02T03:04:05Z INFO start\n2026-01-02T03:04:06Z DEBUG connecting ${snake(n)}=«${v}» attempt=1\n`,
  },
  { path: 'test/output.txt', write: (n, v) => `    at run (src/a.ts:3:1)\n  { ${camel(n)}: '«${quoted(v)}»', port: 80 }\n` },
  { path: 'config/config.exs', write: (n, v) => `config :app, App.Repo,\n  ${snake(n)}: "«${json(v)}»",\n  pool_size: 2\n` },
  { path: 'src/App.kt', write: (n, v) => `object App {\n  private const val ${n}: String = "«${json(v).replaceAll('$', '\\$')}»"\n}\n` },
  { path: 'src/View.tsx', write: (n, v) => `export const View = () => <Map zoom={3} ${camel(n)}="«${v}»" />;\n` },
  { path: 'change.diff', write: (n, v) => `--- a/.env\n+++ b/.env\n@@ -1 +1 @@\n-${n}=\n+${n}=«${v}»\n` },
];
