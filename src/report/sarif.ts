import { createHash } from 'node:crypto';
import type { Finding, Report } from '../schema/report.ts';
import { version } from '../version.ts';

const levels = { critical: 'error', major: 'error', minor: 'warning', note: 'note' } as const;

/** The findings of a review as SARIF 2.1.0, as code scanning takes them. Paths are relative to the root. */
export function sarifOf({ findings = [] }: Pick<Report, 'findings'>) {
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'glm-skill',
            version,
            informationUri: 'https://runapi.ai/models/glm',
            rules: Object.entries(levels).map(([id, level]) => ({
              id,
              name: `${id[0]?.toUpperCase()}${id.slice(1)}Finding`,
              shortDescription: { text: `A ${id} finding` },
              fullDescription: {
                text: `A finding that a GLM review calls ${id}. It lies on changed lines; what tests said of its edit stands in its message.`,
              },
              help: {
                text: 'Read the reason and look at the lines. A suggested edit that is called proven passes the tests that passed before.',
              },
              helpUri: 'https://runapi.ai/models/glm',
              defaultConfiguration: { level },
            })),
          },
        },
        results: findings.map(resultOf),
      },
    ],
  };
}

/** The same finding keeps its mark when lines above it come and go. */
function fingerprint({ severity, path, why }: Pick<Finding, 'severity' | 'path' | 'why'>): string {
  return createHash('sha256')
    .update([severity, path, why.replace(/\d+/g, '').replace(/\s+/g, ' ').trim()].join('\0'))
    .digest('hex')
    .slice(0, 32);
}

function resultOf({ severity, path, startLine, endLine, side, why, edit }: Finding) {
  const old = side ? `Removed ${startLine === endLine ? `line ${startLine}` : `lines ${startLine}-${endLine}`}: ` : '';
  return {
    ruleId: severity,
    level: levels[severity],
    partialFingerprints: { 'glmSkillFinding/v1': fingerprint({ severity, path, why }) },
    message: { text: edit ? `${old}${why} (suggested edit: ${edit})` : `${old}${why}` },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: path.split('/').map(encodeURIComponent).join('/') },
          // A removed line is nowhere in the file that is scanned, and no result is taken without a region.
          region: side ? { startLine: 1, endLine: 1 } : { startLine, endLine },
        },
      },
    ],
  };
}
