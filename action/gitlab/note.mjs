// Puts a report below the merge request that was tested: one note, brought up to date by each run. Nothing but Node's own fetch.
import { readFile } from 'node:fs/promises';

const mark = '<!-- glm-skill -->';
const mostChars = 200_000;
const { CI_API_V4_URL, CI_PROJECT_ID, CI_MERGE_REQUEST_IID, GLM_SKILL_TOKEN } = process.env;

const [, , file = ''] = process.argv;
const report = await readFile(file, 'utf8').catch(() => undefined);
if (report === undefined) console.log(`There is no ${file}: nothing was red, or the log of the job before says why.`);
else if (!(CI_API_V4_URL && CI_PROJECT_ID && CI_MERGE_REQUEST_IID))
  console.log('This is no pipeline of a merge request: nothing is noted.');
else if (!GLM_SKILL_TOKEN) console.log('GLM_SKILL_TOKEN is not set: the report is in the artifacts only.');
else process.exitCode = await note(report);

/** Writes the note, or the one of an earlier run anew. */
async function note(text) {
  const notes = `/projects/${encodeURIComponent(CI_PROJECT_ID)}/merge_requests/${encodeURIComponent(CI_MERGE_REQUEST_IID)}/notes`;
  // Nobody is called by a name that a test or a file has.
  const body = `${mark}\n${text.slice(0, mostChars).replaceAll('@', '@\u200b')}`;
  const me = await ask('/user');
  const mine = await find(notes, (one) => one.author?.id === me.json.id && String(one.body).startsWith(mark));
  const { ok, status } = await ask(mine ? `${notes}/${mine.id}` : notes, mine ? 'PUT' : 'POST', { body });
  console.log(ok ? `The note was ${mine ? 'brought up to date' : 'written'}.` : `The note could not be written: HTTP ${status}.`);
  return ok ? 0 : 1;
}

async function find(notes, wanted) {
  for (let page = '1'; page; ) {
    const { json, headers } = await ask(`${notes}?per_page=100&page=${page}`);
    const found = Array.isArray(json) ? json.find(wanted) : undefined;
    if (found) return found;
    page = headers.get('x-next-page') ?? '';
  }
}

async function ask(path, method = 'GET', body = undefined) {
  const headers = { 'private-token': GLM_SKILL_TOKEN, ...(body && { 'content-type': 'application/json' }) };
  const answer = await fetch(`${CI_API_V4_URL}${path}`, { method, headers, body: body && JSON.stringify(body), redirect: 'error' });
  const text = await answer.text();
  let json = {};
  try {
    json = JSON.parse(text);
  } catch {
    // The status says enough.
  }
  return { ok: answer.ok, status: answer.status, headers: answer.headers, json };
}
