import type { Form } from './span.ts';

/** Keys that services put in their addresses and calls, where neither a name nor the key's own shape tells. */
export const serviceForms: readonly Form[] = [
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
