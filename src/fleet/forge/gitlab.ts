import { Gitlab } from '@gitbeaker/rest';
import { said } from './refusal.ts';
import type { Forge } from './types.ts';

const modes = { '100644': false, '100755': true, '120000': false } as const;

/** GitLab by its REST API: one commit that makes the branch, then the merge request with its labels. */
export const gitlab: Forge = {
  propose: async ({ branch, base, commit, title, body, labels, changes }, { api, project, token }, before) => {
    const client = new Gitlab({ host: api, token });
    return said('GitLab', project, async () => {
      const known = await client.MergeRequests.all({ projectId: project, sourceBranch: branch, perPage: 1, maxPages: 1 });
      if (known[0]) return known[0].web_url;
      const branches = await client.Branches.all(project, { search: branch });
      const bases = base === undefined ? [] : await client.Branches.all(project, { search: base });
      const into =
        bases.some(({ name }) => name === base) && base !== undefined ? base : (await client.Projects.show(project)).default_branch;
      if (!branches.some(({ name }) => name === branch)) {
        await before();
        const actions = changes.map(({ path, kind, content, mode }) => ({
          action: kind,
          filePath: path,
          ...(content && { content: content.toString('base64'), encoding: 'base64', execute_filemode: modes[mode] }),
        }));
        await client.Commits.create(project, branch, title, actions, { startSha: commit });
      }
      await before();
      const opened = await client.MergeRequests.create(project, branch, into, title, {
        description: body,
        labels: labels.join(','),
        removeSourceBranch: true,
      });
      return opened.web_url;
    });
  },
};
