import { plain } from './entries.ts';
import { npx } from './launch.ts';

/** Links that add the server to a client with one click. They hold no key: Cursor and VS Code ask for it or take it from their environment. */
export type Links = { readonly cursor: string; readonly vscode: string };

export function installLinks(version: string): Links {
  const entry = plain(npx(version));
  const config = encodeURIComponent(JSON.stringify({ type: 'stdio', ...entry }));
  return {
    cursor: `cursor://anysphere.cursor-deeplink/mcp/install?name=glm&config=${encodeURIComponent(Buffer.from(JSON.stringify(entry)).toString('base64'))}`,
    vscode: `https://insiders.vscode.dev/redirect/mcp/install?name=glm&config=${config}`,
  };
}
