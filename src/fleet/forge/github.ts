import { request } from '@octokit/request';
import { said } from './refusal.ts';
import type { Forge } from './types.ts';

/** GitHub by its REST API: blobs, tree, commit and branch, then the pull request and its labels. */
export const github: Forge = {
  propose: async ({ branch, base, commit, title, body, labels, changes }, { api, project, token }, before) => {
    const [owner = '', repo = ''] = project.split('/');
    const ask = request.defaults({ baseUrl: api, headers: { authorization: `token ${token}`, 'user-agent': 'glm-skill' } });
    const at = { owner, repo };
    const found = async () =>
      (await ask('GET /repos/{owner}/{repo}/pulls', { ...at, head: `${owner}:${branch}`, state: 'all', per_page: 1 })).data[0]?.html_url;
    return said('GitHub', project, async () => {
      const known = await found();
      if (known) return known;
      const into =
        base !== undefined && (await exists(ask('GET /repos/{owner}/{repo}/branches/{branch}', { ...at, branch: base })))
          ? base
          : (await ask('GET /repos/{owner}/{repo}', at)).data.default_branch;
      if (!(await exists(ask('GET /repos/{owner}/{repo}/git/ref/{ref}', { ...at, ref: `heads/${branch}` })))) {
        const parent = await ask('GET /repos/{owner}/{repo}/git/commits/{commit_sha}', { ...at, commit_sha: commit });
        await before();
        const tree = await Promise.all(
          changes.map(async ({ path, content, mode }) => {
            const blob = content && { ...at, content: content.toString('base64'), encoding: 'base64' };
            const sha = blob ? (await ask('POST /repos/{owner}/{repo}/git/blobs', blob)).data.sha : null;
            return { path, mode, type: 'blob', sha } as const;
          }),
        );
        const laid = await ask('POST /repos/{owner}/{repo}/git/trees', { ...at, base_tree: parent.data.tree.sha, tree });
        const made = await ask('POST /repos/{owner}/{repo}/git/commits', { ...at, message: title, tree: laid.data.sha, parents: [commit] });
        await ask('POST /repos/{owner}/{repo}/git/refs', { ...at, ref: `refs/heads/${branch}`, sha: made.data.sha });
      }
      await before();
      const opened = await ask('POST /repos/{owner}/{repo}/pulls', { ...at, title, head: branch, base: into, body });
      if (labels.length > 0)
        await ask('POST /repos/{owner}/{repo}/issues/{issue_number}/labels', {
          ...at,
          issue_number: opened.data.number,
          labels: [...labels],
        });
      return opened.data.html_url;
    });
  },
};

async function exists(asked: Promise<unknown>): Promise<boolean> {
  try {
    await asked;
    return true;
  } catch (error) {
    if (statusOf(error) === 404) return false;
    throw error;
  }
}

function statusOf(error: unknown): number | undefined {
  return typeof error === 'object' && error !== null && 'status' in error && typeof error.status === 'number' ? error.status : undefined;
}
